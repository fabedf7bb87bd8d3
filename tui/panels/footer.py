"""The last line: the keys, from the one table, each a thing to click."""

from rich.style import Style
from textual.strip import Strip

from tui.colours import DIM, STRONG
from tui.keymap import KEYS, Key
from tui.panels.panel import Panel, Piece, line
from tui.session import View


class Keys(Panel, can_focus=False):
    """Keys that belong together share a word, as + and − share "rate". A note of the session takes their place."""

    def __init__(self) -> None:
        super().__init__(id="footer")

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        if view.note:
            return [line((" " + view.note, STRONG))]
        groups = list(_groups().items())
        while len(groups) > 2 and _line(groups).cell_length > width:
            del groups[-3]  # help and quit stay
        return [_line(groups)]


def _line(groups: list[tuple[str, list[Key]]]) -> Strip:
    pieces: list[Piece] = []
    for word, keys in groups:
        pieces += [("  " if pieces else " ", DIM), *_marks(keys), (" " + word, DIM)]
    return line(*pieces)


def _groups() -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = {}
    for key in KEYS:
        if key.footer:
            groups.setdefault(key.footer, []).append(key)
    return groups


def _marks(keys: list[Key]) -> list[Piece]:
    """What stands on each key, clickable."""
    marks: list[Piece] = []
    for place, key in enumerate(keys):
        click = Style(meta={"@click": f"app.{key.action}" if "(" in key.action else f"app.{key.action}()"})
        marks.append((("/" if place else "") + key.shown.split()[0], STRONG + click))
    return marks
