"""The layer that the example has come to, in lines: what was computed there, and its numbers by size."""

import numpy as np
from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.observation.snapshot import Snapshot
from gradstep.tui.drawing.cells import align_left, align_right, count_cells
from gradstep.tui.drawing.palette import DIM, PLAIN, STRONG, signed_style
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.drawing.unit_names import LONGEST_NAME, NetworkNames
from gradstep.tui.numbers import NOT_COMPUTED, draw_bar, format_count, format_number
from gradstep.tui.screen_keys import name_key

NUMBER = 9
LEAST_TABLE = 5
"""Below so many free lines the numbers stand on one line."""

LONGEST_BAR = 20


def draw_layer_facts(
    snapshot: Snapshot, names: NetworkNames, layer_number: int, width: int, height: int
) -> list[Strip]:
    """Draw a layer on at most `height` lines: layer 0 are the inputs of the example."""
    strips = [
        make_line((longest_fitting(_list_titles(snapshot, layer_number), width), STRONG)),
        make_line((longest_fitting(_list_formulas(snapshot, names, layer_number), width), PLAIN)),
    ]
    last = make_line((longest_fitting(_list_hints(snapshot, layer_number), width), DIM))
    room = height - len(strips) - 1
    draw = _draw_table if room >= LEAST_TABLE else _draw_line
    return [*strips, *draw(snapshot, names, layer_number, width, room)[: max(0, room)], last][:height]


def _list_titles(snapshot: Snapshot, layer_number: int) -> list[str]:
    if layer_number == 0:
        x = format_count(len(snapshot.example.x))
        return [f"the example enters: {x} inputs, at step {snapshot.step}", f"the example enters: {x} inputs"]
    what = "the output" if layer_number == len(snapshot.layers) else f"layer {layer_number} of {len(snapshot.layers)}"
    layer = snapshot.layers[layer_number - 1]
    title = f"{what}: {layer.activation}, {_count_units(len(layer.a))}"
    return [f"{title}, at step {snapshot.step}", title]


def _count_units(count: int) -> str:
    return "1 neuron" if count == 1 else f"{format_count(count)} neurons"


def _list_formulas(snapshot: Snapshot, names: NetworkNames, layer_number: int) -> list[str]:
    """What was computed, and of the output what came of it."""
    if layer_number == 0:
        return ["x, scaled as the network reads it", "x, scaled"]
    before = "x" if layer_number == 1 else f"a{layer_number - 1}"
    formula = f"z = W·{before} + b, a = f(z)"
    layer = snapshot.layers[layer_number - 1]
    activation = activation_named(layer.activation)
    if layer_number < len(snapshot.layers):
        silent = int(np.sum(layer.a == 0))
        still = f"{silent} of {len(layer.a)} are silent"
        return [f"{formula}; {still}", f"a = f(W·{before} + b)", still] if activation.can_be_silent else [formula]
    example = snapshot.example
    loss = f"E {format_number(example.loss, 0)}"
    if example.target_class is None or len(layer.a) == 1:
        target = f"target {format_number(float(example.y[0]), 0)}"
        return [f"{formula}; {target}, {loss}", f"{target}, {loss}", loss]
    predicted, wanted = (
        NOT_COMPUTED if unit is None else names.brief(layer_number, unit)
        for unit in (example.predicted_class, example.target_class)
    )
    words = f"predicted {predicted}, target {wanted}"
    return [f"{formula}; {words}, {loss}", f"{words}, {loss}", words]


def _list_hints(snapshot: Snapshot, layer_number: int) -> list[str]:
    on, back = name_key("follow"), name_key("withdraw")
    if layer_number == len(snapshot.layers):
        return [f"{on}: back to the neuron · {back}: the same", f"{on} or {back}: back"]
    return [f"{on}: on to the next layer · {back}: back to the neuron", f"{on}: next layer · {back}: back"]


def _sort_units(snapshot: Snapshot, layer_number: int) -> list[tuple[int, float | None, float]]:
    """The units of a layer with their z and a, those with the largest a first; z is None for inputs."""
    layer = snapshot.layers[layer_number - 1] if layer_number else None
    a = snapshot.example.x if layer is None else layer.a
    order = np.argsort(-np.abs(a), kind="stable").tolist()
    return [(unit, None if layer is None else float(layer.z[unit]), float(a[unit])) for unit in order]


def _draw_line(snapshot: Snapshot, names: NetworkNames, layer_number: int, width: int, height: int) -> list[Strip]:
    """As many units as fit whole on so many lines, those with the largest numbers first."""
    units = _sort_units(snapshot, layer_number)
    lines: list[Strip] = []
    line: list[Piece] = [("a" if layer_number else "x", DIM)]
    for unit, _, a in units:
        more: list[Piece] = [(f"  {names.brief(layer_number, unit)} ", DIM), (format_number(a, 0), signed_style(a))]
        if make_line(*line, *more).cell_length > width:
            lines.append(make_line(*line))
            line = [(" ", DIM)]
        if len(lines) == height:
            break
        line += more
    return lines if len(lines) == height else [*lines, make_line(*line)]


def _draw_table(snapshot: Snapshot, names: NetworkNames, layer_number: int, width: int, height: int) -> list[Strip]:
    """A row for each unit, the largest a first: its z, its a and a bar."""
    units = _sort_units(snapshot, layer_number)
    shown = units if len(units) < height else units[: max(0, height - 2)]
    labels = [names.brief(layer_number, unit) for unit, _, _ in shown]
    label = min(max(map(count_cells, [*labels, "neuron"])), LONGEST_NAME)
    columns = ("z", "a") if layer_number else ("x",)
    strips = [make_line((" " * label + "".join(align_right(name, NUMBER) for name in columns), DIM))]
    room = max(0, min(LONGEST_BAR, width - label - len(columns) * NUMBER - 1))
    largest = abs(units[0][2]) or 1.0
    for name, (_, z, a) in zip(labels, shown, strict=True):
        numbers = (z, a) if layer_number else (a,)
        strips.append(
            make_line(
                (align_left(name, label), DIM),
                ("".join(format_number(number, NUMBER) for number in numbers), PLAIN),
                (" " + draw_bar(abs(a) / largest, room), signed_style(a)),
            )
        )
    if len(shown) < len(units):
        strips.append(make_line((longest_fitting(["… the others are no larger", "…"], width), DIM)))
    return strips
