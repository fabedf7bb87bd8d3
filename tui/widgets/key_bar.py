"""The last line of the screen: the keys, which can be clicked, or a note."""

from dataclasses import replace
from functools import cache
from typing import Protocol

from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.drawing.palette import DIM, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.keymap import Key
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

Group = tuple[str, list[Key]]

ONE_MOMENT = "one moment …"
"""The note while what a screen shows is read or set up."""


class HasNote(Protocol):
    """A view with a note for the user, which may be empty."""

    @property
    def note(self) -> str:
        """The note; empty for none."""


class KeyBar(Panel[HasNote], can_focus=False):
    """Shows the keys of a screen, or the note of the view if there is one. Keys with the same word share it.

    The key that pauses a training is that to go on while it rests.
    """

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__(id="footer")
        self._keys, self._said = keys, ""

    def say(self, note: str) -> None:
        """Show this note instead of that of the view; with an empty one that of the view again."""
        if note != self._said:
            self._said = note
            self.redraw()

    def show_keys(self, keys: tuple[Key, ...]) -> None:
        """Show these keys from now on."""
        if keys is not self._keys:
            self._keys = keys
            self.redraw()

    def lines(self, view: HasNote, width: int, height: int) -> list[Strip]:
        """Draw the note, or the keys."""
        if note := self._said or view.note:
            return [_draw_note(note, self._keys, width)]
        return self.draw_keys(view, width, height)

    def draw_keys(self, view: HasNote, width: int, height: int) -> list[Strip]:
        """Draw the keys."""
        rests = isinstance(view, View) and view.phase != "training"
        return list(_fit_groups(_name_going_on(self._keys) if rests else self._keys, width, height))


@cache
def _name_going_on(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    return tuple(replace(key, footer="go on") if key.id == "pause" else key for key in keys)


def _draw_note(note: str, keys: tuple[Key, ...], width: int) -> Strip:
    """Draw the note, and as many of the keys for help, quit and back as fit."""
    out = [group for group in _group_by_word(keys).items() if group[0] in ("help", "quit", "back")]
    while out and _draw_row(out).cell_length + count_cells(note) + 2 > width:
        out.pop(0)
    return Strip.join([make_line((f" {longest_fitting([note], width - 2)} ", STRONG)), _draw_row(out)])


@cache
def _fit_groups(keys: tuple[Key, ...], width: int, height: int) -> tuple[Strip, ...]:
    """Draw as many groups as fit; help and quit, which come last, always stay."""
    groups = list(_group_by_word(keys).items())
    while len(_arrange_rows(groups, width)) > height and len(groups) > 2:
        del groups[-3]
    return tuple(_draw_row(row) for row in _arrange_rows(groups, width))


def _arrange_rows(groups: list[Group], width: int) -> list[list[Group]]:
    """Distribute the groups over as many lines as they need."""
    rows: list[list[Group]] = [[]]
    for group in groups:
        if rows[-1] and _draw_row([*rows[-1], group]).cell_length >= width:
            rows.append([])
        rows[-1].append(group)
    return rows


def _draw_row(groups: list[Group]) -> Strip:
    pieces: list[Piece] = []
    for word, keys in groups:
        pieces += [("  " if pieces else " ", DIM), *_draw_clickable_keys(keys), (" " + word, DIM)]
    return make_line(*pieces)


def _group_by_word(table: tuple[Key, ...]) -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = {}
    for key in table:
        if key.footer:
            groups.setdefault(key.footer, []).append(key)
    return groups


def _draw_clickable_keys(keys: list[Key]) -> list[Piece]:
    """Draw the keys of a group so that each can be clicked."""
    marks: list[Piece] = []
    for index, key in enumerate(keys):
        action = key.action if "(" in key.action else f"{key.action}()"
        click = Style(meta={"@click": f"{key.owner}.{action}"})
        marks.append((("/" if index else "") + key.shown.split()[0], STRONG + click))
    return marks
