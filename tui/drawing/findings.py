"""The findings about the training, drawn below the lines of a panel."""

from textual.strip import Strip

from gradstep.core.observation.finding import Finding
from gradstep.tui.drawing.cells import count_cells, shorten
from gradstep.tui.drawing.palette import CAUTION, DIM, STRONG
from gradstep.tui.drawing.remedies import write_remedy
from gradstep.tui.drawing.strips import make_line, wrap_text
from gradstep.tui.numbers import typeset_minus

ROOMY = 24
"""Height of the panel, in lines, from which every finding is shown, not only the most important."""

WORDY = 9
"""Height of the panel, in lines, from which the evidence is shown as well."""

SIGN = "! "


def draw_findings(findings: tuple[Finding, ...], width: int, height: int, rests: bool = False) -> list[Strip]:
    """Draw the most important finding, or all: the problem, its evidence and the remedy. Nothing without a finding.

    `rests` says that the training does not run, and has to go on before a new learning rate shows.
    """
    shown = findings if height >= ROOMY else findings[:1]
    return [strip for finding in shown for strip in _draw_finding(finding, width, height, rests)]


def _draw_finding(finding: Finding, width: int, height: int, rests: bool) -> list[Strip]:
    if height < WORDY:
        return [make_line((SIGN + shorten(finding.problem, width - len(SIGN)), CAUTION))]
    number = typeset_minus(finding.evidence)
    if count_cells(SIGN + finding.problem + ": " + number) <= width:
        head = [make_line((SIGN + finding.problem, CAUTION), (": " + number, DIM))]
    else:
        evidence = wrap_text(number, width - len(SIGN), DIM)
        head = wrap_text(SIGN + finding.problem, width, CAUTION, " " * len(SIGN))
        head += [Strip([*make_line((" " * len(SIGN), DIM)), *strip]) for strip in evidence]
    return [*head, *wrap_text(" " * len(SIGN) + write_remedy(finding.remedy, rests), width, STRONG, " " * len(SIGN))]
