"""The batch as a table: the gradient of each example for the weight in focus, and their mean."""

from collections.abc import Callable

import numpy as np
from textual.strip import Strip

from gradstep.core.ledger.backward import describe_request, example_gradient
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import number
from gradstep.tui.drawing.cells import align_left, align_right, count_cells
from gradstep.tui.drawing.matrix_table import choose_visible_range
from gradstep.tui.drawing.palette import CAUTION, DIM, MARKED, PLAIN, STRONG, signed_style
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.numbers import NOT_COMPUTED, draw_bar, format_number
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel

BAR, NUMBER = 12, 13
"""Cells of the longest bar, and of the longest number, −1.23457e−300."""

LONGEST_TARGET, MOST_TARGETS = 24, 2
"""Cells of the longest target, and how many targets of one example are written."""

GAP = -1
"""Stands among the shown examples for those that are left out between the largest and the chosen one."""

NARROW, NARROWEST = 60, 46
"""The widths in cells from which on the losses, and what each example asks for, have columns."""


class BatchTable(Panel[WalkView], can_focus=False):
    """Draws a row for each example: its target, its loss, its gradient ∂E/∂w, and the direction of −∂E/∂w.

    Once the gradients are computed, the largest come first, whatever their sign: they weigh most in the mean. The
    largest stay where they are: a chosen example that is not among those that fit has the last row. The means stand
    below. A number that is not computed yet, or that is asked, is a dash.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        walk = view.walk
        update, layer_number, focus = walk.update, walk.layer_number, walk.focus
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        gradients = example_gradient(update.layers[layer_number - 1], j, k)
        largest = float(np.abs(gradients).max()) or 1.0
        targets = _list_targets(view)
        row = _make_row_writer(width, max(map(count_cells, ["target", *targets])))
        room = width - len(row("", "", "", "", ""))
        points = _list_points(view, room)
        column = max(map(count_cells, points), default=0)
        length = max(0, min(BAR, room - column - 1))
        strips = [make_line((self._title(view, width), STRONG))]
        head = row("example", "target", "loss", "gradient", "asks for")
        strips.append(make_line((head + align_right("x" if points else "", column), DIM)))
        loss, gradient = _make_number_writer(view, "loss"), _make_number_writer(view, f"∂ {layer_number}")
        room = height - len(strips) - 1
        if update.batch > room or _explain_dashes(view):
            room -= 1
        computed = _are_shown(view, f"∂ {layer_number}")
        choose = _choose_largest if computed else _choose_around
        shown = choose(gradients, max(1, room), focus.example)
        for i in shown:
            if i == GAP:
                strips.append(make_line((row("…", "", "", "", ""), DIM)))
                continue
            value = float(gradients[i])
            request = describe_request(value) if computed else ""
            text = row(f"{i + 1}", targets[i], loss(update.losses[i]), gradient(value), request)
            style = MARKED if i == focus.example else PLAIN
            drawn = " " + draw_bar(abs(value) / largest, length) if computed and length else ""
            point = align_right(points[i], column) if points else ""
            strips.append(make_line((text + point, style), (drawn, signed_style(value))))
        mean_loss, mean = _make_number_writer(view, "mean"), _make_number_writer(view, f"mean {layer_number}")
        of_mean = float(update.layers[layer_number - 1].data_gradient[j, k])
        asked = describe_request(of_mean) if _are_shown(view, f"mean {layer_number}") else ""
        strips.append(make_line((row("mean", "", mean_loss(update.loss), mean(of_mean), asked), STRONG)))
        if foot := _list_foot_forms(view, update.batch - len(shown) + shown.count(GAP)):
            strips.append(
                next((form for form in map(_draw_foot, foot) if form.cell_length <= width), _draw_foot(foot[-1]))
            )
        return strips

    def _title(self, view: WalkView, width: int) -> str:
        walk = view.walk
        layer_number = walk.layer_number
        weight = walk.focus.weights[layer_number - 1]
        bias = weight == walk.update.layers[layer_number - 1].inputs.shape[1]
        short = what = "the bias" if bias else f"weight {weight + 1}"
        j = walk.focus.neurons[layer_number - 1]
        output = view.labels.of_neuron(layer_number, j)
        neuron = f"neuron {j + 1}{f' ({output})' if output else ''}, layer {layer_number}"
        name = view.labels.of_input(weight) if layer_number == 1 else ""
        what += f" ({name})" if name else ""
        forms = [f"Gradient of each example: {what} of {neuron}", f"{what}, {neuron}"]
        if _are_shown(view, f"∂ {layer_number}"):
            first = [f"{forms[0]}, the largest first", f"Gradients, the largest first: {what}, {neuron}"]
            forms = [*first, *(f"the largest first: {each}, {neuron}" for each in (what, short)), *forms[1:]]
        return longest_fitting(forms, width)


def _list_targets(view: WalkView) -> list[str]:
    """The class of each example, or its target; of several targets the first ones."""
    y, names = view.walk.update.y, view.dataset.class_names
    if names:
        classes = y.argmax(axis=1) if y.shape[1] == len(names) else y[:, 0] > 0
        return [names[int(index)] for index in classes]
    more = ", …" if y.shape[1] > MOST_TARGETS else ""
    return [", ".join(format_number(value, 0) for value in row[:MOST_TARGETS]) + more for row in y.tolist()]


def _list_points(view: WalkView, room: int) -> list[str]:
    """The inputs of each example, if there are at most two and they fit in so many cells; else an empty list."""
    x = view.walk.update.x
    points = (
        ["  " + ", ".join(format_number(value, 0) for value in row) for row in x.tolist()] if x.shape[1] <= 2 else []
    )
    return points if max(map(len, points), default=0) <= room else []


def _explain_dashes(view: WalkView) -> tuple[str, ...]:
    """When the missing numbers are computed, the longest form first; empty if none is missing."""
    walk = view.walk
    if walk.result_of(f"∂ {walk.layer_number}") is None:
        if walk.step.phase == "backward":
            when = "comes when the backward pass is in this layer"
            return f"not computed yet: {when}", when, "comes later in this pass"
        return "not computed yet: comes with the backward pass", "comes with the backward pass"
    if walk.result_of(f"mean {walk.layer_number}") is None:
        if view.checked is not None:
            return "no mean yet: comes with the update; g has it above", "comes with the update; g has it"
        return "no mean yet: comes with the update", "comes with the update"
    return ("shown once you have answered", "asked now") if view.hidden else ()


Foot = tuple[str, str]
"""How many examples are not shown, and why numbers are missing; each may be empty."""


def _list_foot_forms(view: WalkView, hidden: int) -> list[Foot]:
    """The line below the means, the longest form first; an empty list if there is nothing to say."""
    dashes = [f"{NOT_COMPUTED} {text}" for text in _explain_dashes(view)]
    if hidden <= 0:
        return [("", text) for text in dashes]
    on, back = name_key("walk_next"), name_key("walk_previous")
    more = [
        f"… {hidden} more examples, {on} and {back} go through them",
        f"… {hidden} more examples: {on}, {back}",
        f"… {hidden} more: {on}, {back}",
    ]
    return [(first, text) for text in dashes or [""] for first in more] + [("", text) for text in dashes[-1:]]


def _draw_foot(foot: Foot) -> Strip:
    """Draw the line below the means."""
    more, dashes = foot
    return make_line((more + "  " * bool(more and dashes), DIM), (dashes, CAUTION))


def _choose_largest(gradients: Floats, room: int, chosen: int) -> list[int]:
    """Return the examples for so many rows, those with the largest gradient first, whatever its sign.

    If the chosen one is not among them it has the last row, after a gap, for which there is a row of three or more.
    """
    order: list[int] = np.argsort(-np.abs(gradients), kind="stable").tolist()
    if chosen in order[:room]:
        return order[:room]
    return [*order[: room - 2], GAP, chosen] if room > 2 else [*order[: room - 1], chosen]


def _choose_around(gradients: Floats, room: int, chosen: int) -> list[int]:
    """Return the examples for so many rows in their order in the batch, with the chosen one among them."""
    return list(choose_visible_range(len(gradients), room, chosen))


def _are_shown(view: WalkView, key: str) -> bool:
    """Whether the numbers of a micro-step are reached, and not asked."""
    return view.walk.result_of(key) is not None and not (view.hidden and view.walk.step.key == key)


def _make_number_writer(view: WalkView, key: str) -> Callable[[float], str]:
    """Return a function that writes a number of a micro-step, or a dash if it is not reached yet or is asked."""
    return number if _are_shown(view, key) else lambda _: NOT_COMPUTED


def _make_row_writer(width: int, longest: int) -> Callable[[str, str, str, str, str], str]:
    """Return a function that writes a row. A target takes up to `longest` cells; a narrow table has no losses.

    In the narrowest the sign of the gradient alone tells what the example asks for.
    """
    with_loss, with_request = width >= NARROW, width >= NARROWEST

    def row(example: str, target: str, loss: str, gradient: str, request: str) -> str:
        loss = f" {loss:>{NUMBER}}" if with_loss else ""
        request = f"  {request:<9}" if with_request else ""
        return f"{example:>7}  {align_left(target, room)}{loss} {gradient:>{NUMBER}}{request}"

    room = 0
    room = max(2, min(LONGEST_TARGET, longest, width - len(row("", "", "", "", ""))))
    return row
