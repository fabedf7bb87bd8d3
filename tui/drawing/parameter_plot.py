"""The plot of the loss over one weight or bias."""

import numpy as np
from textual.strip import Strip

from gradstep.core.observation.parameter_line import ParameterLine
from gradstep.tui.drawing.function_plot import LABEL, find_column
from gradstep.tui.drawing.palette import BLUE, DIM, GOOD, ORANGE, STRONG
from gradstep.tui.drawing.strips import flow_pieces, wrap_text
from gradstep.tui.drawing.valley_plot import ABOVE, LANDING, NOW, ValleyCurve, ValleyMark, draw_valley, find_loss_limits

OFF_LEFT, OFF_RIGHT = "←", "→"
"""The signs of a landing beyond the ends of the plot."""


def draw_parameter(
    line: ParameterLine, typed: float | None, width: int, height: int, landing: float | None = None
) -> list[Strip]:
    """Draw the loss over one parameter, with its tangent and the way downhill.

    The typed value and the value that the step gives, the `landing`, are marked if there are any.
    """
    curves = [ValleyCurve(line.values, line.losses, STRONG)]
    ends = float(line.values[0]), float(line.values[-1])
    reach = np.array(ends)
    curves.append(ValleyCurve(reach, line.now + line.slope * (reach - line.value), ORANGE, dotted=True))
    typed_loss = None if typed is None else line.find_loss(typed)
    limits = find_loss_limits(line.losses, line.now, line.now if typed_loss is None else typed_loss)
    marks = [ValleyMark(line.value, line.now, NOW, BLUE)]
    legend = [(f"{NOW} now", BLUE)]
    if landing is not None and np.isfinite(landing) and landing != line.value:
        if find_column(landing, ends, width - LABEL) == find_column(line.value, ends, width - LABEL):
            legend = [(f"{NOW} now, and after the step", BLUE)]
        else:
            mark, words = _mark_landing(line, landing, limits[1])
            marks.insert(0, mark)
            legend.append((f"  {words}", ORANGE))
    if typed is not None and typed_loss is not None:
        marks.append(ValleyMark(typed, typed_loss, LANDING, ORANGE))
        legend.append((f"  {LANDING} the new value", ORANGE))
    legend += [("  ━ loss of the batch", STRONG), ("  ┄ tangent", ORANGE)]
    if line.slope:
        legend.append((f"  downhill {'→' if line.slope < 0 else '←'}", GOOD))
    if ends[0] < 0 < ends[1]:
        legend.append(("  ┆ 0", DIM))
    head = flow_pieces(width, *legend)
    drawn = draw_valley(curves, marks, ends, limits, width, height - len(head) - 1)
    kind = "bias" if line.parameter.source is None else "weight"
    return [*head, *drawn, *(wrap_text(f"value of the {kind}".rjust(width), width, DIM) if drawn else [])]


def _mark_landing(line: ParameterLine, landing: float, highest: float) -> tuple[ValleyMark, str]:
    """Return the mark of the value that the step gives, and what it means; beyond an end it is an arrow there."""
    if not line.reaches(landing):
        sign, end = (OFF_LEFT, line.values[0]) if landing < line.value else (OFF_RIGHT, line.values[-1])
        return ValleyMark(float(end), line.now, sign, ORANGE), f"{sign} after the step, off the plot"
    loss = line.find_loss(landing)
    above = not loss <= highest
    words = f"{ABOVE} after the step, above the plot" if above else f"{LANDING} after the step"
    return ValleyMark(landing, loss, LANDING, ORANGE), words
