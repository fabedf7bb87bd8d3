"""A unit of the network in lines: its name, its numbers for the example, what it does, and its heaviest weights."""

import numpy as np
from textual.strip import Strip

from gradstep.core.observation.unit_view import UnitView
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, shorten
from gradstep.tui.drawing.palette import CAUTION, DIM, PLAIN, STRONG, signed_style
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line, wrap_text
from gradstep.tui.drawing.unit_names import LONGEST_NAME, NetworkNames
from gradstep.tui.drawing.unit_words import describe_unit, describe_unit_briefly, format_signed
from gradstep.tui.numbers import draw_bar, format_number

NUMBER = 9
"""Cells of the longest number with its sign."""

TERM = 2 * (NUMBER + 3)
"""Cells of · a = w·a, after the weight."""

WITH_PRODUCTS = 46
"""From this width in cells on, the table has the inputs and their products w·a."""

LEAST_TABLE = 5
"""Below so many free lines the weights stand on one line."""

LONGEST_BAR = 20

SUM_ROWS, WITH_SUM = 2, 6
"""The rows of the bias and of the sum z below the terms, and the lines of the table from which on they stand there."""


def draw_unit_facts(
    unit: UnitView,
    names: NetworkNames,
    width: int,
    height: int,
    train_biases: bool = True,
    unscaled: float | None = None,
    hint: str = "",
) -> list[Strip]:
    """Draw a unit on at most `height` lines. Sentences are left out if they do not fit whole, numbers never cut.

    Where one is left out, the `hint` says how it is seen. `unscaled` is the number that an input was scaled from, if it
    was.
    """
    strips = [_draw_title(unit, names, width, ""), _draw_numbers(unit, width)][:height]
    rows = min(len(unit.weights) + 1, LEAST_TABLE - 1) if height - len(strips) > LEAST_TABLE else 1
    said = [wrap_text(sentence, width) for sentence in describe_unit(unit, names, train_biases, unscaled)]
    left_out = len(strips) + sum(map(len, said)) + rows > height
    if len(strips) + len(said[0]) + rows > height:
        said = [wrap_text(describe_unit_briefly(unit, unscaled), width)]
    for sentence in said:
        if len(strips) + len(sentence) + rows <= height:
            strips += sentence
    if left_out:
        strips[:1] = [_draw_title(unit, names, width, hint)][:height]
    room = height - len(strips)
    return strips + (_draw_table(unit, names, width, room) if rows > 1 else _draw_line(unit, names, width)[:room])


def _draw_title(unit: UnitView, names: NetworkNames, width: int, hint: str) -> Strip:
    """The name, and the hint if it fits behind it."""
    name = make_line((shorten(names.full(unit.index.layer_number, unit.index.unit), width), STRONG))
    longer = Strip.join([name, make_line((f"  {hint}", DIM))])
    return longer if hint and longer.cell_length <= width else name


def _draw_numbers(unit: UnitView, width: int) -> Strip:
    """The numbers of the example, and how f stands; of an input its x. What does not fit is left out from the end."""
    if unit.activation is None:
        named: list[tuple[str, float | None]] = [("x", unit.a), ("δ", None)]
    else:
        named = [("z", unit.z), ("a", unit.a), ("δ", unit.delta)]
    fields: list[list[Piece]] = [[(f"{name} ", DIM), (format_number(value, 0), PLAIN)] for name, value in named]
    if unit.condition is not None:
        fields.append([(unit.condition, CAUTION if unit.condition != "active" else DIM)])
    more = [("target", unit.target), ("b", unit.bias)]
    fields += [[(f"{name} ", DIM), (format_number(value, 0), PLAIN)] for name, value in more if value is not None]
    line: list[Piece] = []
    for field in fields:
        longer = [*line, ("  ", DIM), *field] if line else field
        if make_line(*longer).cell_length <= width:
            line = longer
    return make_line(*line)


def _draw_line(unit: UnitView, names: NetworkNames, width: int) -> list[Strip]:
    """The heaviest weights on one line, as many as fit whole."""
    line: list[Piece] = [("weights", DIM)]
    for weight, other in zip(unit.weights.tolist(), unit.others.tolist(), strict=True):
        name = names.brief(_find_other_layer(unit), other)
        more: list[Piece] = [(f"  {name} ", DIM), (format_signed(weight), signed_style(weight))]
        if make_line(*line, *more).cell_length > width:
            break
        line += more
    return [make_line(*line)]


def _draw_table(unit: UnitView, names: NetworkNames, width: int, height: int) -> list[Strip]:
    """A row for each weight, the heaviest first: the other unit, the weight and a bar; of a wide table the terms of z.

    The bars are of the column that they stand beside: of the weights, or of the terms.
    """
    with_products = unit.activation is not None and width >= WITH_PRODUCTS
    sum_rows = SUM_ROWS if with_products and height >= WITH_SUM else 0
    room = height - sum_rows
    shown = len(unit.weights) if len(unit.weights) < room else max(0, room - 2)
    labels = [names.brief(_find_other_layer(unit), other) for other in unit.others[:shown].tolist()]
    numbers = NUMBER + 2 + (TERM if with_products else 0)
    label = min(max(map(count_cells, [*labels, "from"])), LONGEST_NAME, max(4, width - numbers))
    strips = [_draw_head(unit, label, with_products)]
    drawn = unit.products if with_products else unit.weights
    largest = float(np.abs(drawn).max()) or 1.0
    for index, name in enumerate(labels):
        weight, value = float(unit.weights[index]), float(unit.values[index])
        pieces: list[Piece] = [
            (align_left(name, label) + " ", DIM),
            (align_right(format_signed(weight), NUMBER), signed_style(weight)),
        ]
        bar = float(drawn[index])
        if with_products:
            pieces.append((f" · {format_number(value, NUMBER)} = {align_right(format_signed(bar), NUMBER)}", PLAIN))
        room = max(0, min(LONGEST_BAR, width - make_line(*pieces).cell_length - 1))
        strips.append(make_line(*pieces, (" " + draw_bar(abs(bar) / largest, room), signed_style(bar))))
    if shown < len(unit.weights):
        rest = float(unit.products[shown:].sum()) if sum_rows else None
        strips.append(_draw_sum_row(["… the other weights are no heavier", "… the others, no heavier"], rest, label))
    return [*strips, *_draw_sum(unit, label)] if sum_rows else strips


def _draw_head(unit: UnitView, label: int, with_products: bool) -> Strip:
    symbol = "x" if unit.index.layer_number == 1 else "a"
    head = align_left("from" if unit.activation else "to", label) + " " + align_right("w", NUMBER)
    if with_products:
        head += align_right(symbol, NUMBER + 3) + align_right(f"w·{symbol}", NUMBER + 3)
    return make_line((head, DIM))


def _draw_sum(unit: UnitView, label: int) -> list[Strip]:
    """The bias, and the sum of all terms and the bias: z."""
    return [_draw_sum_row(["the bias b"], unit.bias, label), _draw_sum_row(["their sum z"], unit.z, label)]


def _draw_sum_row(forms: list[str], value: float | None, label: int) -> Strip:
    """A row with a number in the column of the terms, or without one if it is None."""
    if value is None:
        return make_line((forms[0], DIM))
    before = label + 1 + TERM - len(" = ")
    words = longest_fitting(forms, before)
    return make_line((align_left(words, before), DIM), (f" = {align_right(format_signed(value), NUMBER)}", PLAIN))


def _find_other_layer(unit: UnitView) -> int:
    """Return the layer at the other end of the weights: the one before, for an input the first."""
    return unit.index.layer_number - 1 if unit.activation is not None else 1
