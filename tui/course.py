"""The course in the app: the chapter in work, the coach on every screen, and the progress."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from gradstep.core.ledger.mistakes import Given
from gradstep.data.course.card import Hide
from gradstep.data.course.chapter import Chapter
from gradstep.data.course.language import Language
from gradstep.data.course.opening import find_run_of
from gradstep.data.course.progress import Progress, note_progress, read_progress
from gradstep.tui.chosen_keys import write_chosen_keys
from gradstep.tui.drawing.card_text import fill_numbers, wrap_card
from gradstep.tui.numbers import format_number
from gradstep.tui.screen_keys import name_key
from gradstep.tui.session.course.chapter_work import ChapterWork, Reply
from gradstep.tui.session.course.facts import Facts
from gradstep.tui.session.course.named_numbers import find_number
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.coach import CoachView, Mark
from gradstep.tui.widgets.panel_screen import PanelScreen
from gradstep.tui.widgets.typed_number import format_typed, read_answer, read_half_unit

SIDES = 2
"""Cells of a line of the coach beside the text."""

BACK_TO: dict[Language, str] = {
    "en": "(This card is about another screen: `{key}`.)",
    "ru": "(Эта карточка о другом экране: `{key}`.)",
}
KEYS_TO: dict[str | None, str] = {
    "training": name_key("leave"),
    "walkthrough": name_key("walk"),
    "weights": name_key("by_hand"),
    "valley": name_key("valley"),
    "explorer": name_key("explore"),
    "race": name_key("race"),
    "luck": name_key("luck"),
    "experiment": name_key("experiment"),
    "paint": name_key("paint"),
    "importance": name_key("importance"),
}
"""The key that leads to each screen."""

REPLIES: dict[Language, dict[str, str]] = {
    "en": {
        "right": "{given} is right.",
        "wrong": "The number is {expected}, not {given}.",
        "again": "{given} is not it. Try once more.",
        "skipped": "",
    },
    "ru": {
        "right": "{given} — верно.",
        "wrong": "Получается {expected}, а не {given}.",
        "again": "{given} — не то. Попробуйте ещё раз.",
        "skipped": "",
    },
}


@runtime_checkable
class AsksNumbers(Protocol):
    """A screen that can ask the numbers of its last steps."""

    @property
    def waits(self) -> bool:
        """Whether the screen cannot ask yet."""

    def ask_last(self, last: int | None, phase: str | None = None) -> None:
        """Ask the last numbers of each phase, all if `last` is 0; none if it is None. Goes to a phase that is named."""


class Course:
    """Holds the work on a chapter. The app tells it of keys, and asks it to look at the session now and then."""

    def __init__(
        self,
        language: Language,
        find_session: Callable[[], TrainingSession],
        find_screens: Callable[[], Iterable[PanelScreen[Any, Any]]],
        notes: bool = True,
    ) -> None:
        """`find_screens` returns the open screens, the one that is shown last.

        With `notes` it writes the progress down.
        """
        self.language = language
        self._find_session, self._find_screens = find_session, find_screens
        self.work: ChapterWork | None = None
        self._notes = notes
        self._hidden = self._finished_before = False
        self._session_before: TrainingSession | None = None
        self._asked: tuple[int, Hide] | None = None
        self._noted: tuple[str, Progress] | None = None
        self._heights: dict[tuple[Language, int], int] = {}

    # the chapter

    def begin(self, chapter: Chapter, card: int = 0) -> None:
        """Begin with this card of a chapter. The run of the card must be started before."""
        self.work, self._hidden = ChapterWork(chapter, card), False
        self._heights = {}
        self._finished_before = read_progress().get(chapter.name, Progress()).finished
        self.look()

    def end(self, finished: bool) -> None:
        """Leave the chapter, and note whether its end was reached."""
        if self.work is not None:
            self._note(Progress(0, "", True) if finished else Progress(self.work.index, self._run_name))
        self.work = None
        for screen in self._find_screens():
            screen.show_coach(None)

    def go(self, direction: int) -> str | None:
        """Go to the next or previous card. Returns the name of the run to start for it; None to go on with this one."""
        if self.work is None:
            return None
        left = self.work.card
        if not self.work.go(direction):
            return None
        # back over a card that started a run, the run before it is started again
        starts = self.work.card.run if direction > 0 else left.run and find_run_of(self.work.chapter, self.work.index)
        # what the card asks for is looked for in its own run, once that is there
        self._session_before = self._find_session() if starts else None
        self.look()
        return starts

    @property
    def waits_for_run(self) -> bool:
        """Whether the run of the card is not there yet."""
        return self._session_before is not None and self._find_session() is self._session_before

    def toggle_hidden(self) -> bool:
        """Hide the card, or show it again. Returns whether it is hidden now."""
        self._hidden = not self._hidden
        self.look()
        return self._hidden

    @property
    def is_hidden(self) -> bool:
        """Whether the card is hidden."""
        return self._hidden

    def answer(self, answer: Any) -> None:
        """Answer the question of the card with a choice or a typed number; None skips it."""
        work, facts = self.work, self.find_facts()
        if work is None or facts is None or work.question is None:
            return
        if answer is None:
            work.skip_question()
        elif isinstance(answer, str):
            if (number := read_answer(answer)) is not None:
                try:
                    work.answer(Given(number, read_half_unit(answer)), format_typed(answer), facts)
                except (LookupError, ArithmeticError):
                    work.skip_question()  # the number that is asked is not there any more
        else:
            work.choose(answer, facts)
        self.look()

    # what is seen and shown

    def find_facts(self) -> Facts | None:
        """Return what the session and the screen show now; None before a screen is open."""
        screens = list(self._find_screens())
        return Facts(self._find_session().view, screens[-1].facts) if screens else None

    def look(self, draws: bool = True) -> None:
        """Look whether the card is done, and note the progress. Draw it if it is, if it is missing, or with `draws`."""
        facts = self.find_facts()
        if self.work is None or facts is None:
            return
        was_done = self._find_session() is not self._session_before and self.work.observe(facts)
        self._ask_hidden_numbers()
        screens = list(self._find_screens())
        if draws or was_done or not all(screen.has_coach for screen in screens):
            view = self.make_view(facts)
            for screen in screens:
                screen.show_coach(view)
        self._note(Progress(self.work.index, self._run_name))

    def _ask_hidden_numbers(self) -> None:
        """Have the walkthrough ask what the card hides, and no more after it."""
        assert self.work is not None
        hide = self.work.card.hide
        wanted = (self.work.index, hide) if hide is not None and not self.work.is_done else None
        screens = [screen for screen in self._find_screens() if isinstance(screen, AsksNumbers)]
        if wanted != self._asked and screens and not screens[-1].waits:
            self._asked = wanted
            if wanted is None:
                screens[-1].ask_last(None)
            else:
                screens[-1].ask_last(wanted[1].last, wanted[1].phase)

    @property
    def _run_name(self) -> str:
        autosave = self._find_session().autosave
        # also before its first checkpoint: the program writes one when it ends
        return autosave.name if autosave is not None else ""

    def _note(self, progress: Progress) -> None:
        """Write the progress down if it has changed. A chapter that was finished once stays so."""
        assert self.work is not None
        chapter = self.work.chapter
        progress = replace(progress, finished=progress.finished or self._finished_before)
        if self._notes and chapter.number and self._noted != (chapter.name, progress):
            self._noted = (chapter.name, progress)
            note_progress(chapter.name, progress)

    def fill(self, text: str, facts: Facts) -> str:
        """Put the numbers of the run into a text."""
        text = write_chosen_keys(text, facts.screen.screen)
        return fill_numbers(text, lambda name: find_number(name, facts))

    def make_view(self, facts: Facts, language: Language | None = None) -> CoachView:
        """Return the card as the coach shows it, in the language of the course unless another is given."""
        work, language = self.work, language or self.language
        assert work is not None
        head = work.chapter.head
        return CoachView(
            language=language,
            title=f"{work.chapter.number or ''} {head.title.in_language(language)}".strip(),
            number=work.index + 1,
            count=len(work.chapter.cards),
            text=self._write(work, facts, language),
            mark=_find_mark(work),
            hidden=self._hidden,
            height=self._find_height(work, facts, language),
            choices=self._list_choices(work, facts, language),
        )

    def _list_choices(self, work: ChapterWork, facts: Facts, language: Language) -> tuple[str, ...]:
        """Return the choices of the question while it is open."""
        choices = work.question.choices if work.question is not None else ()
        return tuple(self.fill(choice.text.in_language(language), facts) for choice in choices)

    def _write(self, work: ChapterWork, facts: Facts, language: Language) -> str:
        """Return the text of the card, or what is said once it is done."""
        card = work.card
        if work.reply is not None:
            said = self._write_reply(work.reply, facts, language)
            # a first wrong answer leaves the question to be read
            return said if work.reply.final else f"{said} {self.fill(card.text.in_language(language), facts)}"
        text = card.then if card.then is not None and work.was_done else card.text
        filled = self.fill(text.in_language(language), facts)
        if card.screen in (None, facts.screen.screen) or work.was_done:
            return filled
        return f"{BACK_TO[language].format(key=KEYS_TO[card.screen])} {filled}"

    def _write_reply(self, reply: Reply, facts: Facts, language: Language) -> str:
        text = self.fill(reply.text.in_language(language), facts) if reply.text is not None else ""
        if not reply.given:
            return text
        kind = "right" if reply.right else "wrong" if reply.final else "again"
        expected = "" if reply.expected is None else format_number(reply.expected, 0)
        return f"{REPLIES[language][kind].format(given=reply.given, expected=expected)} {text}".strip()

    def _find_height(self, work: ChapterWork, facts: Facts, language: Language) -> int:
        """Return the lines that the longest card takes, so that all cards of the chapter have one height."""
        width = self._find_width()
        if (language, width) not in self._heights:
            texts = [text for card in work.chapter.cards for text in (card.text, card.then) if text is not None]
            filled = [self.fill(text.in_language(language), facts) for text in texts]
            self._heights[language, width] = 1 + max(len(wrap_card(text, width)) for text in filled)
        return self._heights[language, width]

    def _find_width(self) -> int:
        screens = list(self._find_screens())
        return (screens[-1].app.size.width if screens else 80) - SIDES


def _find_mark(work: ChapterWork) -> Mark:
    if work.question is not None:
        return "question"
    if not work.is_done:
        return "to do"
    return "done" if work.was_done else ""
