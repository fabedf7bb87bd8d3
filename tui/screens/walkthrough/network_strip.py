"""The network in three lines, for screens that have no room for its graph, with the image of the example."""

from textual.strip import Strip

from gradstep.core.notation import subscript
from gradstep.tui.drawing.cells import align_left, count_cells
from gradstep.tui.drawing.matrix_table import choose_visible_range
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN
from gradstep.tui.drawing.strips import Piece, join_blocks, longest_fitting, make_line
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.walkthrough.example import (
    draw_example_image,
    draw_inputs,
    find_outputs,
    measure_inputs,
)
from gradstep.tui.screens.walkthrough.graph import choose_values
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel

COLUMN, GAP = 13, 3
"""Cells of the narrowest layer, and between two layers."""

STRIP_HEIGHT, IMAGE_HEIGHT, IMAGE_WIDTH, INPUTS = 3, 4, 12, 20
"""Lines of the strip, lines of a strip with an image, the most cells of the image, and enough cells for inputs."""


class NetworkStrip(Panel[WalkView], can_focus=False):
    """Draws a column for each layer, or for those around the layer in focus. The layer of the micro-step is marked.

    Below its name stands the neuron in focus: with a in the forward pass, with δ in the backward pass. Below the input
    stands the input of the weight in focus. The third line names it, and has ŷ of the output in focus before and after
    the update. At the right stand the inputs if there is room, or with IMAGE_HEIGHT lines the image of the example.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        if view.dataset.image_shape is None:
            return self._draw_beside_inputs(view, width, height)
        image = draw_example_image(view, IMAGE_WIDTH, height, self.capabilities) if height >= IMAGE_HEIGHT else []
        room = width - max((strip.cell_length for strip in image), default=0)
        return join_blocks([self._draw_layers(view, room - 2), image], [room])

    def _draw_beside_inputs(self, view: WalkView, width: int, height: int) -> list[Strip]:
        """The layers, and the inputs at the right if there is room, else in the line below if there is one."""
        layers = self._draw_layers(view, width)
        taken = max(strip.cell_length for strip in layers) + GAP
        if width - taken < min(INPUTS, measure_inputs(view)):
            return [*layers, _list_inputs(view, width)][:height]
        return join_blocks([layers, draw_inputs(view, width - taken, height)], [taken])

    def _draw_layers(self, view: WalkView, width: int) -> list[Strip]:
        walk = view.walk
        layers, back = walk.update.layers, walk.step.phase in ("backward", "update")
        names = [f"input {walk.update.x.shape[1]}", *(f"{each.activation.name} {each.z.shape[1]}" for each in layers)]
        column = max(COLUMN, *map(count_cells, names))
        room = max(1, (width + GAP - 4) // (column + GAP))
        shown = choose_visible_range(len(names), room, walk.layer_number)
        below = [_describe_input(view), *(_describe_neuron(view, number, back) for number in range(1, len(names)))]
        arrow, hidden = "←" if back else "→", len(shown) < len(names)
        first: list[Piece] = [("… " if shown.start else "  " if hidden else "", DIM)]
        second: list[Piece] = [("  " if hidden else "", DIM)]
        for index in shown:
            marked = index == (walk.step.layer or None)
            if index > shown.start:
                first.append((f" {arrow} ", DIM))
                second.append((" " * GAP, DIM))
            pad = " " * (column - count_cells(names[index]))
            first += [(names[index], MARKED if marked else DIM), (pad, DIM)]
            second.append((align_left(below[index], column), PLAIN if marked else DIM))
        first.append((" …" if shown.stop < len(names) else "", DIM))
        indent = "  " if hidden else ""
        named = view.labels.of_input(walk.focus.weights[0]) if not shown.start else ""
        named = align_left(named, column) + " " * GAP if named else ""
        output = longest_fitting(_describe_output(view), width - len(indent) - count_cells(named))
        return [make_line(*first), make_line(*second), make_line((indent + named, DIM), (output, PLAIN))]


def _describe_input(view: WalkView) -> str:
    """The input that the weight in focus of the first layer reads."""
    focus, x = view.walk.focus, view.walk.update.x
    index = focus.weights[0]
    return "bias" if index >= x.shape[1] else f"x{subscript(index)} {format_number(float(x[focus.example, index]), 0)}"


def _list_inputs(view: WalkView, width: int) -> Strip:
    """The inputs one after the other, as many as fit."""
    x = view.walk.update.x[view.walk.focus.example]
    parts = [f"x{subscript(index)} {format_number(float(value), 0)}" for index, value in enumerate(x[:width])]
    forms = ["  ".join(parts[:count]) + " …" * (count < len(x)) for count in range(len(parts), 0, -1)]
    return make_line((longest_fitting(forms, width), DIM))


def _describe_output(view: WalkView) -> list[str]:
    """ŷ of the output in focus before and after the update, and its target; the longest form first."""
    walk = view.walk
    j = walk.focus.neurons[-1]
    before, after = (format_number(None if each is None else float(each[j]), 0) for each in find_outputs(view))
    name = view.labels.of_output(j)
    unit = f"n{j + 1} {name}: ŷ" if name else f"ŷ of output {j + 1}:"
    target = format_number(float(walk.update.y[walk.focus.example, j]), 0)
    change = f"{before} → {after}"
    return [f"{unit} {change}, target {target}", f"ŷ {change}, target {target}", f"ŷ {change}"]


def _describe_neuron(view: WalkView, layer_number: int, back: bool) -> str:
    """The neuron in focus of a layer, and its a or δ, if it is computed."""
    neuron, values = view.walk.focus.neurons[layer_number - 1], choose_values(view, layer_number, back)
    value = format_number(None if values is None else float(values[neuron]), 0)
    return f"n{neuron + 1} {'δ' if back else 'a'} {value}"
