"""Finds the cells of a line that changed, and cuts a line into cells."""

from itertools import compress, count, pairwise
from operator import ne

from rich.cells import get_character_cell_size
from rich.style import Style
from textual.strip import Strip

Cells = list[tuple[str, Style | None]]
"""The text and style of each cell of a line. The second cell of a wide character has no text."""

Span = tuple[int, int]
"""The first cell, and the one after the last."""

CURSOR_MOVE = 4
"""Moving the cursor over unchanged cells takes about as many bytes as sending so many of them again."""

_NARROW = set[str]()
"""Characters of one cell, as far as they were met."""


def find_changed_spans(before: Cells, after: Cells) -> list[Span]:
    """Return the runs of cells that differ; two with fewer than CURSOR_MOVE cells between them are one.

    Each begins and ends between whole characters of both lines: a terminal cannot draw half of a wide one.
    """
    if len(before) != len(after):
        return [(0, max(len(before), len(after)))]
    spans: list[Span] = []
    for start, end in _find_runs(before, after):
        while _is_inside_character(start, before) or _is_inside_character(start, after):
            start -= 1
        while _is_inside_character(end, before) or _is_inside_character(end, after):
            end += 1
        if spans and start - spans[-1][1] <= CURSOR_MOVE:
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _find_runs(before: Cells, after: Cells) -> list[Span]:
    """Return the runs of cells that differ."""
    changed = list(compress(count(), map(ne, before, after)))
    ends = [index for index in range(1, len(changed)) if changed[index] > changed[index - 1] + 1]
    return [(changed[i], changed[j - 1] + 1) for i, j in pairwise([0, *ends, len(changed)])] if changed else []


def _is_inside_character(x: int, cells: Cells) -> bool:
    """Whether a cut before cell x would part a wide character, or a combining mark from its character."""
    return 0 < x < len(cells) and (not cells[x][0] or _ends_with_mark(cells, x))


def _ends_with_mark(cells: Cells, end: int) -> bool:
    """Whether the character before cell `end` has a combining mark."""
    last = cells[end - 1][0] or cells[end - 2][0]
    return len(last) > 1


def split_cells(strip: Strip) -> Cells:
    """Return the text and style of each cell.

    A combining mark, as in m̂, belongs to the character before it.
    """
    text = strip.text
    if not _are_narrow(text):
        return _split_any(strip)
    styles: list[Style | None] = []
    for segment in strip:
        styles += [segment.style] * len(segment.text)
    return list(zip(text, styles, strict=True))


def _are_narrow(text: str) -> bool:
    """Whether each character takes one cell."""
    others = set(text) - _NARROW
    _NARROW.update(character for character in others if get_character_cell_size(character) == 1)
    return others <= _NARROW


def _split_any(strip: Strip) -> Cells:
    found: Cells = []
    for segment in strip:
        for character in segment.text:
            width = get_character_cell_size(character)
            if width:
                found += [(character, segment.style), ("", segment.style)][:width]
            elif found:
                owner = -1 if found[-1][0] else -2
                found[owner] = (found[owner][0] + character, found[owner][1])
    return found
