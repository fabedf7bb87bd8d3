"""The batch as a table: the gradient of each example for the weight in focus, and their mean."""

from collections.abc import Callable

import numpy as np
from textual.strip import Strip

from gradstep.core.ledger.backward import describe_request, example_gradient
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import number
from gradstep.tui.drawing.cells import align_left, count_cells
from gradstep.tui.drawing.matrix_table import choose_visible_range
from gradstep.tui.drawing.palette import BLUE, CAUTION, DIM, MARKED, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.numbers import NOT_COMPUTED, draw_bar
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel

BAR, NUMBER = 12, 13
"""Cells of the longest bar, and of the longest number, −1.23457e−300."""

LONGEST_TARGET = 24
NARROW = 60


class BatchTable(Panel[WalkView], can_focus=False):
    """Draws a row for each example: its target, its loss, its gradient ∂E/∂w, and the direction of −∂E/∂w.

    Once the gradients are computed, the largest come first, whatever their sign: they weigh most in the mean. The means
    stand below. A number that is not computed yet, or that is asked, is a dash.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        walk = view.walk
        update, layer_number, focus = walk.update, walk.layer_number, walk.focus
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        gradients = example_gradient(update.layers[layer_number - 1], j, k)
        largest = float(np.abs(gradients).max()) or 1.0
        targets = [self._describe_example(view, i) for i in range(update.batch)]
        row = _make_row_writer(width, max(map(count_cells, ["target", *targets])))
        taken = len(row("", "", "", "", "")) + 1
        length = max(0, min(BAR, width - taken))
        strips = [make_line((self._title(view, width), STRONG))]
        strips.append(make_line((row("example", "target", "loss", "gradient", "asks for"), DIM)))
        loss, gradient = _make_number_writer(view, "loss"), _make_number_writer(view, f"∂ {layer_number}")
        ahead = _draw_missing_note(view, width)
        room = height - len(strips) - len(ahead) - 1
        if update.batch > room:
            room -= 1
        computed = _are_shown(view, f"∂ {layer_number}")
        order = _sort_by_size(gradients) if computed else list(range(update.batch))
        for row_number in choose_visible_range(update.batch, room, order.index(focus.example)):
            i = order[row_number]
            value = float(gradients[i])
            request = describe_request(value) if computed else ""
            text = row(f"{i + 1}", targets[i], loss(update.losses[i]), gradient(value), request)
            style = MARKED if i == focus.example else PLAIN
            drawn = " " + draw_bar(abs(value) / largest, length) if computed and length else ""
            strips.append(make_line((text, style), (drawn, ORANGE if value < 0 else BLUE)))
        mean_loss, mean = _make_number_writer(view, "mean"), _make_number_writer(view, f"mean {layer_number}")
        means = mean_loss(update.loss), mean(update.layers[layer_number - 1].data_gradient[j, k])
        strips.append(make_line((row("mean", "", *means, ""), STRONG)))
        if update.batch > room:
            more = f"… {update.batch} examples in all"
            strips.append(
                make_line((longest_fitting([f"{more}, n and p go through them", f"{more}: n, p"], width), DIM))
            )
        strips += ahead
        return strips

    def _title(self, view: WalkView, width: int) -> str:
        walk = view.walk
        layer_number = walk.layer_number
        weight = walk.focus.weights[layer_number - 1]
        bias = weight == walk.update.layers[layer_number - 1].inputs.shape[1]
        short = what = "the bias" if bias else f"weight {weight + 1}"
        neuron = f"neuron {walk.focus.neurons[layer_number - 1] + 1}, layer {layer_number}"
        name = view.labels.of_input(weight) if layer_number == 1 else ""
        what += f" ({name})" if name else ""
        forms = [f"Gradient of each example: {what} of {neuron}", f"{what}, {neuron}"]
        if _are_shown(view, f"∂ {layer_number}"):
            first = [f"{forms[0]}, the largest first", f"Gradients, the largest first: {what}, {neuron}"]
            forms = [*first, *(f"the largest first: {each}, {neuron}" for each in (what, short)), *forms[1:]]
        return longest_fitting(forms, width)

    def _describe_example(self, view: WalkView, i: int) -> str:
        """The inputs of the example, if there are at most two, and its target."""
        update, names = view.walk.update, view.dataset.class_names
        point = f"({', '.join(number(x) for x in update.x[i])}) " if update.x.shape[1] <= 2 else ""
        if names and update.y.shape[1] == len(names):
            return point + names[int(np.argmax(update.y[i]))]
        if names:
            return point + names[int(update.y[i, 0] > 0)]
        return point + ", ".join(number(y) for y in update.y[i][:2])


def _draw_missing_note(view: WalkView, width: int) -> list[Strip]:
    """A note on when the missing numbers are computed; empty if none is missing."""
    walk = view.walk
    if walk.result_of(f"∂ {walk.layer_number}") is None:
        forms = "not computed yet: comes with the backward pass", "comes with the backward pass"
    elif walk.result_of(f"mean {walk.layer_number}") is None:
        forms = "no mean yet: comes with the update", "comes with the update"
    elif view.hidden:
        forms = "shown once you have answered", "asked now"
    else:
        return []
    return [make_line((longest_fitting([f"{NOT_COMPUTED} {form}" for form in forms], width), CAUTION))]


def _sort_by_size(gradients: Floats) -> list[int]:
    """Return the indices of the examples, those with the largest gradient first, whatever its sign."""
    order: list[int] = np.argsort(-np.abs(gradients), kind="stable").tolist()
    return order


def _are_shown(view: WalkView, key: str) -> bool:
    """Whether the numbers of a micro-step are reached, and not asked."""
    return view.walk.result_of(key) is not None and not (view.hidden and view.walk.step.key == key)


def _make_number_writer(view: WalkView, key: str) -> Callable[[float], str]:
    """Return a function that writes a number of a micro-step, or a dash if it is not reached yet or is asked."""
    return number if _are_shown(view, key) else lambda _: NOT_COMPUTED


def _make_row_writer(width: int, longest: int) -> Callable[[str, str, str, str, str], str]:
    """Return a function that writes a row. A target takes up to `longest` cells; a narrow table has no losses."""
    with_loss = width >= NARROW

    def row(example: str, target: str, loss: str, gradient: str, request: str) -> str:
        loss = f" {loss:>{NUMBER}}" if with_loss else ""
        return f"{example:>7}  {align_left(target, room)}{loss} {gradient:>{NUMBER}}  {request:<9}"

    room = 0
    room = max(2, min(LONGEST_TARGET, longest, width - len(row("", "", "", "", ""))))
    return row
