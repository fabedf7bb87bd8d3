"""The two panels of the experiment screen: the table of fields, and the details of the chosen one."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.observation.response_curves import compute_activation_curve
from gradstep.data.explain_defaults import name_what_defaults_suit
from gradstep.data.toml_value import quote_value
from gradstep.tui.drawing.cells import align_left, count_cells, shorten
from gradstep.tui.drawing.function_plot import PlottedFunction, draw_functions, sample_positions
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, MARKED, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import format_count, typeset_minus
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.experiment.feature_switches import draw_switches
from gradstep.tui.screens.experiment.field_help import FIELD_HELP
from gradstep.tui.screens.experiment.field_text import list_displayed_forms
from gradstep.tui.screens.experiment.fields import FormField, can_change_live
from gradstep.tui.screens.experiment.file_findings import draw_chosen_file
from gradstep.tui.screens.experiment.state import FormView
from gradstep.tui.widgets.panel import Panel

NAME, VALUE, LONGEST_VALUE = 17, 16, 24
"""Cells of the column of names, and of that of values: at least, and at most for one value such as a path."""

MORE_ABOVE, MORE_BELOW = "  ↑ more", "  ↓ more"
"""The marks of the first and of the last line, if there are more fields."""

LEAST_REST, REST = 24, 32
"""The least cells for the third column, which shows what is allowed, and the cells that most of it needs."""

ARROWS = 4
"""Cells of the marks to click on for the previous and the next value."""

ROW = "row"
"""What the style of a row says besides: the field that it is of."""

FAR = 4.0
PLOT_HEIGHT = 8
FILE_ONLY = f"only a file can say this: {name_key('write')} writes it"


@dataclass
class Scrolled(Message):
    """The wheel was turned on the form: up (1) or down (−1), on the row of a field or elsewhere (None)."""

    direction: int
    dotted: str | None


class FieldTable(Panel[FormView]):
    """Draws all fields in the order of the file; if not all fit, those around the chosen one, and says so."""

    auto_links = False
    """A row would be painted over while the mouse is on it."""

    def lines(self, view: FormView, width: int, height: int) -> list[Strip]:
        entries: list[FormField | str] = []
        for index, field in enumerate(view.fields):
            if index == 0 or field.table != view.fields[index - 1].table:
                entries.append(field.table.capitalize())
            entries.append(field)
        # the name of a table stays visible with its first field
        chosen = entries.index(view.field)
        first = min(max(0, chosen - height // 2), max(0, len(entries) - height))
        shown, column = entries[first : first + height], _measure_values(view, width)
        marks = [""] * len(shown)
        if first > 0:
            marks[0] = MORE_ABOVE
        if first + height < len(entries):
            marks[-1] = MORE_BELOW
        return [_draw_entry(view, entry, column, width, mark) for entry, mark in zip(shown, marks, strict=True)]

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, -1)

    def _scroll(self, event: events.MouseEvent, direction: int) -> None:
        self.post_message(Scrolled(direction, event.style.meta.get(ROW)))

    def show(self, view: FormView) -> None:
        self.border_title = f"Experiment: {_describe_apply(view)}"
        super().show(view)


def _describe_apply(view: FormView) -> str:
    """Describe what the key a would do."""
    if not view.changed:
        return "no changes"
    many = "1 change" if len(view.changed) == 1 else f"{len(view.changed)} changes"
    return f"{many}, {name_key('apply')} {'starts a new run' if view.new_start else 'applies to this run'}"


def _draw_entry(view: FormView, entry: FormField | str, column: int, width: int, mark: str) -> Strip:
    """Draw a field or the name of a table, with the mark at the end of the line unless a long value stands there."""
    room = width - len(mark)
    if isinstance(entry, str):
        row = make_line((entry, DIM))
    else:
        has_rest = width >= NAME + 2 + column + 2 + LEAST_REST
        row = _draw_row(view, entry, column, room if has_rest else width)
    if not mark or count_cells(row.text.rstrip()) > room:
        return row
    return Strip([*row.adjust_cell_length(room), *make_line((mark, DIM))])


def _measure_values(view: FormView, width: int) -> int:
    """Return the cells of the column of values: as many as the longest takes, if that leaves room for the next column.

    A longer value is drawn without saying that it is the default, or, such as a path, stands out.
    """
    rest = width - NAME - 2 - 2
    most = rest - REST if rest - VALUE >= LEAST_REST else rest + 2
    lengths = [
        count_cells(list_displayed_forms(field, view.experiment, view.filled)[0]) + (ARROWS if field.has_next else 0)
        for field in view.fields
    ]
    return max(VALUE, *(length for length in lengths if length <= min(most, LONGEST_VALUE)))


def _draw_row(view: FormView, field: FormField, column: int, width: int) -> Strip:
    is_chosen = field.dotted == view.field.dotted
    changed = field in view.changed
    forms = list_displayed_forms(field, view.experiment, view.filled)
    most, arrows = min(column, width - NAME - 2), ARROWS if is_chosen and field.has_next else 0
    value = _choose_form(forms, most, width - NAME - 2, arrows)
    complains = is_chosen and bool(view.complaint)
    room = min(max(column, count_cells(value)), width - NAME - 2)
    arrows = arrows if count_cells(value) + arrows <= room else 0
    style = BAD if complains else MARKED if is_chosen else BLUE if changed else PLAIN
    left = width - NAME - 2 - room - 2
    rest = _extract_reason(view.complaint, field) if complains else field.allowed
    mark = "▸" if is_chosen else " "
    row = make_line(
        (mark + ("•" if changed else " "), STRONG if is_chosen else BLUE),
        (field.label.ljust(NAME), STRONG if is_chosen else DIM),
        (align_left(value, room - arrows), style),
        *(_draw_arrows(style) if arrows else []),
        ("  " + shorten(rest, left) if left >= LEAST_REST else "", BAD if complains else DIM),
    )
    # what an arrow does comes before what the row does
    return row.adjust_cell_length(width).apply_style(_mark_row(field.dotted))


def _choose_form(forms: list[str], most: int, width: int, arrows: int) -> str:
    """Return the longest form of a value that leaves room for the arrows, if one does."""
    in_column = [form for form in forms[:2] if count_cells(form) <= most]
    beside_arrows = [form for form in in_column if count_cells(form) + arrows <= most]
    return next(iter(beside_arrows or in_column), None) or longest_fitting(forms, width)


@cache
def _mark_row(dotted: str) -> Style:
    """Return the style of a row on which a click chooses its field, and a second one types its value."""
    return Style(meta={"@click": f"screen.choose('{dotted}')", ROW: dotted})


def _draw_arrows(style: Style) -> list[Piece]:
    """Draw the marks to click on for the previous and the next value."""
    back, on = (Style(meta={"@click": f"screen.value({direction})"}) for direction in (-1, 1))
    return [(" ‹", style + back), (" ›", style + on)]


def _extract_reason(complaint: str, field: FormField) -> str:
    """The complaint without the name of the field, beside which it is drawn."""
    first = complaint.partition("\n")[0]
    return (first.partition(": ")[2] or first).removeprefix(f"{field.dotted} ")


class FieldDetails(Panel[FormView], can_focus=False):
    """Draws the chosen field in words, a plot if it is an activation, and the command line of the experiment."""

    def lines(self, view: FormView, width: int, height: int) -> list[Strip]:
        field = view.field
        # a file has a line for each problem
        strips = [strip for line in view.complaint.splitlines() for strip in wrap_text(line.strip(), width, BAD)]
        strips += wrap_text(FIELD_HELP.get(field.dotted, ""), width)
        strips += wrap_text(_describe_value(view, field), width, STRONG)
        if field.dotted == "data.features":
            strips += draw_switches(view.experiment, view.filled, width)
        strips += wrap_text(f"allowed: {field.allowed}", width, DIM)
        strips += wrap_text(_describe_default(view, field), width, DIM)
        strips += wrap_text(_describe_change(view, field), width, DIM)
        command = _draw_command(view, width)
        room = height - len(strips) - len(command)
        if field.name in ("activation", "output"):
            strips += _draw_plots(view, field, width, room)
        if field.table == "data" and view.experiment.data.path is not None:
            strips += [make_line(), *draw_chosen_file(view, width, room - 2)][: max(0, room)]
        if len(strips) + len(command) <= height:
            strips += [make_line()] * (height - len(strips) - len(command)) + command
        return strips[:height]


def _describe_value(view: FormView, field: FormField) -> str:
    """Describe the value in numbers: steps of an epoch, neurons, or the formula of the optimizer."""
    experiment = view.filled or view.experiment
    training, network = experiment.training, experiment.network
    if field.name == "batch_size" and training.batch_size is not None:
        return describe_batch(training.batch_size, view.current_rows)
    if field.name == "hidden" and network.hidden:
        layers = "1 hidden layer" if len(network.hidden) == 1 else f"{len(network.hidden)} hidden layers"
        return f"{layers}, {format_count(sum(network.hidden))} neurons."
    if field.name == "optimizer" and training.optimizer is not None:
        return OPTIMIZERS[training.optimizer].formula()
    return ""


def describe_batch(batch_size: int | str, rows: int | None) -> str:
    """Describe how many examples one step uses."""
    if batch_size == "full" or (rows is not None and int(batch_size) >= rows):
        return f"Each step uses all {format_count(rows) if rows else 'training'} examples."
    of = f" of {format_count(rows)}" if rows else ""
    many = "1 example" if batch_size == 1 else f"{format_count(int(batch_size))} examples"
    steps = f"; {format_count(-(-rows // int(batch_size)))} steps an epoch" if rows else ""
    return f"Each step uses {many}{of}{steps}."


def _describe_default(view: FormView, field: FormField) -> str:
    """Say what the default of a field that follows the data suits, or why it is not known yet."""
    if not field.follows_data or field.value(view.experiment) is not None:
        return ""
    if view.edited_dataset is None:
        return "the data decide, which are read when the run starts"
    if view.filled is None:
        return "not known while another field does not go with the data"
    return f"the default suits {name_what_defaults_suit(view.filled, view.edited_dataset)}"


def _describe_change(view: FormView, field: FormField) -> str:
    if field not in view.changed:
        return ""
    value = field.value(view.filled_running)
    before = "left open" if value is None else quote_value(value)
    if isinstance(value, float):
        before = typeset_minus(before)
    return f"now {before}; " + ("applies to this run" if can_change_live(field) else "needs a new run")


def _draw_command(view: FormView, width: int) -> list[Strip]:
    text = FILE_ONLY if view.command is None else view.command
    head = longest_fitting(
        [
            f"The same experiment from a shell ({name_key('copy')} copies the line):",
            f"From a shell ({name_key('copy')} copies the line):",
        ],
        width,
    )
    return [make_line((head, DIM)), *wrap_text(text, width, PLAIN, "  ")]


def _draw_plots(view: FormView, field: FormField, width: int, room: int) -> list[Strip]:
    """Plots of f and f′ of each activation that the field names, as many as fit."""
    network = (view.filled or view.experiment).network
    names = dict.fromkeys(network.hidden_activations if field.name == "activation" else [network.output or ""])
    strips: list[Strip] = []
    for name in names:
        if name not in ACTIVATIONS or room - len(strips) < PLOT_HEIGHT:
            continue
        activation = ACTIVATIONS[name]
        # softmax needs a second output: its z is 0
        values, slopes = compute_activation_curve(activation, np.zeros(2), 0, sample_positions(-FAR, FAR, width))
        strips += [
            make_line((name, STRONG), ("  ━ f", BLUE), ("  ╍ f′", ORANGE)),
            *draw_functions(
                [PlottedFunction(slopes, ORANGE, True), PlottedFunction(values, BLUE)],
                (-FAR, FAR),
                None,
                width,
                min(PLOT_HEIGHT, room - len(strips)) - 1,
            ),
        ]
    return strips
