"""The dialog that asks where the data of a saved run are now."""

import os

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from gradstep.core.errors import make_printable
from gradstep.data.given_source import DATA_SUFFIXES
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.widgets.dialog import Dialog
from gradstep.tui.widgets.line_input import LineInput

KEYS = (
    "[@click=screen.complete]tab[/] completes   [@click=screen.accept]enter[/] goes on   "
    "[@click=screen.drop]esc[/] leaves"
)
"""The last line; its keys can be clicked."""


class DataPathScreen(Dialog[str]):
    """Says what is wrong with the file of a run, and returns the path that is typed; None to leave the run."""

    BINDINGS = [  # noqa: RUF012
        Binding("tab", "complete", "Complete", priority=True),
        Binding("escape", "drop", "Leave"),
        Binding("ctrl+c,ctrl+q", "app.quit", "Quit", priority=True),
    ]

    def __init__(self, run: str, problem: str, path: str) -> None:
        """`path` is what stands on the line at first."""
        super().__init__()
        self._text = f"The data of {make_printable(run)}\n{make_printable(problem)}\n\nWhere are they now?"
        self._path = path

    def compose(self) -> ComposeResult:
        with Vertical(id="data-box"):
            yield Static(self._text, markup=False)
            yield LineInput(
                "screen.accept", self._path, suggester=PathSuggester(), id="data-path", select_on_focus=False
            )
            yield Static(Content.from_markup(KEYS), id="data-keys")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))

    def action_complete(self) -> None:
        """Take what is suggested."""
        self.query_one(Input).action_cursor_right()

    def action_accept(self) -> None:
        """Return the path, if there is one."""
        if path := self.query_one(Input).value.strip():
            self.dismiss(os.path.expanduser(path))

    def action_drop(self) -> None:
        """Leave the run as it is."""
        self.dismiss(None)


class PathSuggester(Suggester):
    """Suggests the first folder or data file, in alphabetical order, whose path begins as what is typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await call_in_daemon_thread(complete_path, value)


def complete_path(typed: str) -> str | None:
    """Return a path that goes on from the one that is typed; None if there is none. A folder ends in a separator."""
    folder, begun = os.path.split(typed)
    try:
        names = sorted(os.listdir(os.path.expanduser(folder) or os.curdir))
    except OSError:
        return None
    for name in names:
        whole = os.path.join(folder, name)
        is_folder = os.path.isdir(os.path.expanduser(whole))
        if name.startswith(begun) and name.isprintable() and (begun or not name.startswith(".")):
            if is_folder:
                return os.path.join(whole, "")
            if name.lower().endswith(DATA_SUFFIXES):
                return whole
    return None
