"""The lines above the loss plot: the newest scores, and what is marked on the plot."""

import math
from collections.abc import Iterable

import numpy as np
from textual.strip import Strip

from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.parts import PartName
from gradstep.tui.drawing.loss_curves import Peak, find_lowest
from gradstep.tui.drawing.loss_plot import find_markers
from gradstep.tui.drawing.palette import DIM, PLAIN, TEST, TRAINING, make_style
from gradstep.tui.drawing.strips import Piece, flow_pieces, make_line
from gradstep.tui.numbers import format_chosen, format_count, format_number, format_share
from gradstep.tui.terminal.capabilities import TerminalCapabilities

TRAINING_STYLE, TEST_STYLE = make_style(TRAINING), make_style(TEST)


def find_marks(capabilities: TerminalCapabilities) -> tuple[str, str]:
    """Return how the curves of the training loss and of the watched loss are marked in the headline."""
    markers = find_markers(capabilities)
    return ("━", "━") if markers["training"] == markers["test"] else ("⠒", markers["test"])


def is_outdated(snapshot: Snapshot) -> bool:
    """Whether the newest score of the watched part is of an earlier step than the training loss."""
    steps = snapshot.watched_scores.step
    return len(steps) > 0 and int(steps[-1]) < snapshot.step


def draw_headline(snapshot: Snapshot, width: int, capabilities: TerminalCapabilities, with_step: bool) -> Strip:
    """Draw the newest losses and the accuracy on the watched part in the longest form that fits.

    `with_step` demands the step of that score if it is outdated. Where there is no room for it, the score is left
    out.
    """
    scores = snapshot.watched_scores
    if not len(scores.step):
        forms = [_write_scores(snapshot, capabilities, *form, "") for form in FORMS]
        told = [[*forms[0], (f"  {when}", DIM)] for when in WHEN_MEASURED] if snapshot.step else []
        return _choose_fitting([*told, *forms], width)
    step = f"at {format_count(int(scores.step[-1]))}" if with_step and is_outdated(snapshot) else ""
    forms = [_write_scores(snapshot, capabilities, *form, step) for form in (LONGEST_FORM, *FORMS)]
    return _choose_fitting([*forms, _write_training(capabilities, "", snapshot, 0)], width)


LONGEST_FORM = "training, newest batch", "{}", 8, "  {} accuracy "
FORMS: tuple[tuple[str, str, int, str], ...] = (
    ("training", "{}", 8, "  {} accuracy "),
    ("training", "{}", 8, "  ✓ "),
    ("train", "{}", 8, " ✓ "),
    ("train", "{}", 0, " ✓ "),
    ("training", "{}", 8, ""),
    ("train", "{}", 8, ""),
    ("train", "{}", 0, ""),
    ("", "", 0, ""),
)
"""The words for both losses, the cells of each number, and the word for the accuracy, which is left out without one.

{} is the watched part.
"""

WHEN_MEASURED = ("the newest batch, before its step", "before its step")
"""What the training loss is of, where no other score has the room: the output panel has the loss after the step."""

SHORT_NAMES: dict[PartName, str] = {"validation": "val", "test": "test", "training": "train"}
"""The name of a part beside "train"."""


def _write_training(capabilities: TerminalCapabilities, word: str, snapshot: Snapshot, cells: int) -> list[Piece]:
    number = format_number(snapshot.batch_loss, cells)
    return [
        (f"{find_marks(capabilities)[0]} ", TRAINING_STYLE),
        (word, DIM),
        ("" if cells or not word else " ", DIM),
        (number, PLAIN),
    ]


def _write_scores(
    snapshot: Snapshot,
    capabilities: TerminalCapabilities,
    training: str,
    watched: str,
    cells: int,
    accuracy_word: str,
    step: str,
) -> list[Piece]:
    scores = snapshot.watched_scores
    pieces = _write_training(capabilities, training, snapshot, cells)
    if not len(scores.step):
        return pieces
    wide = training == "training"
    part = snapshot.watched_part if wide else SHORT_NAMES[snapshot.watched_part]
    watched, accuracy_word = watched.format(part), accuracy_word.format(part)
    pieces += [
        (f"{'  ' if wide else ' '}{find_marks(capabilities)[1]} ", TEST_STYLE),
        (watched, DIM),
        ("" if cells or not watched else " ", DIM),
        (format_number(float(scores.loss[-1]), cells), PLAIN),
    ]
    accuracy = float(scores.accuracy[-1])
    if accuracy_word and not math.isnan(accuracy):
        pieces += [(accuracy_word, DIM), (format_share(accuracy, 1), PLAIN)]
    return [*pieces, (f" {step}" if step else "", DIM)]


def _choose_fitting(forms: Iterable[list[Piece]], width: int) -> Strip:
    """Return the first form that fits; an empty line if none does."""
    return next((line for line in (make_line(*form) for form in forms) if line.cell_length <= width), Strip([]))


def draw_legend(snapshot: Snapshot, peak: Peak | None, width: int, dated: bool = False, beside: str = "") -> Strip:
    """Draw the step of an outdated score, the loss above the plot, and the lowest watched loss, as many as fit.

    A `dated` plot, which the training is ahead of, has the step that it goes to. `beside` is the name of the saved run
    whose curve is drawn too, empty for none.
    """
    scores, part, short = snapshot.watched_scores, snapshot.watched_part, SHORT_NAMES[snapshot.watched_part]
    entries: list[tuple[str, str, str]] = []
    if beside:
        entries.append((f"~ {beside}", f"~ {beside}", "~ beside"))
    if dated:
        step = format_count(snapshot.step)
        entries.append((f"up to step {step}", f"to {step}", f"to {step}"))
    if is_outdated(snapshot):
        step = format_count(int(scores.step[-1]))
        entries.append((f"{part} score at step {step}", f"{short} at {step}", f"{short} at {step}"))
    if peak is not None:
        loss, step = format_number(peak.loss, 0), format_count(peak.step)
        entries.append((f"▲ off the axis: {loss} at step {step}", f"▲ {loss} at {step}", f"▲ {loss} at {step}"))
    if (lowest := find_lowest(snapshot)) is not None:
        loss, step = format_number(lowest.loss, 0), format_count(lowest.step)
        entries.append(
            (f"◆ lowest {part} loss {loss} at step {step}", f"◆ lowest {loss} at {step}", f"◆ {loss} at {step}")
        )
    for count in range(len(entries), 0, -1):
        for form in range(3):
            text = "  ".join(entry[form] for entry in entries[:count])
            if len(text) <= width:
                return make_line((text, DIM))
    return Strip([])


def draw_readings(snapshot: Snapshot, step: int, width: int) -> list[Strip]:
    """Draw the values at a step: the training loss, the newest score of the watched part, and the learning rate."""
    curve, scores = snapshot.loss_curve, snapshot.watched_scores
    bucket = int(np.searchsorted(curve.step, step))
    first, last = int(curve.step[bucket - 1]) + 1 if bucket else 1, int(curve.step[bucket])
    mean = f" (mean of {format_count(first)}–{format_count(last)})" if first < last else ""
    parts = [f"│ step {format_count(step)}", f"training {format_number(float(curve.mean[bucket]), 0)}{mean}"]
    index = int(np.searchsorted(scores.step, step, "right")) - 1
    if index >= 0:
        accuracy = float(scores.accuracy[index])
        right = "" if math.isnan(accuracy) else f", accuracy {format_share(accuracy, 1)}"
        at = "" if scores.step[index] == step else f" at {format_count(int(scores.step[index]))}"
        parts.append(f"{snapshot.watched_part} {format_number(float(scores.loss[index]), 0)}{right}{at}")
    # the update that makes a step uses the rate set before it
    rate = next(rate for changed, rate in reversed(snapshot.rate_changes) if changed < step)
    parts.append(f"rate {format_chosen(rate)}")
    return flow_pieces(width, (parts[0], PLAIN), *((f"  {part}", PLAIN) for part in parts[1:]))


def draw_rate_changes(snapshot: Snapshot, width: int) -> list[Strip]:
    """Draw the newest changes of the learning rate, as many as fit."""
    texts = [f"{format_chosen(rate)} at {format_count(step)}" for step, rate in snapshot.rate_changes[1:]]
    while texts and len("  ".join(texts)) + len("┊ rate ") > width:
        texts.pop(0)
    return [make_line(("┊ rate ", DIM), ("  ".join(texts), PLAIN))] if texts else []
