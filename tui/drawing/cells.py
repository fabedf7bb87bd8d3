"""Text measured, padded, cut and wrapped in cells of the terminal.

A wide character, as of Chinese or Japanese, takes two cells, and a combining mark none: the length of a text in
characters says nothing of its width.
"""

import re
from textwrap import wrap

from rich.cells import cell_len, chop_cells, get_character_cell_size, set_cell_size

from gradstep.tui.drawing.spelling import spell_out

UNSURE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
"""Characters that terminals draw on different numbers of cells, or that join others, or that are commands."""

FIRST_REGIONAL_LETTER = 0x1F1E6
"""The code point of the first of the 26 letters that make flags in pairs."""


def make_drawable(text: str) -> str:
    """Return the text without characters whose width depends on the terminal.

    A flag becomes its two letters, a joined emoji its parts, and a control character a blank or nothing.
    """
    return UNSURE.sub(_replace_unsure, text) if UNSURE.search(text) else text


def _replace_unsure(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0 <= code - FIRST_REGIONAL_LETTER < 26:
        return chr(ord("A") + code - FIRST_REGIONAL_LETTER)
    return " " if match[0] in "\t\n\r\v\f\x85\u2028\u2029" else "\ufffd" if 0xD800 <= code < 0xE000 else ""


def count_cells(text: str) -> int:
    """Return the cells that the text takes once it is drawn."""
    return cell_len(make_drawable(text))


NUMBER = re.compile(r"[−+-]?\d+(?:,\d{3}(?!\d))*(?:\.\d+)?(?:e[−+-]?\d+)?%?")


def shorten(text: str, width: int) -> str:
    """Return the text in at most `width` cells, its end replaced by … if it is too long.

    A number is left out rather than cut: its first digits would be another number.
    """
    if count_cells(text) <= width:
        return text
    if width <= 0:
        return ""
    text = make_drawable(text)
    kept = set_cell_size(text, width - 1).rstrip()
    cut = next((number for number in NUMBER.finditer(text) if number.start() < len(kept) < number.end()), None)
    return (kept if cut is None else text[: cut.start()].rstrip()) + "…"


def shorten_from_left(text: str, width: int) -> str:
    """Return the text in at most `width` cells, its beginning replaced by … if it is too long."""
    if count_cells(text) <= width:
        return text
    text = make_drawable(text)
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return f"…{text}"[: max(0, width)]


def align_left(text: str, width: int) -> str:
    """Return the text in exactly `width` cells, shortened or with blanks after it."""
    text = shorten(text, width)
    return text + " " * (width - count_cells(text))


def align_right(text: str, width: int) -> str:
    """Return the text in exactly `width` cells, shortened or with blanks before it."""
    text = shorten(text, width)
    return " " * (width - count_cells(text)) + text


def wrap_words(text: str, width: int, indent: str = "") -> list[str]:
    """Wrap the text on lines of at most `width` cells; those after the first start with the indent."""
    text = spell_out(make_drawable(text))
    if all(get_character_cell_size(character) == 1 for character in text):
        return wrap(text, width, subsequent_indent=indent)
    lines, line = [], text[: len(text) - len(text.lstrip())]
    for word in text.split():
        if line.strip() and cell_len(f"{line} {word}") > width:
            lines.append(line)
            line = indent
        elif line.strip():
            line += " "
        first, *more = chop_cells(word, max(1, width - max(cell_len(line), len(indent))))
        line += first
        for part in more:
            lines.append(line)
            line = indent + part
    return [*lines, line] if line.strip() else lines
