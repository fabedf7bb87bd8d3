"""The network of an update as it is drawn on paper: its units in columns, and the weights between them."""

from dataclasses import dataclass

from gradstep.core.notation import rounded, subscript
from gradstep.core.training.update import Update

MOST_UNITS = 6
"""Of a larger layer only the first and the last units are drawn."""

MOST_WITH_WEIGHTS = 4
"""Between larger layers the weights have no room to be written."""

FEW, SHORT = 2, 5
"""Between layers of more than a few units only short numbers have room, of so many characters."""

DIGITS = 4
"""The significant digits of a number in the drawing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its index in its layer, its symbol, what stands below it, and what stands beside it at the border."""

    index: int
    symbol: str
    below: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The inputs or a layer: its title, the units that are drawn, how many are not, and the units before the gap."""

    title: str
    units: tuple[Unit, ...]
    left_out: int = 0
    before_gap: int = 0

    @property
    def slots(self) -> tuple[Unit | None, ...]:
        """The units from the top, and None for the gap."""
        if not self.left_out:
            return self.units
        return (*self.units[: self.before_gap], None, *self.units[self.before_gap :])


@dataclass(frozen=True, slots=True)
class Edge:
    """A weight between two drawn units, by their slots; its text is empty where there is no room for it."""

    source: int
    target: int
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """The columns, and for each but the first the edges that lead into it."""

    columns: tuple[Column, ...]
    edges: tuple[tuple[Edge, ...], ...]

    @property
    def shows_every_number(self) -> bool:
        """Whether every weight and bias is written."""
        return all(edge.text for edges in self.edges for edge in edges) and not any(
            column.left_out for column in self.columns
        )

    @property
    def left_out(self) -> int:
        """The units that are not drawn."""
        return sum(column.left_out for column in self.columns)


def draw_network(
    update: Update, example: int, inputs: tuple[str, ...], outputs: tuple[str, ...], titles: tuple[str, ...]
) -> NetworkDrawing:
    """Draw the network before the update, with the inputs and the targets of an example; `titles` name the columns."""
    x, y = update.x[example].tolist(), update.y[example].tolist()
    columns = [_make_column(titles[0], [("x", "", _name(inputs, i, rounded(v, DIGITS))) for i, v in enumerate(x)])]
    last = len(update.layers)
    for number, (layer, title) in enumerate(zip(update.layers, titles[1:], strict=True), start=1):
        biases = [f"b = {rounded(bias, DIGITS)}" for bias in layer.old[:, -1].tolist()]
        texts = [
            ("ŷ", bias, _name(outputs, i, f"y = {rounded(y[i], DIGITS)}")) if number == last else ("a", bias, "")
            for i, bias in enumerate(biases)
        ]
        columns.append(_make_column(title, texts))
    edges = [
        _make_edges(source, target, layer.old[:, :-1].tolist())
        for source, target, layer in zip(columns, columns[1:], update.layers, strict=False)
    ]
    return NetworkDrawing(tuple(columns), tuple(edges))


def _name(names: tuple[str, ...], index: int, number: str) -> str:
    return f"{names[index]}: {number}" if names else number


def _make_column(title: str, texts: list[tuple[str, str, str]]) -> Column:
    """Make a column of the symbol, the text below and the text beside each unit."""
    units = [Unit(i, letter + subscript(i), below, beside) for i, (letter, below, beside) in enumerate(texts)]
    if len(units) <= MOST_UNITS:
        return Column(title, tuple(units))
    before = MOST_UNITS - 2
    return Column(title, (*units[:before], units[-1]), len(units) - before - 1, before)


def _make_edges(source: Column, target: Column, weights: list[list[float]]) -> tuple[Edge, ...]:
    """Make the edges between all drawn units; `weights` has a row for each unit of the target."""
    pairs = [
        (i, j, weights[two.index][one.index])
        for i, one in enumerate(source.slots)
        for j, two in enumerate(target.slots)
        if one is not None and two is not None
    ]
    texts = [rounded(weight, DIGITS) for _, _, weight in pairs]
    units = max(len(source.slots), len(target.slots))
    has_room = units <= FEW or (units <= MOST_WITH_WEIGHTS and max(map(len, texts)) <= SHORT)
    return tuple(Edge(*pair, text if has_room else "") for pair, text in zip(pairs, texts, strict=True))
