"""The example in focus: its image or its inputs, and what the network makes of it before and after the update."""

from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.notation import subscript
from gradstep.tui.drawing.cells import align_left, count_cells
from gradstep.tui.drawing.image import draw_image
from gradstep.tui.drawing.matrix_table import choose_visible_range
from gradstep.tui.drawing.palette import DIM, GOOD, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, join_blocks, longest_fitting, make_line
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.panel import Panel

NUMBER, LONGEST_NAME = 10, 16
"""Cells of a number with the blanks before it, and of the longest name."""

MOST_INPUTS, MOST_OUTPUTS = 6, 10
"""The inputs and outputs for which the panel needs a line."""


class ExamplePanel(Panel[WalkView], can_focus=False):
    """Draws the image, or the inputs as the network reads them, and beside it each output ŷ before and after.

    The target class is marked. Numbers that are not computed yet, or that are asked, are dashes.
    """

    BORDER_TITLE = "example"

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        rows, outputs = height - 1, NUMBER * _count_numbers(view) + 4
        head = make_line((longest_fitting(_describe_example(view), width), STRONG))
        if (room := width - outputs - 2) < NUMBER + 2:
            return [head, *_draw_outputs(view, width, rows)]
        image = draw_example_image(view, room, rows, self.capabilities)
        left = image or draw_inputs(view, room, rows, kept=_measure_names(view) - 2)
        taken = max(strip.cell_length for strip in left) + 2
        return [head, *join_blocks([left, _draw_outputs(view, width - taken, rows)], [taken])]

    def count_lines(self, view: WalkView) -> int:
        """Return the lines that the panel needs, with its border."""
        shape, update = view.dataset.image_shape, view.walk.update
        inputs = shape[0] if shape else min(MOST_INPUTS, len(update.x[0]))
        return 2 + max(inputs, min(MOST_OUTPUTS, len(update.y[0])) + 1)


def draw_example_image(view: WalkView, width: int, height: int, capabilities: TerminalCapabilities) -> list[Strip]:
    """Draw the image of the example in focus on at most width × height cells; nothing if it is not an image."""
    shape = view.dataset.image_shape
    if shape is None or width < 1 or height < 1:
        return []
    return draw_image(view.walk.update.x[view.walk.focus.example].reshape(shape), width, height, capabilities)


def find_outputs(view: WalkView) -> tuple[Floats | None, Floats | None]:
    """Return ŷ (outputs,) of the example before and after the update; None while not computed, or asked."""
    walk, last = view.walk, f"a {len(view.walk.update.layers)}"
    i = walk.focus.example
    asked = view.hidden and walk.step.key == last
    before = None if walk.result_of(last) is None or asked else walk.update.layers[-1].a[i]
    after = None if walk.result_of("again") is None else walk.update.activations_after[-1][i]
    return before, after


def _describe_example(view: WalkView) -> list[str]:
    """The example and its target, and that its inputs are scaled; the longest form first."""
    walk = view.walk
    update, i, names = walk.update, walk.focus.example, view.dataset.class_names
    forms = [f"example {i + 1} of {update.batch}"]
    if names and update.y.shape[1] == len(names):
        forms.insert(0, f"{forms[0]}, target {view.labels.of_output(int(update.y[i].argmax()))}")
    if not _are_scaled(view):
        return forms
    return [f"{forms[0]}, inputs scaled", f"{forms[-1]}, inputs scaled", *forms]


def _are_scaled(view: WalkView) -> bool:
    """Whether numbers stand for the inputs that are not those of the data."""
    return view.dataset.image_shape is None and view.scaling is not None and view.scaling.kind != "none"


def measure_inputs(view: WalkView) -> int:
    """Return the cells that the first inputs take with their whole names."""
    labels, count = view.labels, min(MOST_INPUTS, len(view.walk.update.x[0]))
    return NUMBER + max(count_cells(labels.of_input(index) or "x₁") for index in range(count))


def draw_inputs(view: WalkView, width: int, height: int, kept: int = 0) -> list[Strip]:
    """The inputs x by name, the one in focus among them; scaled ones also say from which number.

    They do if that fits beside so many `kept` cells, which are for the names of the outputs.
    """
    walk = view.walk
    x = walk.update.x[walk.focus.example]
    room = height if len(x) <= height else height - 1
    shown = choose_visible_range(len(x), room, min(walk.focus.weights[0], len(x) - 1))
    labels = view.labels
    names = [labels.of_input(index) or f"x{subscript(index)}" for index in shown]
    longest = min(max(map(count_cells, names)), max(1, width - NUMBER))
    raw = _list_raw(view, shown, width - longest - NUMBER - kept)
    strips = [
        make_line((align_left(name, longest), DIM), (format_number(float(x[index]), NUMBER), PLAIN), (before, DIM))
        for name, index, before in zip(names, shown, raw, strict=True)
    ]
    more = [make_line((f"… {len(x) - len(shown)} more", DIM))] if len(shown) < len(x) else []
    return [*strips, *more]


def _list_raw(view: WalkView, shown: range, width: int) -> list[str]:
    """What the inputs were before scaling; blank where they are not scaled, or it does not fit in so many cells."""
    if not _are_scaled(view) or view.scaling is None:
        return [""] * len(shown)
    raw = view.scaling.undo(view.walk.update.x[view.walk.focus.example])
    texts = [f"  from {format_number(float(raw[index]), 0)}" for index in shown]
    return texts if max(map(len, texts)) <= width else [""] * len(shown)


def _draw_outputs(view: WalkView, width: int, height: int) -> list[Strip]:
    """A line for each output: its name, ŷ before and after, and a mark at the target class or the target itself."""
    walk, (before, after) = view.walk, find_outputs(view)
    y = walk.update.y[walk.focus.example]
    of_classes = len(view.dataset.class_names) == len(y)
    names, numbers = _name_outputs(view), _count_numbers(view)
    longest = max(2, min(_measure_names(view), width - NUMBER * numbers - 2))
    titles = [("" if of_classes else "target"), "before", "after"][-numbers:]
    shown = _choose_outputs(view, height - 1)
    counted = [] if len(shown) == len(y) else [f"{len(shown)} of {len(y)} ŷ", f"{len(shown)} of {len(y)}"]
    title = longest_fitting([*counted, "ŷ"], longest)
    strips = [make_line((align_left(title, longest), DIM), ("".join(title.rjust(NUMBER) for title in titles), DIM))]
    for index in shown:
        marked = of_classes and y[index] == y.max()
        row: list[Piece] = [(align_left(names[index], longest), STRONG if marked else DIM)]
        row += [] if of_classes else [(format_number(float(y[index]), NUMBER), PLAIN)]
        for values in (before, after):
            row.append((format_number(None if values is None else float(values[index]), NUMBER), PLAIN))
        strips.append(make_line(*row, (" ◂" if marked else "", GOOD)))
    return strips


def _name_outputs(view: WalkView) -> list[str]:
    return [view.labels.of_output(index) or f"ŷ{subscript(index)}" for index in range(view.walk.update.y.shape[1])]


def _measure_names(view: WalkView) -> int:
    """Return the cells of the longest name of an output."""
    return min(LONGEST_NAME, max(map(count_cells, _name_outputs(view))))


def _count_numbers(view: WalkView) -> int:
    """The numbers of each output: ŷ before and after, and the target where no class is marked."""
    return 2 if len(view.dataset.class_names) == view.walk.update.y.shape[1] else 3


def _choose_outputs(view: WalkView, count: int) -> list[int]:
    """The target class, the output in focus and the largest ŷ, as many as fit."""
    walk = view.walk
    y, a = walk.update.y[walk.focus.example], walk.update.layers[-1].a[walk.focus.example]
    order = sorted(range(len(y)), key=lambda index: (y[index] < y.max(), index != walk.focus.neurons[-1], -a[index]))
    return sorted(order[: max(1, count)])
