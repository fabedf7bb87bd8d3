"""The heaviest weights of each layer by name: from which feature or neuron to which neuron or class."""

from collections.abc import Sequence

import numpy as np
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.palette import DIM, PLAIN, signed_style
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.drawing.unit_names import name_unit
from gradstep.tui.numbers import format_number

MOST = 8
"""More weights of a layer fit on no screen."""


def draw_heaviest_weights(
    weights: Sequence[Floats], features: Sequence[str], classes: Sequence[str], width: int, height: int
) -> list[Strip]:
    """Draw a line for each layer, the last first, with as many of its heaviest weights as fit whole.

    `weights` are those of each layer (neurons, inputs). Without a name an input is x₁, an output ŷ₁, a neuron n1.
    """
    strips = []
    for layer_number in range(len(weights), 0, -1):
        sources = features if layer_number == 1 else ()
        targets = classes if layer_number == len(weights) else ()
        letters = "x" if layer_number == 1 else "n", "ŷ" if layer_number == len(weights) else "n"
        line: list[Piece] = [(f"heaviest of layer {layer_number}", PLAIN)]
        for to, origin in _find_heaviest(weights[layer_number - 1]):
            value = float(weights[layer_number - 1][to, origin])
            names = name_unit(sources, origin, letters[0]), name_unit(targets, to, letters[1])
            more: list[Piece] = [
                (f"  {names[0]}→{names[1]} ", DIM),
                (("+" if value > 0 else "") + format_number(value, 0), signed_style(value)),
            ]
            if make_line(*line, *more).cell_length > width:
                break
            line += more
        strips.append(make_line(*line))
    return strips[:height]


def _find_heaviest(weights: Floats) -> list[tuple[int, int]]:
    """Return (neuron, input) of the largest weights by size, the largest first."""
    sizes = np.abs(weights).ravel()
    count = min(MOST, sizes.size)
    # to sort all of a large layer would hold up the keys
    heavy = np.flatnonzero(sizes >= np.partition(sizes, -count)[-count])
    order = heavy[np.argsort(-sizes[heavy], kind="stable")[:count]]
    return [(int(index) // weights.shape[1], int(index) % weights.shape[1]) for index in order]
