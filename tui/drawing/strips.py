"""Functions that make lines of styled text, shorten and wrap them, and join blocks of them side by side."""

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.cells import count_cells, make_drawable, shorten, wrap_words
from gradstep.tui.drawing.palette import PLAIN
from gradstep.tui.drawing.spelling import spell_out

Piece = tuple[str, Style]

EMPTY = Strip([])


def make_line(*pieces: Piece) -> Strip:
    """Make one line of texts with their styles."""
    return Strip([Segment(make_drawable(text), style) for text, style in pieces if text])


def longest_fitting(forms: Iterable[str], width: int) -> str:
    """Return the first of the forms that fits; if none does, the last one shortened."""
    forms = [spell_out(form) for form in forms]
    return next((form for form in forms if count_cells(form) <= width), shorten(forms[-1], width))


def wrap_text(text: str, width: int, style: Style = PLAIN, indent: str = "") -> list[Strip]:
    """Wrap the text on as many lines as it needs; those after the first start with the indent."""
    return [make_line((part, style)) for part in wrap_words(text, max(width, len(indent) + 1), indent)]


def join_blocks(blocks: Sequence[list[Strip]], widths: Sequence[int]) -> list[Strip]:
    """Join blocks of lines side by side, each padded to its width except the last."""
    height = max(map(len, blocks))
    columns = list(zip_longest(blocks, widths[: len(blocks) - 1]))
    return [Strip(chain.from_iterable(_pad_line(block, y, width) for block, width in columns)) for y in range(height)]


def _pad_line(block: list[Strip], y: int, width: int | None) -> Iterable[Segment]:
    """Return what line `y` of a block consists of, fitted to the width, if there is one."""
    strip = block[y] if y < len(block) else EMPTY
    missing = 0 if width is None else width - strip.cell_length
    if missing < 0:
        return strip.crop(0, width)
    return [*strip, Segment(" " * missing)] if missing else strip


def flow_pieces(width: int, *pieces: Piece) -> list[Strip]:
    """Set the pieces one after the other; one that does not fit starts the next line, without its leading blanks."""
    rows: list[list[Piece]] = [[]]
    for text, style in ((spell_out(text), style) for text, style in pieces):
        if rows[-1] and sum(count_cells(before) for before, _ in rows[-1]) + count_cells(text) > width:
            rows.append([(text.lstrip(), style)])
        else:
            rows[-1].append((text, style))
    return [make_line(*row) for row in rows]


def flow_items(width: int, items: Iterable[Sequence[Piece]]) -> list[Strip]:
    """Set items of pieces one after the other, two blanks apart; one that does not fit starts the next line.

    One that is wider than a line is left out.
    """
    rows: list[Strip] = []
    for item in items:
        strip = make_line(*((spell_out(text), style) for text, style in item))
        if rows and rows[-1].cell_length + 2 + strip.cell_length <= width:
            rows[-1] = Strip.join([rows[-1], make_line(("  ", PLAIN)), strip])
        elif strip.cell_length <= width:
            rows.append(strip)
    return rows
