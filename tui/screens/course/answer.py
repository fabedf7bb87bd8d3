"""The answer to a question of a card: a typed number, or one of some choices."""

from collections.abc import Callable

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip
from textual.widgets import Static

from gradstep.data.course.card import Choice, Question
from gradstep.data.course.language import Language
from gradstep.tui.drawing.card_text import wrap_card
from gradstep.tui.drawing.palette import DIM, PLAIN, STRONG
from gradstep.tui.widgets.dialog import Dialog
from gradstep.tui.widgets.typed_number import apply_key, format_typed, read_answer

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "number": "your number",
        "keys": "enter answers   esc skips the question",
        "choose": "esc skips the question",
    },
    "ru": {
        "number": "ваше число",
        "keys": "enter — ответить   esc — пропустить вопрос",
        "choose": "esc — пропустить вопрос",
    },
}

Answer = Choice | str
"""A choice, or a number as it was typed."""


class AnswerScreen(Dialog[Answer]):
    """Returns the choice or the typed number; None to skip the question. What is behind it stays readable."""

    BINDINGS = [  # noqa: RUF012
        Binding("escape", "dismiss", "Skip"),
        Binding("enter", "answer", "Answer"),
        Binding("ctrl+c,ctrl+q", "app.quit", "Quit"),
    ]

    def __init__(self, text: str, question: Question, language: Language, fill: Callable[[str], str]) -> None:
        """`fill` puts the numbers of the run into the text of a choice."""
        super().__init__()
        self._text, self._question, self._language, self._fill = text, question, language, fill
        self._typed = ""

    def compose(self) -> ComposeResult:
        yield Static(id="answer")

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        width, words = self.app.size.width - 4, WORDS[self._language]
        lines = [_to_text(strip) for strip in wrap_card(self._text, width)]
        choices = [self._fill(choice.text.in_language(self._language)) for choice in self._question.choices]
        for text in (f"`{number}` {choice}" for number, choice in enumerate(choices, start=1)):
            lines += [_to_text(strip) for strip in wrap_card(text, width)]
        if self._question.choices:
            lines.append(Text(words["choose"], DIM))
        else:
            lines.append(
                Text.assemble((f"{words['number']}: {format_typed(self._typed)}▏", STRONG), f"   {words['keys']}")
            )
        self.query_one("#answer", Static).update(Text("\n").join(lines))

    def on_key(self, event: events.Key) -> None:
        choices = self._question.choices
        if choices and event.character is not None and event.character in "1234"[: len(choices)]:
            self.dismiss(choices[int(event.character) - 1])
        elif not choices and (typed := _type(self._typed, event)) is not None:
            self._typed = typed
            self._show()

    def action_answer(self) -> None:
        if read_answer(self._typed) is not None:
            self.dismiss(self._typed)


def _type(typed: str, event: events.Key) -> str | None:
    """Return the text after this key, which may be a percent sign at the end; None for a key that types nothing."""
    if event.key != "backspace" and typed.endswith("%"):
        return None
    return f"{typed}%" if event.character == "%" and typed else apply_key(typed, event)


def _to_text(strip: Strip) -> Text:
    return Text.assemble(*((segment.text, segment.style or PLAIN) for segment in strip))
