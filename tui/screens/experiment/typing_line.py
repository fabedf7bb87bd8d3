"""The line of the experiment screen on which a value or the name of a file is typed."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from gradstep.tui.widgets.line_input import LineInput

KEYS = "[@click=screen.accept]enter[/] takes it  [@click=screen.drop]esc[/] drops it"
"""What stands behind the line where there is room; both can be clicked."""


class TypingLine(Horizontal):
    """Has the class `shown` while something is asked."""

    _accept: Callable[[str], None]

    def compose(self) -> ComposeResult:
        yield Static(id="asked", markup=False)
        yield LineInput("screen.accept", id="typed")
        yield Static(KEYS, id="typing-keys")

    def ask(self, what: str, text: str, accept: Callable[[str], None]) -> None:
        """Show the line with this text. What is typed goes to `accept` once it is taken."""
        self._accept = accept
        self.add_class("shown")
        self.query_one("#asked", Static).update(what)
        line = self.query_one(Input)
        line.value = text
        self.screen.set_focus(line)

    def take(self) -> Callable[[], None]:
        """Hide the line, and return what passes its text on."""
        accept, text = self._accept, self.query_one(Input).value
        self.drop()
        return lambda: accept(text)

    def drop(self) -> None:
        """Hide the line."""
        self.remove_class("shown")
