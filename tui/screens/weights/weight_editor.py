"""The chosen weight or bias: its value, the typed value, and the effect of the last change."""

from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.observation.parameter_edit import EditEffect, NetworkReading
from gradstep.tui.drawing.cells import align_left, shorten
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.parameter_name import describe_parameter
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

HINT = (
    f"Choose with the arrows and tab, type a number, {name_key('weights_set')} sets it: see what the network does then."
)


class WeightEditor(Panel[WeightsView], can_focus=False):
    """Draws the name of the parameter, its value and the typed text; below, the effect of the last change."""

    BORDER_TITLE = "weight by hand"

    def lines(self, view: WeightsView, width: int, height: int) -> list[Strip]:
        layer = view.snapshot.layers[view.parameter.layer_number - 1]
        strips = [
            *wrap_text(describe_parameter(view.parameter, layer.activation, view.dataset), width, STRONG),
            make_line(("now  ", DIM), (format_number(view.value, 0), ORANGE if view.value < 0 else BLUE)),
            make_line(
                ("new  ", DIM),
                (format_typed(view.typed) + "▏", STRONG),
                (f"  {name_key('weights_set')} sets it" if view.typed else "", DIM),
            ),
            *(wrap_text(view.trouble, width, BAD) if view.trouble else [Strip([])]),
        ]
        if view.effect is None:
            return [*strips, *wrap_text(HINT, width, DIM)]
        return [*strips, *_draw_effect(view, view.effect, width, height - len(strips))]


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
    strips += _draw_outputs(view, before, after, room - len(strips) - 2)
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


def _draw_outputs(view: WeightsView, before: NetworkReading, after: NetworkReading, room: int) -> list[Strip]:
    """The outputs of the example, with a bar if they are probabilities; if not all fit, those that changed most."""
    count = min(len(after.outputs), MOST_OUTPUTS, max(0, room - 1))
    moved = sorted(range(len(after.outputs)), key=lambda index: -abs(after.outputs[index] - before.outputs[index]))
    names = view.dataset.class_names if len(view.dataset.class_names) == len(after.outputs) else ()
    shares = activation_named(view.snapshot.layers[-1].activation).is_probability
    strips = [Strip([])] if count else []
    for index in sorted(moved[:count]):
        name = f"output {shorten(names[index] if names else str(index + 1), NAME)}"
        row = _draw_row(name, *(format_number(float(each.outputs[index])) for each in (before, after)))
        drawn = "  " + draw_bar(float(after.outputs[index]), BAR) if shares else ""
        strips.append(Strip([*row, *make_line((drawn, BLUE))]))
    return strips
