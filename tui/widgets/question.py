"""A dialog with a yes-or-no question."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from gradstep.tui.widgets.dialog import Dialog


class QuestionScreen(Dialog[bool]):
    """Asks a question, and returns whether the answer is yes."""

    BINDINGS = [  # noqa: RUF012
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("escape,n,space,q", "answer(False)", "No"),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._text = f"{question}\n\ny {yes}   esc no"

    def compose(self) -> ComposeResult:
        yield Static(self._text, id="question", markup=False)

    def action_answer(self, yes: bool) -> None:
        """Close the dialog with this answer."""
        self.dismiss(yes)
