"""The network with the edge of the chosen weight highlighted and its neurons marked."""

from textual.strip import Strip

from gradstep.tui.drawing.network_graph import LayerDrawing, draw_graph, draw_layer_names, place_columns
from gradstep.tui.drawing.palette import DIM
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.widgets.panel import Panel

LEGENDS = (
    "◉ the chosen neuron and the input of its weight; the rest is dimmed",
    "◉ the chosen neuron and its input",
    "◉ chosen",
)


class WeightsGraph(Panel[WeightsView], can_focus=False):
    """Draws the activations of the example. ◉ marks the two ends of the chosen weight, or the neuron of the bias."""

    BORDER_TITLE = "network"

    def lines(self, view: WeightsView, width: int, height: int) -> list[Strip]:
        layers, parameter = view.snapshot.layers, view.parameter
        names = ["input", *(layer.activation for layer in layers)]
        rows = max(1, height - 2)
        chosen: list[int | None] = [None] * (len(layers) + 1)
        chosen[parameter.layer_number], chosen[parameter.layer_number - 1] = parameter.unit, parameter.source
        columns = place_columns([len(view.snapshot.example.x), *(len(each.a) for each in layers)], width, rows, chosen)
        drawn = [LayerDrawing(view.snapshot.example.x, None, chosen[0])]
        for layer_number, layer in enumerate(layers, start=1):
            edge = (
                (parameter.unit, parameter.source)
                if layer_number == parameter.layer_number and parameter.source is not None
                else None
            )
            drawn.append(LayerDrawing(layer.a, layer.weights, chosen[layer_number], highlighted=False, edge=edge))
        return [
            draw_layer_names(columns, names, width),
            *draw_graph(drawn, columns, width, rows, self.capabilities),
            make_line((longest_fitting(LEGENDS, width), DIM)),
        ]
