"""The targets of a regression beside what the network predicts, in the units of the data."""

from collections.abc import Sequence

from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.palette import DIM, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.numbers import format_of_data

LEAST_NAME = 2
"""Cells of the shortest name, which gives way to the numbers."""


def draw_predicted_numbers(
    names: Sequence[str], target: Floats, predicted: Floats, width: int, height: int
) -> list[Strip]:
    """Draw the target and the prediction of each output (outputs,), a line each if they fit, else two.

    Outputs for which `height` has no room are counted on the last line.
    """
    blocks = [
        _draw_output(name, format_of_data(float(y)), format_of_data(float(output)), width)
        for name, y, output in zip(names, target, predicted, strict=True)
    ]
    fitting = height // max(map(len, blocks))
    shown = len(blocks) if len(blocks) <= fitting else max(1, (height - 1) // max(map(len, blocks)))
    strips = [strip for block in blocks[:shown] for strip in block]
    return [*strips, make_line((f"… {len(blocks) - shown} more", DIM))] if shown < len(blocks) else strips


def _draw_output(name: str, target: str, predicted: str, width: int) -> list[Strip]:
    """Draw the numbers with the name, shortened if need be; without it if nothing of it fits."""
    for word in ("predicted", "pred."):
        numbers: list[Piece] = [("target ", DIM), (target, STRONG), (f"  {word} ", DIM), (predicted, STRONG)]
        room = width - make_line(*numbers).cell_length
        if room > LEAST_NAME + 1:
            return [make_line((shorten(name, room - 2) + "  ", PLAIN), *numbers)]
        if room >= 0:
            return [make_line(*numbers)]
    return [
        make_line((f"{word} ", DIM), (number, STRONG)) for word, number in (("target", target), ("pred.", predicted))
    ]
