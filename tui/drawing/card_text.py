"""The text of a card as lines: keys and new terms stand out, and numbers of the run are filled in."""

import re
from collections.abc import Callable
from string import Formatter

from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.drawing.palette import PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.numbers import MINUS, NOT_COMPUTED, format_count, format_number, format_share

KEY_OR_TERM = re.compile(r"(`[^`]+`|\*[^*\s][^*]*\*)")

COUNTS = ("step", "epoch", "batch_size", "examples", "parameters")
SHARES = ("train_accuracy", "test_accuracy")

Word = list[Piece]


def fill_numbers(text: str, find_number: Callable[[str], float]) -> str:
    """Return the text with the value of each expression in braces; "–" for a number that there is not.

    `find_number` raises LookupError or ArithmeticError for these. A format may follow: {z1[1]:.3f}.
    """
    return "".join(
        literal + ("" if name is None else _write_number(name, layout or "", find_number))
        for literal, name, layout, _ in Formatter().parse(text)
    )


def _write_number(name: str, layout: str, find_number: Callable[[str], float]) -> str:
    try:
        value = find_number(name)
    except (LookupError, ArithmeticError):
        return NOT_COMPUTED
    if layout:
        return format(value, layout).replace("-", MINUS)
    if name in COUNTS:
        return format_count(int(value))
    return format_share(value, 1) if name in SHARES else format_number(value, 0)


def remove_marks(text: str) -> str:
    """Return the text of a card without the marks of its keys and terms."""
    return KEY_OR_TERM.sub(lambda match: match[0][1:-1], text)


def wrap_card(text: str, width: int, plain: Style = PLAIN) -> list[Strip]:
    """Wrap a text on lines of at most `width` cells, without its marks: keys and terms are strong."""
    lines: list[Word] = [[]]
    used = 0
    for word in _split_words(text, plain):
        cells = sum(count_cells(part) for part, _ in word)
        if lines[-1] and used + 1 + cells > width:
            lines.append([])
            used = 0
        if lines[-1]:
            lines[-1].append((" ", plain))
            used += 1
        lines[-1] += word
        used += cells
    return [make_line(*line) for line in lines]


def _split_words(text: str, plain: Style) -> list[Word]:
    words: list[Word] = [[]]
    for part in KEY_OR_TERM.split(spell_out(text)):
        marked = KEY_OR_TERM.fullmatch(part) is not None
        style, shown = (STRONG, part[1:-1]) if marked else (plain, part)
        first, *more = re.split(r"\s+", shown)
        if first:
            words[-1].append((first, style))
        words += [[(word, style)] if word else [] for word in more]
    return [word for word in words if word]
