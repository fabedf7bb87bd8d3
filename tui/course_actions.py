"""The actions of the keys of the course, and how the app begins with it.

What a chapter needs is imported when one begins, because most runs need nothing of it.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from gradstep.data.course.language import Language, find_language
from gradstep.tui.screen_keys import name_key
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session_actions import SessionActions
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.panel_screen import PanelScreen, find_keys

if TYPE_CHECKING:
    from gradstep.data.course.card import Card, Question
    from gradstep.data.course.chapter import Chapter
    from gradstep.data.course.opening import Opening
    from gradstep.tui.course import Course

T = TypeVar("T")

OFFERS: dict[Language, str] = {
    "en": f"{name_key('course')}: learn how this works, step by step",
    "ru": f"{name_key('course')}: learn how this works, step by step — курс, шаг за шагом, по-русски",
}
OFFER_SECONDS = 15.0
"""How long the line stays that offers the course at the first start."""

SECONDS_BETWEEN_LOOKS = 0.1
"""How often the course looks whether a card is done."""


class CourseActions(SessionActions):
    """An app that leads through the chapters of the course.

    While it `reads_alone`, without a person, no progress is noted, and runs go as fast as they can.
    """

    BINDINGS = [Binding("enter", "answer_question", "Answer the question", show=False, priority=True)]  # noqa: RUF012

    def __init__(self, session: TrainingSession, capabilities: TerminalCapabilities, frames: float) -> None:
        """`frames` is in frames a second."""
        super().__init__(session, capabilities)
        self._frames, self._looks = frames, 0
        self.language = find_language()
        self.reads_alone = False
        self.at_start: Callable[[], None] | None = None
        self._course: Course | None = None
        self._current = ""

    @property
    def course(self) -> "Course":
        """The course. It looks at the session from its first use on."""
        if self._course is None:
            from gradstep.tui.course import Course

            self._course = Course(
                self.language, lambda: self.session, self._find_panel_screens, notes=not self.reads_alone
            )
            self.set_interval(SECONDS_BETWEEN_LOOKS, self._look)
        return self._course

    def _look(self) -> None:
        """Look whether a card is done, and draw its numbers as often as a frame, not while frames are not sent yet."""
        self._looks += 1
        is_frame = self._looks % max(1, round(1 / (self._frames * SECONDS_BETWEEN_LOOKS))) == 0
        self.course.look(draws=is_frame and not self.backlog.is_behind())

    @property
    def has_chapter(self) -> bool:
        """Whether a chapter is worked on."""
        return self._course is not None and self._course.work is not None

    def open_screen(self, screen: Screen[T], on_result: Callable[[T | None], None] | None = None) -> None:
        """Show a screen; `on_result` is called with its result when it closes."""
        raise NotImplementedError

    async def start_opening(self, opening: "Opening") -> None:
        """Start the run of a chapter."""
        raise NotImplementedError

    def _find_panel_screens(self) -> list[PanelScreen[Any, Any]]:
        return [screen for screen in self.screen_stack if isinstance(screen, PanelScreen) and screen.has_panels]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Switch the keys of the coach off while there is no chapter."""
        if action in ("coach", "hide_coach"):
            return self.has_chapter
        if action == "answer_question":
            return self._takes_enter
        return super().check_action(action, parameters)

    @property
    def _takes_enter(self) -> bool:
        """Whether enter opens the question: it is read on the training screen, where m enlarges a panel as well."""
        work = self.course.work if self.has_chapter else None
        if work is None or work.question is None or self.course.is_hidden or not isinstance(self.screen, PanelScreen):
            return False
        others = (key for key in find_keys(self.screen) if key.id != "maximize")
        return self.screen.facts.screen == "training" and not any("enter" in key.names for key in others)

    def begin_with_chapter(self, chapter: "Chapter", card: int) -> None:
        """Begin with this card of a chapter once the app runs; the session has the run of the card."""
        self.at_start = lambda: self.course.begin(chapter, card)

    def begin_with_list(self) -> None:
        """Show the list of chapters once the app runs."""
        self.at_start = self.action_course

    def begin_with_offer(self) -> None:
        """Offer the course in a line once the app runs."""
        self.at_start = partial(self.session.show_note, OFFERS[self.language], OFFER_SECONDS)

    def action_course(self, at: str = "") -> None:
        """Show the list of chapters, with the one of this name chosen, or without a name the one to go on with."""
        self.do_before_next_key(partial(self._list_chapters, at))

    async def _list_chapters(self, at: str) -> None:
        from gradstep.tui.screens.course.chapter_list import ChapterListScreen, read_chapters

        chapters, progress = await asyncio.to_thread(read_chapters)
        screen = ChapterListScreen(chapters, progress, self.language, self._current, at)
        self.open_screen(screen, self._begin_chapter_later)

    async def read_chapter_commands(self) -> list[SystemCommand]:
        """Return a command for each chapter, which shows it in the list."""
        from gradstep.tui.screens.course.chapter_list import read_chapters

        chapters, _ = await asyncio.to_thread(read_chapters)
        return [
            SystemCommand(
                f"Course {chapter.number}: {chapter.head.title.in_language(self.language)}",
                chapter.head.question.in_language(self.language),
                partial(self.action_course, chapter.name),
            )
            for chapter in chapters
        ]

    def _begin_chapter_later(self, chapter: "Chapter | None") -> None:
        if chapter is not None:
            self.do_before_next_key(partial(self._begin_chapter, chapter))

    async def _begin_chapter(self, chapter: "Chapter") -> None:
        from gradstep.data.course.opening import open_chapter
        from gradstep.data.course.progress import read_progress

        self.course.end(finished=False)
        opening = await asyncio.to_thread(open_chapter, chapter, read_progress().get(chapter.name))
        await self.start_opening(opening)
        self._current = chapter.name
        self.course.begin(chapter, opening.card)

    def action_hide_coach(self) -> None:
        self.course.toggle_hidden()

    def action_answer_question(self) -> None:
        self.action_coach(1)

    def action_coach(self, direction: int) -> None:
        """Go to the next or previous card; show a hidden one, answer the question first, and end with the last."""
        course, work = self.course, self.course.work
        if work is None:
            return
        self._current = work.chapter.name
        if course.waits_for_run:
            return
        if course.is_hidden:
            course.toggle_hidden()
        elif direction > 0 and work.question is not None:
            self._ask(work.card, work.question)
        elif direction > 0 and work.is_last:
            course.end(finished=True)
            self.action_course()
        elif (run := course.go(direction)) is not None:
            from gradstep.data.course.opening import open_run

            self.do_before_next_key(partial(self.start_opening, open_run(work.chapter.name, work.chapter.runs[run])))

    def _ask(self, card: "Card", question: "Question") -> None:
        from gradstep.tui.screens.course.answer import AnswerScreen

        facts = self.course.find_facts()
        if facts is not None:
            language = self.language
            text = self.course.fill(card.text.in_language(language), facts)
            fill = partial(self.course.fill, facts=facts)
            self.open_screen(AnswerScreen(text, question, language, fill), self.course.answer)
