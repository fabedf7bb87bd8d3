"""The architecture panel: neurons coloured by the activations of the example, edges by their weights."""

from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.run import Run
from gradstep.tui.drawing.heaviest_weights import draw_heaviest_weights
from gradstep.tui.drawing.network_graph import (
    LayerColumn,
    LayerDrawing,
    count_drawn_edges,
    draw_graph,
    draw_layer_names,
    place_columns,
)
from gradstep.tui.drawing.neuron_maps import draw_neuron_maps
from gradstep.tui.drawing.palette import DIM, LEVELS, make_style, signed_colour
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.drawing.unit_names import fit_unit_names, name_inputs, name_outputs
from gradstep.tui.numbers import format_count
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

ENLARGED, MOST_LISTED = 26, 4
"""From this height in lines on, the heaviest weights of so many layers are listed."""

TALL = 14
"""From this height in lines on, the legend has two lines."""

POSITIVE, NEGATIVE = make_style(signed_colour(LEVELS)), make_style(signed_colour(-LEVELS))
WEIGHTS: list[Piece] = [("━━", POSITIVE), (" + ", DIM), ("╌╌", NEGATIVE), (" −", DIM)]
NEURONS: list[Piece] = [("●", POSITIVE), (" + ", DIM), ("○", NEGATIVE), (" − ", DIM), ("·", DIM), (" 0", DIM)]


class ArchitecturePanel(Panel[View]):
    """Draws the layers as columns of neurons, the inputs on the left and the outputs on the right."""

    BORDER_TITLE = "1 Architecture"

    def __init__(self, run: Run) -> None:
        super().__init__(id="architecture")
        self._names = ["input", *(layer.activation.name for layer in run.network.layers)]
        self._map_legends = _write_map_legends(self._names[1:])
        self._count = format_count(run.network.parameters.size)
        self._inputs, self._outputs = name_inputs(run.dataset), name_outputs(run.dataset, run.network.sizes[-1])

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        snapshot = view.snapshot
        tall = height >= TALL
        if view.request.maps and snapshot.grid_activations is not None:
            maps = draw_neuron_maps(snapshot.grid_activations, self._names[1:], width, height - 1, self.capabilities)
            return [*maps, make_line((longest_fitting(self._map_legends, width), DIM))]
        heaviest = self._draw_heaviest_weights(snapshot, width) if height >= ENLARGED else []
        rows = max(1, height - (3 if tall else 2) - len(heaviest))
        names = fit_unit_names(self._inputs, self._outputs, width, rows)
        columns = place_columns(_list_layer_sizes(snapshot), width, rows, names=names)
        head = draw_layer_names(columns, self._names, width) if _do_sizes_fit(columns, width) else make_line()
        graph = draw_graph(_make_layer_drawings(snapshot), columns, width, rows, self.capabilities, names)
        most = max(layer.weights.size for layer in snapshot.layers)
        drawn = (
            "every weight drawn" if most <= count_drawn_edges(rows, self.capabilities) else "the heaviest weights drawn"
        )
        signs = any(not column.dense for column in columns)
        return [head, *graph, *heaviest, *self._legend(drawn, signs, width, tall)]

    def _draw_heaviest_weights(self, snapshot: Snapshot, width: int) -> list[Strip]:
        weights = [layer.weights for layer in snapshot.layers]
        return draw_heaviest_weights(weights, self._inputs, self._outputs, width, MOST_LISTED)

    def _legend(self, drawn: str, signs: bool, width: int, tall: bool) -> list[Strip]:
        """The number of parameters, which weights are drawn, and what the signs of weights and neurons mean."""
        count = f"{self._count} parameters"
        if tall:
            neurons: list[Piece] = [("neurons ", DIM), *NEURONS, ("  ", DIM)] if signs else []
            words = longest_fitting([f"{count}, {drawn}", count], width)
            return [make_line((words, DIM)), make_line(*neurons, ("weights ", DIM), *WEIGHTS)]
        forms = [
            make_line((f"{count}, {drawn}  ", DIM), *WEIGHTS),
            make_line((f"{count}  ", DIM), *WEIGHTS),
        ]
        if signs:
            forms.insert(0, make_line((f"{count}, {drawn}  ", DIM), *WEIGHTS, ("  neurons ", DIM), *NEURONS))
            forms.insert(1, make_line((f"{count} ", DIM), *WEIGHTS, (" ", DIM), *NEURONS))
        return [next((form for form in forms if form.cell_length <= width), forms[-1])]


def _write_map_legends(names: list[str]) -> list[str]:
    """The legend of the maps of layers with these activations, the longest form first."""
    middles = {name: activation_named(name).middle for name in names}
    borders = sorted(set(middles.values()))
    groups = [f"{', '.join(name for name in middles if middles[name] == m)}: {m:g}" for m in borders if m]
    exceptions = f" ({'; '.join(groups)})" if groups else ""
    return [
        f"each neuron's activation at every point: blue or + above 0, orange or − below{exceptions}; v: graph",
        f"blue or + is above 0{exceptions}; v: graph",
        f"blue or + above {' or '.join(f'{border:g}' for border in borders)}; v: graph",
        "v: graph",
    ]


def _do_sizes_fit(columns: list[LayerColumn], width: int) -> bool:
    """Whether the sizes of the layers fit side by side over the columns."""
    sizes = [
        f"{len(column.shown)} of {column.neurons}" if len(column.shown) < column.neurons else f"{column.neurons}"
        for column in columns
    ]
    return sum(map(len, sizes)) + len(sizes) - 1 <= width


def _list_layer_sizes(snapshot: Snapshot) -> list[int]:
    return [len(snapshot.example.x), *(len(layer.a) for layer in snapshot.layers)]


def _make_layer_drawings(snapshot: Snapshot) -> list[LayerDrawing]:
    return [
        LayerDrawing(snapshot.example.x, None),
        *(LayerDrawing(layer.a, layer.weights) for layer in snapshot.layers),
    ]
