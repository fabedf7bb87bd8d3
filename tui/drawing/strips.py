"""Lines of styled text: made of pieces, shortened, wrapped, set side by side."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.palette import PLAIN

Piece = tuple[str, Style]


def make_line(*pieces: Piece) -> Strip:
    """One line from texts and their styles."""
    return Strip([Segment(text, style) for text, style in pieces if text])


def shorten(text: str, width: int) -> str:
    """The text, its end replaced by … where it is too long; at most `width` cells."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…" if width > 0 else ""


def longest_fitting(forms: Iterable[str], width: int) -> str:
    """The first form that fits; of the last, if none does, the beginning."""
    forms = list(forms)
    return next((form for form in forms if len(form) <= width), shorten(forms[-1], width))


def wrap_text(text: str, width: int, style: Style = PLAIN, indent: str = "") -> list[Strip]:
    """The text on as many lines as it needs; those after the first begin with the indent."""
    return [make_line((part, style)) for part in wrap(text, max(width, len(indent) + 1), subsequent_indent=indent)]


def join_blocks(blocks: Sequence[list[Strip]], widths: Sequence[int]) -> list[Strip]:
    """Blocks of lines side by side, each on so many cells; the last one ends where its lines end."""
    height = max(map(len, blocks))
    padded = [
        [strip.adjust_cell_length(width) for strip in block] + [Strip.blank(width)] * (height - len(block))
        for block, width in zip(blocks[:-1], widths, strict=False)
    ]
    last = [*blocks[-1], *[Strip([])] * (height - len(blocks[-1]))]
    return [Strip.join(strips) for strips in zip(*padded, last, strict=True)]


def flow_pieces(width: int, *pieces: Piece) -> list[Strip]:
    """The pieces one after the other; one that does not fit on its line begins the next, without its blanks."""
    rows: list[list[Piece]] = [[]]
    for text, style in pieces:
        if rows[-1] and sum(len(before) for before, _ in rows[-1]) + len(text) > width:
            rows.append([(text.lstrip(), style)])
        else:
            rows[-1].append((text, style))
    return [make_line(*row) for row in rows]
