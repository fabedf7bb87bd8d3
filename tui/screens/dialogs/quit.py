"""The question before the program quits while the training is not finished."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from gradstep.tui.widgets.dialog import Dialog


class QuitScreen(Dialog[bool]):
    """Dismisses with True to quit, with False to stay."""

    BINDINGS = [  # noqa: RUF012
        Binding("q,y,enter,ctrl+c,ctrl+q", "answer(True)", "Quit"),
        Binding("escape,n,space", "answer(False)", "Stay"),
    ]

    def compose(self) -> ComposeResult:
        yield Static(
            "The training is not finished.\n\n[b][@click=screen.answer(True)]q[/][/b] quit   "
            "[b][@click=screen.answer(False)]esc[/][/b] stay",
            id="question",
        )

    def action_answer(self, leave: bool) -> None:
        self.dismiss(leave)
