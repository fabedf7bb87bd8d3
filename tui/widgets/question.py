"""A dialog with a yes-or-no question."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from gradstep.tui.widgets.dialog import Dialog

ANSWERS = "[@click=screen.answer(True)]y[/] $yes   [@click=screen.answer(False)]esc[/] no"
"""The last line; its keys can be clicked."""


class QuestionScreen(Dialog[bool]):
    """Asks a question, and returns whether the answer is yes."""

    BINDINGS = [  # noqa: RUF012
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("escape,n,space,q", "answer(False)", "No"),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._text = Content(f"{question}\n\n") + Content.from_markup(ANSWERS, yes=yes)

    def compose(self) -> ComposeResult:
        yield Static(self._text, id="question")

    def action_answer(self, yes: bool) -> None:
        """Close the dialog with this answer."""
        self.dismiss(yes)
