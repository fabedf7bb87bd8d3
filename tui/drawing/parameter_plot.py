"""The plot of the loss over one weight or bias."""

import numpy as np
from textual.strip import Strip

from gradstep.core.observation.parameter_line import ParameterLine
from gradstep.tui.drawing.palette import BLUE, DIM, GOOD, ORANGE, STRONG
from gradstep.tui.drawing.strips import flow_pieces, wrap_text
from gradstep.tui.drawing.valley_plot import LANDING, NOW, ValleyCurve, ValleyMark, draw_valley, find_loss_limits


def draw_parameter(line: ParameterLine, typed: float | None, width: int, height: int) -> list[Strip]:
    """Draw the loss over one parameter, with its tangent, the way downhill, and the typed value if there is one."""
    curves = [ValleyCurve(line.values, line.losses, STRONG)]
    ends = float(line.values[0]), float(line.values[-1])
    reach = np.array(ends)
    curves.append(ValleyCurve(reach, line.now + line.slope * (reach - line.value), ORANGE, dotted=True))
    typed_loss = None if typed is None else line.find_loss(typed)
    limits = find_loss_limits(line.losses, line.now, line.now if typed_loss is None else typed_loss)
    marks = [ValleyMark(line.value, line.now, NOW, BLUE)]
    legend = [(f"{NOW} now", BLUE)]
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
