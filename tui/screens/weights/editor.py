"""One weight or bias: what it is, what is typed for it, and what the last change did to output and loss."""

from textual.strip import Strip

from gradstep.core.observation.parameter_edit import Effect, Look
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import line, shortened, wrapped
from gradstep.tui.numbers import bar, figure
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.widgets.panel import Panel

MOST_OUTPUTS = 10
NAME, BAR = 10, 12
"""Cells of an output's name, and of its bar."""

HINT = "Choose with the arrows and tab, type a number, enter sets it: see what the network does then."


class Weight(Panel[WeightsView], can_focus=False):
    """Which parameter, its value, what is typed; below, before and after of the last change."""

    BORDER_TITLE = "weight by hand"

    def lines(self, view: WeightsView, width: int, height: int) -> list[Strip]:
        strips = [
            *wrapped(described(view), width, STRONG),
            line(("now  ", DIM), (figure(view.value, 0), ORANGE if view.value < 0 else BLUE)),
            line(
                ("new  ", DIM),
                (view.typed + "▏", STRONG),
                ("  enter sets it" if view.typed else "", DIM),
            ),
            *(wrapped(view.trouble, width, BAD) if view.trouble else [Strip([])]),
        ]
        effect = view.effect
        strips += wrapped(HINT, width, DIM) if effect is None else _effect(view, effect, height - len(strips))
        return strips


def described(view: WeightsView) -> str:
    """Which parameter this is, in words."""
    place = view.place
    layer = view.snapshot.layers[place.layer - 1]
    neuron = f"neuron {place.unit + 1} of layer {place.layer} ({layer.activation})"
    if place.source is None:
        return f"The bias of {neuron}"
    names = view.dataset.feature_names
    source = f"neuron {place.source + 1} of layer {place.layer - 1}"
    if place.layer == 1:
        named = place.source < len(names) and view.dataset.image_shape is None
        source = f"input {names[place.source] if named else place.source + 1}"
    return f"The weight from {source} to {neuron}"


def _effect(view: WeightsView, effect: Effect, room: int) -> list[Strip]:
    part = "test" if view.held_out else "training"
    before, after = effect.before, effect.after
    strips = [
        line(("set from ", DIM), (figure(effect.old, 0), PLAIN), (" to ", DIM), (figure(effect.new, 0), PLAIN)),
        Strip([]),
        line((f"{'':<{NAME + 9}}  before     after", DIM)),
        _row(f"{part} loss", figure(before.score.loss), figure(after.score.loss)),
    ]
    if before.score.accuracy is not None and after.score.accuracy is not None:
        strips.append(_row(f"{part} accuracy", f"{before.score.accuracy:8.1%}", f"{after.score.accuracy:8.1%}"))
    strips.append(_row("loss of the example", figure(before.example.loss), figure(after.example.loss)))
    strips += _outputs(view, before, after, room - len(strips) - 2)
    if view.undoable:
        strips += [Strip([]), line((f"u takes it back; {view.undoable} to undo", DIM))]
    return strips


def _row(name: str, before: str, after: str) -> Strip:
    changed = STRONG if before != after else PLAIN
    return line((f"{name:<{NAME + 9}}", DIM), (before, PLAIN), ("  ", PLAIN), (after, changed))


def _outputs(view: WeightsView, before: Look, after: Look, room: int) -> list[Strip]:
    """The outputs of the example, with a bar where they are shares of 1; in short room those that changed most."""
    count = min(len(after.outputs), MOST_OUTPUTS, max(0, room - 1))
    moved = sorted(range(len(after.outputs)), key=lambda place: -abs(after.outputs[place] - before.outputs[place]))
    names = view.dataset.class_names if len(view.dataset.class_names) == len(after.outputs) else ()
    shares = view.snapshot.layers[-1].activation in ("softmax", "sigmoid")
    strips = [Strip([])] if count else []
    for place in sorted(moved[:count]):
        name = f"output {shortened(names[place] if names else str(place + 1), NAME)}"
        row = _row(name, figure(float(before.outputs[place])), figure(float(after.outputs[place])))
        drawn = "  " + bar(float(after.outputs[place]), BAR) if shares else ""
        strips.append(Strip([*row, *line((drawn, BLUE))]))
    return strips
