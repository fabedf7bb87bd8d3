"""The chosen weight or bias: its value, the typed value, and the effect of the last change."""

import numpy as np
from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.observation.no_effect import Cause
from gradstep.core.observation.parameter_edit import EditEffect, NetworkReading
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.tui.drawing.cells import align_left, shorten
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, GOOD, PLAIN, STRONG, signed_style
from gradstep.tui.drawing.parameter_name import OF_BATCH, describe_parameter, explain_no_effect
from gradstep.tui.drawing.strips import longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import draw_bar, format_beside, format_number, format_share
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.typed_number import format_typed

MOST_OUTPUTS = 10
NAME, BAR = 10, 12
"""Cells of an output's name, and of its bar."""

NUMBER = 9
"""Cells of a number before or after a change."""

TARGET = "◂ the target"
NO_VALUE = "No value of it on the plot changes the loss of the batch."
SAME_VALUE = "Nothing changes: the new value is the old one."

HINT = (
    f"Choose with the arrows and tab, type a number, {name_key('weights_set')} sets it: see what the network does then."
)


class WeightEditor(Panel[WeightsView], can_focus=False):
    """Draws the name of the parameter, its value and the typed text; below, the effect of the last change."""

    BORDER_TITLE = "weight by hand"

    def lines(self, view: WeightsView, width: int, height: int) -> list[Strip]:
        layer = view.snapshot.layers[view.parameter.layer_number - 1]
        weights = [each.weights for each in view.snapshot.layers]
        strips = [
            *wrap_text(describe_parameter(view.parameter, layer.activation, view.dataset, weights), width, STRONG),
            make_line(("now  ", DIM), (format_number(view.value, 0), signed_style(view.value))),
            make_line(
                ("new  ", DIM),
                (format_typed(view.typed) + "▏", STRONG),
                (f"  {name_key('weights_set')} sets it" if view.typed else "", DIM),
            ),
            *(wrap_text(view.trouble, width, BAD) if view.trouble else [Strip([])]),
        ]
        if view.effect is None:
            return [*strips, *wrap_text(HINT, width, DIM), *_draw_flatness(view, width)]
        return [*strips, *_draw_effect(view, view.effect, width, height - len(strips))]


def _explain(view: WeightsView, parameter: ParameterIndex, cause: Cause, rows: str) -> str:
    layers, number = view.snapshot.layers, parameter.layer_number
    activation = layers[number - 1].activation
    return explain_no_effect(cause, parameter, activation, view.dataset, rows, last=number == len(layers))


def _draw_flatness(view: WeightsView, width: int) -> list[Strip]:
    """Say why no value of the parameter changes the loss of the batch, if none does."""
    line = view.line
    if line is None or line.parameter != view.parameter or line.cause is None or not line.is_flat:
        return []
    reason = _explain(view, line.parameter, line.cause, OF_BATCH)
    return [Strip([]), *wrap_text(f"{NO_VALUE} {reason}", width, STRONG)]


def describe_no_effect(view: WeightsView, effect: EditEffect) -> list[str]:
    """Say why the change left the outputs for the example, or the score, as they were."""
    if effect.old == effect.new:
        return [SAME_VALUE]
    here, part = "for this example", f"for every {view.snapshot.watched_part} example"
    if effect.example_cause is not None and effect.example_cause == effect.part_cause:
        return [_explain(view, effect.parameter, effect.example_cause, f"{here} and {part}")]
    causes = (effect.example_cause, here), (effect.part_cause, part)
    return [_explain(view, effect.parameter, cause, rows) for cause, rows in causes if cause is not None]


def _draw_effect(view: WeightsView, effect: EditEffect, width: int, room: int) -> list[Strip]:
    part = view.snapshot.watched_part
    before, after = effect.before, effect.after
    strips = [
        make_line(
            ("set from ", DIM),
            (format_number(effect.old, 0), PLAIN),
            (" to ", DIM),
            (format_number(effect.new, 0), PLAIN),
        ),
        Strip([]),
        make_line((" " * (NAME + 9) + "before".rjust(NUMBER) + " " + "after".rjust(NUMBER), DIM)),
        _draw_row(f"{part} loss", *_write_both(before.score.loss, after.score.loss)),
    ]
    if before.score.accuracy is not None and after.score.accuracy is not None:
        strips.append(
            _draw_row(f"{part} accuracy", *(format_share(each.score.accuracy, 1) for each in (before, after)))
        )
    strips.append(_draw_row("loss of the example", *_write_both(before.example.loss, after.example.loss)))
    for text in describe_no_effect(view, effect):
        strips += wrap_text(text, width, STRONG)
    strips += _draw_outputs(view, before, after, width, room - len(strips) - 2)
    if view.undoable:
        key = name_key("weights_undo")
        changes = "1 change" if view.undoable == 1 else f"{view.undoable} changes"
        forms = [
            f"{key} undoes the last change; {changes} can be undone",
            f"{key} undoes the last of {changes}",
            f"{key} undoes it",
        ]
        strips += [Strip([]), make_line((longest_fitting(forms, width), DIM))]
    return strips


def _write_both(before: float, after: float) -> tuple[str, str]:
    """Write a loss before and after a change with as many digits as it takes to see the difference, if they fit."""
    exact = format_beside(before, after - before), format_beside(after, before - after)
    return exact if max(map(len, exact)) <= NUMBER else (format_number(before, 0), format_number(after, 0))


def _draw_row(name: str, before: str, after: str) -> Strip:
    changed = STRONG if before != after else PLAIN
    return make_line(
        (align_left(name, NAME + 9), DIM), (before.rjust(NUMBER), PLAIN), (" ", PLAIN), (after.rjust(NUMBER), changed)
    )


def _draw_outputs(
    view: WeightsView, before: NetworkReading, after: NetworkReading, width: int, room: int
) -> list[Strip]:
    """The outputs of the example, with a bar if they are probabilities, and its target.

    If not all fit, those that are predicted and meant stay, and those that changed most.
    """
    names = view.dataset.class_names if len(view.dataset.class_names) == len(after.outputs) else ()
    target = after.example.target_class if names else None
    shown = _choose_outputs(before, after, target, room - 1)
    if not shown:
        return []
    shares = activation_named(view.snapshot.layers[-1].activation).is_probability
    strips = [make_line((TARGET, GOOD)) if target is not None else Strip([])]
    for index in shown:
        name = f"output {shorten(names[index] if names else str(index + 1), NAME)}"
        mark = " ◂" if index == target else ""
        row = _draw_row(name + mark, *(format_number(float(each.outputs[index])) for each in (before, after)))
        drawn = "  " + draw_bar(float(after.outputs[index]), BAR) if shares else ""
        strips.append(Strip([*row, *make_line((drawn, BLUE))]))
    left_out = len(after.outputs) - len(shown)
    if left_out:
        strips.append(make_line((f"… {left_out} more", DIM)))
    if target is None and len(strips) < room:
        strips.append(_draw_target(after.example.y, width))
    return strips


def _choose_outputs(before: NetworkReading, after: NetworkReading, target: int | None, room: int) -> list[int]:
    """Return the outputs that are shown on so many lines, one of which says how many others there are."""
    count = len(after.outputs)
    if count <= min(room, MOST_OUTPUTS):
        return list(range(count))
    first = (target, after.example.predicted_class, before.example.predicted_class)
    changes = np.abs(after.outputs - before.outputs)
    order = sorted(
        range(count), key=lambda index: (first.index(index) if index in first else len(first), -changes[index])
    )
    return sorted(order[: max(0, min(room, MOST_OUTPUTS) - 1)])


def _draw_target(y: Floats, width: int) -> Strip:
    """The targets of outputs that are not the classes, as many as fit whole."""
    shown = y[: max(1, (width - NAME) // NUMBER)]
    more = " …" if len(shown) < len(y) else ""
    return make_line(
        ("target".ljust(NAME), DIM), ("".join(format_number(float(each), NUMBER) for each in shown) + more, PLAIN)
    )
