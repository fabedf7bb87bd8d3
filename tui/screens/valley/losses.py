"""The losses of a step in numbers: now, at the landing and at the lowest point, and those of the training part."""

import math

from rich.style import Style
from textual.strip import Strip

from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.observation.valley import Landing, StepLine
from gradstep.tui.drawing.palette import BLUE, DIM, GOOD, ORANGE, PLAIN
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import make_line, wrap_text
from gradstep.tui.drawing.valley_plot import LANDING, LOWEST, NOW
from gradstep.tui.numbers import LONGEST, format_beside, format_change, format_chosen, format_count, format_number
from gradstep.tui.screens.valley.plot import OF_ALL
from gradstep.tui.screens.valley.state import PartLine, ValleyView

NAME = 17
"""Cells of the names in a table of losses; a longer one makes the column wider."""

ABOUT_ZERO = "≈ 0"
"""Written for the loss of a lowest point that rounding does not tell from 0."""


def draw_losses(view: ValleyView, line: StepLine, landing: Landing, width: int) -> list[Strip]:
    """Draw the losses now, at the landing and at the lowest point, and the change that was promised and is real.

    They have as many decimals as it takes to compute the real change from them.
    """
    formula = spell_out(OPTIMIZERS[view.optimizer].predicted_change_formula)
    change = landing.real
    rows = [
        (f"{NOW} now", format_beside(line.now, change), "", BLUE),
        (f"{LANDING} at rate {format_chosen(view.rate)}", format_beside(landing.loss, -change), "", ORANGE),
        ("  promised", format_change(landing.promised, line.now, change), formula, PLAIN),
        ("  real change", format_change(change, line.now, change), "", PLAIN),
    ]
    if line.searched and line.lowest.inside:
        best = line.best_rate
        where = "behind the step" if best is None else f"at rate {format_searched(best)}"
        style = PLAIN if best is None else GOOD
        lowest = ABOUT_ZERO if line.touches_zero else format_beside(line.lowest.loss, change)
        rows.append((f"{LOWEST} lowest", lowest, where, style))
    longest = max(LONGEST, *(len(number) for _, number, _, _ in rows))
    column = max(NAME, *(len(name) + 1 for name, *_ in rows))
    return [
        _draw_row(width, name.ljust(column), number.rjust(longest), note, style) for name, number, note, style in rows
    ]


def draw_part(view: ValleyView, batch: int, width: int) -> list[Strip]:
    """Draw the loss of the training part before and after the step; nothing if the batch is all of it."""
    part = view.part_line
    if part is None or view.part_loss is None or batch >= part.total:
        return []
    change = view.part_loss - part.now
    now, after = format_beside(part.now, change), format_beside(view.part_loss, -change)
    longest = max(LONGEST, len(now), len(after))
    return [
        *wrap_text(f"{OF_ALL} The loss of {name_rows(part)}:", width, DIM, "  "),
        _draw_row(width, "  now".ljust(NAME), now.rjust(longest), "", PLAIN),
        _draw_row(width, "  after the step".ljust(NAME), after.rjust(longest), "", PLAIN),
    ]


def describe_part(view: ValleyView, landing: Landing) -> list[str]:
    """Say where the step lands for the training part, if that is another way than for the batch."""
    part = view.part_line
    if part is None or view.part_loss is None or not math.isfinite(view.part_loss):
        return []
    change = view.part_loss - part.now
    if landing.real < 0 < change:
        return [f"For {name_rows(part)} the loss rises: this step serves its batch alone."]
    return [f"For {name_rows(part)} the loss falls."] if change < 0 < landing.real else []


def name_rows(part: PartLine) -> str:
    """Name the rows whose mean loss is shown."""
    sample = "" if part.rows == part.total else f"{format_count(part.rows)} of "
    return f"{sample}all {format_count(part.total)} training rows"


def format_searched(rate: float) -> str:
    """Write a rate that was searched for, which is not known to more digits than these."""
    return format_chosen(float(f"{rate:.3g}"))


def draw_value(width: int, name: str, value: float, style: Style) -> Strip:
    """Draw a number with its name."""
    return _draw_row(width, name.ljust(NAME), format_number(value), "", style)


def draw_landing(width: int, rate: float, value: float, landing: float) -> Strip:
    """Draw the value that the step gives a parameter at this rate."""
    number = format_beside(landing, value - landing).rjust(len(format_number(value)))
    return _draw_row(width, "  after the step".ljust(NAME), number, f"at rate {format_chosen(rate)}", ORANGE)


def _draw_row(width: int, name: str, number: str, note: str, style: Style) -> Strip:
    """Draw a number with its name, and a note if there is room for it."""
    pieces = (name, style), (number, PLAIN)
    row = make_line(*pieces, (f"  {note}", DIM)) if note else make_line(*pieces)
    return row if row.cell_length <= width else make_line(*pieces)
