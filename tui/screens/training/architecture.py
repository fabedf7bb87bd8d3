"""The architecture panel: neurons coloured by the activations of the example, edges by their weights."""

from dataclasses import dataclass

from textual import events
from textual.geometry import Offset
from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.observation.unit_view import UnitIndex, view_unit
from gradstep.data.run import Run
from gradstep.tui.drawing.heaviest_weights import draw_heaviest_weights
from gradstep.tui.drawing.layer_facts import draw_layer_facts
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
from gradstep.tui.drawing.strips import Piece, join_blocks, longest_fitting, make_line
from gradstep.tui.drawing.unit_facts import draw_unit_facts
from gradstep.tui.drawing.unit_names import UnitNames, fit_unit_names, name_network
from gradstep.tui.numbers import format_count
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.training.pointer import Pointer
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

ENLARGED, MOST_LISTED = 26, 4
"""From this height in lines on, the heaviest weights of so many layers are listed."""

TALL = 14
"""From this height in lines on, the legend has two lines."""

BESIDE, BESIDE_WIDTH, GAP = 104, 50, 2
"""From this width in cells on, the facts of a unit stand beside the graph, in so many cells after a gap."""

LEAST_FACTS, LEAST_GRAPH, FACTS_SHARE = 4, 4, 0.6
"""Lines of the facts and of the graph at least, and the share of the height for the facts, where they stand below."""

POSITIVE, NEGATIVE = make_style(signed_colour(LEVELS)), make_style(signed_colour(-LEVELS))
WEIGHTS: list[Piece] = [("━━", POSITIVE), (" + ", DIM), ("╌╌", NEGATIVE), (" −", DIM)]
NEURONS: list[Piece] = [("●", POSITIVE), (" + ", DIM), ("○", NEGATIVE), (" − ", DIM), ("·", DIM), (" 0", DIM)]


@dataclass(frozen=True, slots=True)
class GraphPlace:
    """Where the graph is drawn: its columns, its names, and its lines, the first of them below the head."""

    columns: list[LayerColumn]
    names: UnitNames
    width: int
    rows: int


class ArchitecturePanel(Panel[View]):
    """Draws the layers as columns of neurons, the inputs on the left and the outputs on the right.

    The facts of the unit that is pointed at, or of the layer that the example is followed to, stand below the graph, or
    beside it on a wide panel.
    """

    BORDER_TITLE = "1 Architecture"

    def __init__(self, run: Run) -> None:
        super().__init__(id="architecture")
        activations = [layer.activation.name for layer in run.network.layers]
        self._labels = ["input", *activations]
        self._map_legends = _write_map_legends(activations)
        self._count = format_count(run.network.parameters.size)
        self._names = name_network(run.dataset, activations, run.network.sizes[-1])
        self._train_biases = run.trainer.options.train_biases
        self._scaling = run.split.scaling
        self.pointer = Pointer()
        self.is_alone = False
        """Whether it is the only panel, and cannot be enlarged."""

    def move_pointer(self, layers: int, units: int) -> None:
        """Point at the unit so many layers and units further."""
        if self.view is not None:
            self._set_pointer(self.pointer.move(layers, units, self._snapshot))

    def follow_example(self) -> None:
        """Follow the example one layer further."""
        self._set_pointer(self.pointer.follow(self._snapshot))

    def withdraw_pointer(self) -> None:
        """End the following of the example, or point at nothing."""
        self._set_pointer(self.pointer.go_back())

    def on_click(self, event: events.Click) -> None:
        """Point at the unit that is clicked."""
        offset = event.get_content_offset(self)
        if offset is None or self.view is None or self.shows_maps(self.view):
            return
        if (index := self.find_unit(offset)) is not None:
            self._set_pointer(self.pointer.point_at(index))

    def find_unit(self, offset: Offset) -> UnitIndex | None:
        """Return the unit nearest to a cell of the panel; None outside the graph."""
        width, height = self.content_size
        place = self._place_graph(self._snapshot, *self._fit_graph(width, height))
        if offset.x >= place.width or not 1 <= offset.y <= place.rows:
            return None
        column = min(place.columns, key=lambda column: abs(column.x - offset.x))
        # of two neurons on a line the second click chooses the other one
        distances = [
            (abs(half // 2 - (offset.y - 1)), unit) for half, unit in zip(column.half_rows, column.shown, strict=True)
        ]
        nearest = [unit for distance, unit in distances if distance == min(distances)[0]]
        layer_number = place.columns.index(column)
        index = UnitIndex(layer_number, nearest[0])
        return UnitIndex(layer_number, nearest[-1]) if index == self.pointer.index else index

    def _set_pointer(self, pointer: Pointer) -> None:
        self.pointer = pointer
        self.redraw()

    @property
    def _snapshot(self) -> Snapshot:
        assert self.view is not None
        return self.pointer.choose_snapshot(self.view.snapshot)

    def shows_maps(self, view: View) -> bool:
        """Whether the maps of the neurons take the place of the graph, whose units can be pointed at."""
        return view.request.maps and view.snapshot.grid_activations is not None

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        if self.shows_maps(view):
            return self._draw_maps(view.snapshot, width, height)
        snapshot = self.pointer.choose_snapshot(view.snapshot)
        if self.pointer.index is None:
            return self._draw_graph_and_legend(snapshot, width, height)
        graph_width, rows = self._fit_graph(width, height)
        graph = self._draw_graph(snapshot, self._place_graph(snapshot, graph_width, rows))
        if graph_width < width:
            facts = self._draw_facts(snapshot, self.pointer.index, width - graph_width - GAP, height)
            return join_blocks([graph, facts], [graph_width + GAP])
        return [*graph, *self._draw_facts(snapshot, self.pointer.index, width, height - len(graph))]

    def _fit_graph(self, width: int, height: int) -> tuple[int, int]:
        """Return the width of the graph and its lines without the head; the facts or the legend take the rest."""
        if self.pointer.index is None:
            return width, height - (3 if height >= TALL else 2) - self._count_heaviest(height)
        if width >= BESIDE and height >= TALL:
            return width - BESIDE_WIDTH - GAP, height - 1
        return width, height - 1 - max(LEAST_FACTS, min(height - 1 - LEAST_GRAPH, round(height * FACTS_SHARE)))

    def _place_graph(self, snapshot: Snapshot, width: int, rows: int) -> GraphPlace:
        rows = max(1, rows)
        names = fit_unit_names(self._names.inputs, self._names.outputs, width, rows)
        chosen: list[int | None] = [None] * (len(snapshot.layers) + 1)
        if self.pointer.index is not None:
            chosen[self.pointer.index.layer_number] = self.pointer.index.unit
        columns = place_columns(snapshot.sizes, width, rows, chosen, names)
        return GraphPlace(columns, names, width, rows)

    def _draw_graph(self, snapshot: Snapshot, place: GraphPlace) -> list[Strip]:
        """The names of the layers, and the graph below them."""
        head = draw_layer_names(place.columns, self._labels, place.width)
        drawings = _make_layer_drawings(snapshot, self.pointer)
        graph = draw_graph(drawings, place.columns, place.width, place.rows, self.capabilities, place.names)
        return [head if _do_sizes_fit(place.columns, place.width) else make_line(), *graph]

    def _draw_facts(self, snapshot: Snapshot, index: UnitIndex, width: int, height: int) -> list[Strip]:
        if self.pointer.layer_number is None:
            unit, hint = view_unit(snapshot, index), "" if self.is_alone else f"{name_key('maximize')}: more"
            unscaled = self._find_unscaled(snapshot, index)
            return draw_unit_facts(unit, self._names, width, height, self._train_biases, unscaled, hint)
        return draw_layer_facts(snapshot, self._names, self.pointer.layer_number, width, height)

    def _find_unscaled(self, snapshot: Snapshot, index: UnitIndex) -> float | None:
        """Return the number that an input was scaled from; None for one that was not scaled, and for a neuron."""
        if index.layer_number or self._scaling.kind == "none":
            return None
        return float(self._scaling.undo(snapshot.example.x)[index.unit])

    def _draw_maps(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        assert snapshot.grid_activations is not None
        maps = draw_neuron_maps(snapshot.grid_activations, self._labels[1:], width, height - 1, self.capabilities)
        return [*maps, make_line((longest_fitting(self._map_legends, width), DIM))]

    def _draw_graph_and_legend(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        place = self._place_graph(snapshot, *self._fit_graph(width, height))
        heaviest = self._draw_heaviest_weights(snapshot, width) if height >= ENLARGED else []
        most = max(layer.weights.size for layer in snapshot.layers)
        all_shown = all(len(column.shown) == column.neurons for column in place.columns)
        all_drawn = all_shown and most <= count_drawn_edges(place.rows, self.capabilities)
        drawn = ["every weight drawn" if all_drawn else "the heaviest weights drawn"]
        if not all_shown:
            drawn.insert(0, "the heaviest weights and an even choice of neurons drawn")
        signs = any(not column.dense for column in place.columns)
        legend = self._legend(drawn, signs, width, height >= TALL)
        return [*self._draw_graph(snapshot, place), *heaviest, *legend]

    def _count_heaviest(self, height: int) -> int:
        return min(len(self._labels) - 1, MOST_LISTED) if height >= ENLARGED else 0

    def _draw_heaviest_weights(self, snapshot: Snapshot, width: int) -> list[Strip]:
        weights = [layer.weights for layer in snapshot.layers]
        return draw_heaviest_weights(weights, self._names.inputs, self._names.outputs, width, MOST_LISTED)

    def _legend(self, drawn: list[str], signs: bool, width: int, tall: bool) -> list[Strip]:
        """The number of parameters, what is drawn, and what the signs of weights and neurons mean.

        `drawn` says which weights and units are drawn, the longest form first.
        """
        count = f"{self._count} parameters"
        if tall:
            neurons: list[Piece] = [("neurons ", DIM), *NEURONS, ("  ", DIM)] if signs else []
            words = longest_fitting([*(f"{count}, {form}" for form in drawn), count], width)
            return [make_line((words, DIM)), make_line(*neurons, ("weights ", DIM), *WEIGHTS)]
        forms = [
            make_line((f"{count}, {drawn[-1]}  ", DIM), *WEIGHTS),
            make_line((f"{count}  ", DIM), *WEIGHTS),
        ]
        if signs:
            forms.insert(0, make_line((f"{count}, {drawn[-1]}  ", DIM), *WEIGHTS, ("  neurons ", DIM), *NEURONS))
            forms.insert(1, make_line((f"{count} ", DIM), *WEIGHTS, (" ", DIM), *NEURONS))
        return [next((form for form in forms if form.cell_length <= width), forms[-1])]


def _write_map_legends(names: list[str]) -> list[str]:
    """The legend of the maps of layers with these activations, the longest form first."""
    middles = {name: activation_named(name).middle for name in names}
    borders = sorted(set(middles.values()))
    groups = [f"{', '.join(name for name in middles if middles[name] == m)}: {m:g}" for m in borders if m]
    key = name_key("maps")
    exceptions = f" ({'; '.join(groups)})" if groups else ""
    return [
        f"each neuron's activation at every point: blue or + above 0, orange or − below{exceptions}; {key}: graph",
        f"blue or + is above 0{exceptions}; {key}: graph",
        f"blue or + above {' or '.join(f'{border:g}' for border in borders)}; {key}: graph",
        f"{key}: graph",
    ]


def _do_sizes_fit(columns: list[LayerColumn], width: int) -> bool:
    """Whether the sizes of the layers fit side by side over the columns."""
    sizes = [
        f"{len(column.shown)} of {column.neurons}" if len(column.shown) < column.neurons else f"{column.neurons}"
        for column in columns
    ]
    return sum(map(len, sizes)) + len(sizes) - 1 <= width


def _make_layer_drawings(snapshot: Snapshot, pointer: Pointer) -> list[LayerDrawing]:
    """The layers, with the unit that is pointed at and its edges, or the layer that the example is followed to.

    Layers that the example has not come to have dashes.
    """
    values = [snapshot.example.x, *(layer.a for layer in snapshot.layers)]
    weights = [None, *(layer.weights for layer in snapshot.layers)]
    index, followed = pointer.index, pointer.layer_number
    return [
        LayerDrawing(
            values[layer_number] if followed is None or layer_number <= followed else None,
            weights[layer_number],
            index.unit if index is not None and layer_number == index.layer_number and followed is None else None,
            index is None or layer_number == followed,
            _find_lit_edges(index, layer_number) if followed is None else None,
        )
        for layer_number in range(len(values))
    ]


def _find_lit_edges(index: UnitIndex | None, layer_number: int) -> tuple[int | None, int | None] | None:
    """Return which edges into a layer belong to the unit: those into it, and out of it those of an input."""
    if index is None:
        return None
    if index.layer_number == 0:
        return (None, index.unit) if layer_number == 1 else None
    return (index.unit, None) if layer_number == index.layer_number else None
