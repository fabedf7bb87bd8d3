"""The screen that covers the others while the terminal is too small for them."""

from textwrap import wrap

from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.widgets import Static

from gradstep.tui.widgets.dialog import Dialog

LEAST = Size(40, 12)


class TooSmallScreen(Dialog[bool]):
    """Shows the size that is needed. Dismisses with True to quit, and with False once the terminal is large enough."""

    BINDINGS = [  # noqa: RUF012
        Binding("q,ctrl+c,ctrl+q", "quit", "Quit"),
        Binding("ctrl+z", "app.suspend_process", "Back to the shell"),
    ]

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def on_resize(self) -> None:
        self._check_size()

    def on_screen_resume(self) -> None:
        self._check_size()

    def _check_size(self) -> None:
        size = self.app.size
        if is_too_small(size):
            self.query_one(Static).update(make_message(size))
        elif self.app.screen is self:
            self.dismiss(False)

    def action_quit(self) -> None:
        self.dismiss(True)


def is_too_small(size: Size) -> bool:
    """Whether a terminal of this size is too small for the other screens."""
    return size.width < LEAST.width or size.height < LEAST.height


def make_message(size: Size) -> str:
    """Return the needed size, the present size and the key to quit, in the longest form that fits.

    A _ in a form is a space at which no line breaks.
    """
    needed, here = (f"{each.width}_×_{each.height}" for each in (LEAST, size))
    forms = (
        f"gradstep needs {needed}, this terminal has {here}: make it larger; q_quits",
        f"needs {needed}, has {here}; q_quits",
        f"needs {LEAST.width}×{LEAST.height} q_quits",
        "q_quits",
    )
    lines = next((lines for form in forms if _fits(lines := _wrap_words(form, size), size)), ["q"])
    return "\n".join(lines).replace("_", " ")


def _wrap_words(text: str, size: Size) -> list[str]:
    return wrap(text, max(1, size.width), break_long_words=False)


def _fits(lines: list[str], size: Size) -> bool:
    return len(lines) <= size.height and max(map(len, lines)) <= size.width
