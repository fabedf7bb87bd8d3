"""The values so far: for each layer the numbers in focus, with a dash for those not computed yet."""

from textual.strip import Strip

from gradstep.core.notation import number
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import NOT_COMPUTED
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel

ROWS = (
    ("z", "z", "pre-activation"),
    ("a", "a", "activation"),
    ("δ", "δ", "∂E/∂z"),
    ("∂", "∂E/∂w", "gradient of this example"),
    ("mean", "g", "mean gradient of the batch"),
    ("new", "new w", "w after the update"),
)
LOSS_ROWS = (("E", "loss", "again", "loss of this example"), ("L", "mean", "check", "loss of the batch"))
"""Name, micro-steps that compute it before and after the update, and words."""

NAME, CELL = 8, 14
"""Cells of the names, and of a column: a blank and the longest number, −1.23457e−300."""


class ValuesSoFar(Panel[WalkView], can_focus=False):
    """Draws a column for each layer and a row for each quantity. The current number is marked."""

    BORDER_TITLE = "so far"

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        walk = view.walk
        count = len(walk.update.layers)
        shown = min(count, max(1, (width - NAME) // CELL))
        first = min(max(0, walk.layer_number - 1 - shown // 2), count - shown) + 1
        layer_numbers = range(first, first + shown)
        titles = [(f"layer {layer_number}".rjust(CELL), DIM) for layer_number in layer_numbers]
        strips = [make_line((" " * NAME, DIM), *titles)]
        strips.append(_draw_old_weights(view, layer_numbers))
        for key, name, meaning in ROWS:
            words = spell_out(meaning)
            pieces: list[Piece] = [(spell_out(name).ljust(NAME), STRONG)]
            for layer_number in layer_numbers:
                pieces += self._draw_cell(view, f"{key} {layer_number}")
            strips.append(
                make_line(*pieces, ("  " + words if NAME + CELL * shown + len(words) + 2 <= width else "", DIM))
            )
        for name, key, key_after, words in LOSS_ROWS:
            after = walk.result_of(key_after)
            forms = [f"  {words}", "  loss"]
            if after is not None and not (view.hidden and walk.step.key == key_after):
                forms = [*(f"{form}, now {number(after)}" for form in forms), f" → {number(after)}"]
            pieces = [(name.ljust(NAME), STRONG), *self._draw_cell(view, key)]
            strips.append(make_line(*pieces, (longest_fitting(forms, width - NAME - CELL), DIM)))
        return strips

    def _draw_cell(self, view: WalkView, key: str) -> list[Piece]:
        value = view.walk.result_of(key)
        current = view.walk.step.key == key
        text = NOT_COMPUTED if value is None else "?" if current and view.hidden else number(value)
        return [(" " * (CELL - len(text)), PLAIN), (text, MARKED if current else DIM if value is None else PLAIN)]


def _draw_old_weights(view: WalkView, layer_numbers: range) -> Strip:
    focus = view.walk.focus
    pieces: list[Piece] = [("w".ljust(NAME), STRONG)]
    for layer_number in layer_numbers:
        index = layer_number - 1
        value = view.walk.update.layers[index].old[focus.neurons[index], focus.weights[index]]
        pieces.append((number(value).rjust(CELL), PLAIN))
    return make_line(*pieces)
