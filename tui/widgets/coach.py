"""The coach: a strip above the keys with the card of a chapter, what is to be done, and whether it is done."""

from dataclasses import dataclass
from typing import Literal

from rich.style import Style
from textual.strip import Strip

from gradstep.data.course.language import Language
from gradstep.tui.drawing.card_text import remove_marks, wrap_card
from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.drawing.palette import CAUTION, DIM, GOOD, STRONG
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.keymap import COACH_KEYS
from gradstep.tui.screen_keys import name_key
from gradstep.tui.widgets.panel import Panel

LEAST, MOST = 4, 7
"""Lines of the strip."""

Mark = Literal["", "to do", "done", "question"]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "of": "{} of {}",
        "to do": "○ to do",
        "done": "✓ done",
        "question": "? question",
        "answer": "press {} to answer",
        "coach_back": "back",
        "coach_on": "on",
        "coach_hide": "hide",
        "hidden": "shows the card",
    },
    "ru": {
        "of": "{} из {}",
        "to do": "○ сделайте",
        "done": "✓ готово",
        "question": "? вопрос",
        "answer": "нажмите {}",
        "coach_back": "назад",
        "coach_on": "дальше",
        "coach_hide": "спрятать",
        "hidden": "показать карточку",
    },
}

MARK_STYLES: dict[Mark, Style] = {"": DIM, "to do": CAUTION, "done": GOOD, "question": CAUTION}


@dataclass(frozen=True, slots=True)
class CoachView:
    """The card `number` of `count` of a chapter: its text with the numbers filled in, and how far it is done."""

    language: Language
    title: str
    number: int
    count: int
    text: str
    mark: Mark = ""
    hidden: bool = False
    height: int = LEAST
    """The lines that the longest card of the chapter takes."""
    choices: tuple[str, ...] = ()
    """Those of its question, with the numbers filled in."""


class Coach(Panel[CoachView], can_focus=False):
    """Shows the card of a chapter, or one line while it is hidden."""

    def __init__(self) -> None:
        super().__init__(id="coach")

    def show(self, view: CoachView) -> None:
        """Draw this card, unless it is the one that is shown: each frame has one, and few differ."""
        if view != self.view:
            self.styles.height = count_coach_lines(view)
            super().show(view)

    def lines(self, view: CoachView, width: int, height: int) -> list[Strip]:
        return draw_coach(view, width)


def count_coach_lines(view: CoachView) -> int:
    """Return the height of the strip, which stays the same for all cards of a chapter."""
    return 1 if view.hidden else min(MOST, max(LEAST, view.height))


def draw_coach(view: CoachView, width: int) -> list[Strip]:
    """Draw the title line, below it the text, and where there is room the choices of its question."""
    words = WORDS[view.language]
    place = words["of"].format(view.number, view.count)
    left: list[Piece] = [(f" {view.title}", STRONG), (f"  {place}", DIM)]
    if view.hidden:
        return [make_line(*left, ("   ", DIM), *_draw_key("coach_on", words["hidden"]))]
    choices, room = _draw_choices(view, width), count_coach_lines(view) - 1
    text, mark = _draw_card(view.text, width), words[view.mark] if view.mark else ""
    choices = choices if len(text) + len(choices) <= room else []
    if view.mark == "question":
        answer = words["answer"].format(f"`{name_key('coach_on')}`")
        longer = _draw_card(f"{view.text} → {answer}", width)
        if len(longer) + len(choices) <= room:
            text = longer
        else:
            mark = f"? {remove_marks(answer)}"
    left.append((f"   {mark}" if mark else "", MARK_STYLES[view.mark]))
    right = [piece for key in COACH_KEYS for piece in _draw_key(key.id, words[key.id])]
    gap = width - sum(count_cells(text) for text, _ in (*left, *right)) - 1
    head = make_line(*left, (" " * gap, DIM), *right) if gap > 0 else make_line(*left)
    return [head, *text, *choices]


def _draw_choices(view: CoachView, width: int) -> list[Strip]:
    # not marked as keys, which the numbers are in the dialog alone: here they are those of the panels
    numbered = [f"{number}. {choice}" for number, choice in enumerate(view.choices, start=1)]
    return [line for text in numbered for line in _draw_card(text, width)]


def _draw_card(text: str, width: int) -> list[Strip]:
    return [Strip.join([make_line((" ", DIM)), line]) for line in wrap_card(text, width - 2)]


def _draw_key(id: str, word: str) -> list[Piece]:
    key = next(key for key in COACH_KEYS if key.id == id)
    action = key.action if "(" in key.action else f"{key.action}()"
    return [("  " + key.shown, STRONG + Style(meta={"@click": f"{key.owner}.{action}"})), (f" {word}", DIM)]
