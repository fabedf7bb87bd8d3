"""The last line: the keys, from the one table, each a thing to click."""

from functools import cache
from typing import Protocol

from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.palette import DIM, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.keymap import Key
from gradstep.tui.widgets.panel import Panel

Group = tuple[str, list[Key]]


class HasNote(Protocol):
    """A view that may have something to say."""

    @property
    def note(self) -> str: ...


class KeyBar(Panel[HasNote], can_focus=False):
    """Keys that belong together share a word, as + and − share "rate". A note of the session takes their place."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__(id="footer")
        self._keys = keys

    def lines(self, view: HasNote, width: int, height: int) -> list[Strip]:
        if view.note:
            return [_draw_note(view.note, self._keys, width)]
        return list(_fit_groups(self._keys, width, height))


def _draw_note(note: str, keys: tuple[Key, ...], width: int) -> Strip:
    """The note, and of the keys those that lead out, as many of them as it leaves room for."""
    out = [group for group in _group_keys(keys).items() if group[0] in ("help", "quit", "back")]
    while out and _draw_row(out).cell_length + len(note) + 2 > width:
        out.pop(0)
    return Strip.join([make_line((f" {longest_fitting([note], width - 2)} ", STRONG)), _draw_row(out)])


@cache
def _fit_groups(keys: tuple[Key, ...], width: int, height: int) -> tuple[Strip, ...]:
    """As many groups as fit, help and quit among them."""
    groups = list(_group_keys(keys).items())
    while len(_arrange_rows(groups, width)) > height and len(groups) > 2:
        del groups[-3]
    return tuple(_draw_row(row) for row in _arrange_rows(groups, width))


def _arrange_rows(groups: list[Group], width: int) -> list[list[Group]]:
    """The groups on as many lines as they need."""
    rows: list[list[Group]] = [[]]
    for group in groups:
        if rows[-1] and _draw_row([*rows[-1], group]).cell_length >= width:
            rows.append([])
        rows[-1].append(group)
    return rows


def _draw_row(groups: list[Group]) -> Strip:
    pieces: list[Piece] = []
    for word, keys in groups:
        pieces += [("  " if pieces else " ", DIM), *_clickable_keys(keys), (" " + word, DIM)]
    return make_line(*pieces)


def _group_keys(table: tuple[Key, ...]) -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = {}
    for key in table:
        if key.footer:
            groups.setdefault(key.footer, []).append(key)
    return groups


def _clickable_keys(keys: list[Key]) -> list[Piece]:
    """What stands on each key, clickable."""
    marks: list[Piece] = []
    for index, key in enumerate(keys):
        action = key.action if "(" in key.action else f"{key.action}()"
        click = Style(meta={"@click": f"{key.owner}.{action}"})
        marks.append((("/" if index else "") + key.shown.split()[0], STRONG + click))
    return marks
