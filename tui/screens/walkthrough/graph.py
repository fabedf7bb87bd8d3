"""The network during the walk: the current layer is highlighted, neurons not computed yet are dashes."""

from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.network_graph import LayerDrawing, draw_graph, draw_layer_names, place_columns
from gradstep.tui.drawing.palette import DIM
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.drawing.unit_names import UnitNames, fit_unit_names, name_inputs, name_predictions
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel

LEAST_NAMED = 56
"""The width in cells for which the names of inputs and outputs are chosen at least."""


class WalkthroughGraph(Panel[WalkView], can_focus=False):
    """Draws the neurons with δ in the backward pass and the update, and else with a. ◉ marks the neurons in focus.

    From "forward again" on, a is that of the new parameters.
    """

    BORDER_TITLE = "network"

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        walk = view.walk
        layers = walk.update.layers
        names = ["input", *(layer.activation.name for layer in layers)]
        sizes = [walk.update.x.shape[1], *(layer.z.shape[1] for layer in layers)]
        rows = max(1, height - 2)
        units = _fit_names(view, width, rows)
        columns = place_columns(sizes, width, rows, [None, *walk.focus.neurons], units)
        back = walk.step.phase in ("backward", "update")
        # δ comes back through the weights of the next layer
        carrying = walk.step.layer + (walk.step.key.startswith("paths"))
        drawn = [LayerDrawing(walk.update.x[walk.focus.example], None)]
        for layer_number, layer in enumerate(layers, start=1):
            weights = layer.new[:, :-1] if walk.result_of(f"new {layer_number}") is not None else layer.old[:, :-1]
            lit = layer_number == carrying
            drawn.append(
                LayerDrawing(
                    choose_values(view, layer_number, back), weights, walk.focus.neurons[layer_number - 1], lit
                )
            )
        forms = ["● δ: each neuron's ∂E/∂z" if back else "● a: each neuron's activation"]
        if walk.step.phase == "check":
            forms = [f"{forms[0]}, with the new weights", "● a, with the new weights"]
        return [
            draw_layer_names(columns, names, width),
            *draw_graph(drawn, columns, width, rows, self.capabilities, units),
            make_line((longest_fitting(forms, width), DIM)),
        ]


def _fit_names(view: WalkView, width: int, rows: int) -> UnitNames:
    """The names of the inputs and outputs, as far as there are as many names as units."""
    update = view.walk.update
    inputs, outputs = name_inputs(view.dataset), name_predictions(view.dataset, update.y.shape[1])
    inputs = inputs if len(inputs) == update.x.shape[1] else ()
    outputs = outputs if len(outputs) == update.y.shape[1] else ()
    return fit_unit_names(inputs, outputs, max(width, LEAST_NAMED), rows)


def choose_values(view: WalkView, layer_number: int, back: bool) -> Floats | None:
    """Return a or, going back, δ of the example in focus (neurons,); None while not computed, or to be guessed."""
    walk = view.walk
    layer = walk.update.layers[layer_number - 1]
    if walk.step.phase == "check":
        key, values = "again", walk.update.activations_after[layer_number - 1]
    elif back:
        key, values = f"δ {layer_number}", layer.delta
    else:
        key, values = f"a {layer_number}", layer.a
    if walk.result_of(key) is None or (view.hidden and walk.step.key == key):
        return None
    of_example: Floats = values[walk.focus.example]
    return of_example
