"""What is wrong with the training, at the foot of a panel."""

from textual.strip import Strip

from gradstep.core.observation.findings import Finding
from gradstep.tui.drawing.palette import DIM, ORANGE, STRONG
from gradstep.tui.drawing.strips import line, shortened, wrapped

ROOMY = 24
"""Lines of the panel from which on every finding is told, not only the most important."""

WORDY = 9
"""Lines from which on the number that says so is told too."""

SIGN = "! "


def diagnosis_lines(findings: tuple[Finding, ...], width: int, height: int) -> list[Strip]:
    """The most important finding: what it is, the number that says so, and what to try; nothing if all is well."""
    told = findings if height >= ROOMY else findings[:1]
    return [strip for finding in told for strip in _told(finding, width, height)]


def _told(finding: Finding, width: int, height: int) -> list[Strip]:
    if height < WORDY:
        return [line((SIGN + shortened(finding.what, width - len(SIGN)), ORANGE))]
    sentence = f"{SIGN}{finding.what}: {finding.number}"
    if len(sentence) <= width:
        head = [line((SIGN + finding.what, ORANGE), (": " + finding.number, DIM))]
    else:
        head = [line((SIGN + shortened(finding.what, width - len(SIGN)), ORANGE))]
        head += wrapped(finding.number, width - len(SIGN), DIM)
        head[1:] = [Strip([*line((" " * len(SIGN), DIM)), *strip]) for strip in head[1:]]
    return [*head, *wrapped(" " * len(SIGN) + finding.advice, width, STRONG, " " * len(SIGN))]
