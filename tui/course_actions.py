"""The actions of the keys of the course, and how the app begins with it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from textual.screen import Screen

from gradstep.data.course.card import Card, Question
from gradstep.data.course.chapter import Chapter, list_chapters, read_chapter
from gradstep.data.course.opening import Opening, open_chapter, open_run
from gradstep.data.course.progress import read_progress
from gradstep.tui.course import OFFER_SECONDS, OFFERS, Course
from gradstep.tui.screens.course.answer import AnswerScreen
from gradstep.tui.screens.course.chapter_list import ChapterListScreen
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session_actions import SessionActions
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.panel_screen import PanelScreen

T = TypeVar("T")


class CourseActions(SessionActions):
    """An app that leads through the chapters of the course."""

    def __init__(self, session: TrainingSession, capabilities: TerminalCapabilities) -> None:
        super().__init__(session, capabilities)
        self.course = Course(lambda: self.session, self._find_panel_screens)
        self.at_start: Callable[[], None] | None = None

    def open_screen(self, screen: Screen[T], on_result: Callable[[T | None], None] | None = None) -> None:
        """Show a screen; `on_result` is called with its result when it closes."""
        raise NotImplementedError

    async def start_opening(self, opening: Opening) -> None:
        """Start the run of a chapter."""
        raise NotImplementedError

    def _find_panel_screens(self) -> list[PanelScreen[Any, Any]]:
        return [screen for screen in self.screen_stack if isinstance(screen, PanelScreen) and screen.has_panels]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Switch the keys of the coach off while there is no chapter."""
        if action in ("coach", "hide_coach"):
            return self.course.work is not None
        return super().check_action(action, parameters)

    def begin_with_chapter(self, chapter: Chapter, card: int) -> None:
        """Begin with this card of a chapter once the app runs; the session has the run of the card."""
        self.at_start = partial(self.course.begin, chapter, card)

    def begin_with_list(self) -> None:
        """Show the list of chapters once the app runs."""
        self.at_start = self.action_course

    def begin_with_offer(self) -> None:
        """Offer the course in a line once the app runs."""
        self.at_start = partial(self.session.show_note, OFFERS[self.course.language], OFFER_SECONDS)

    def action_course(self) -> None:
        chapters = [read_chapter(path) for path in list_chapters().values()]
        screen = ChapterListScreen(chapters, read_progress(), self.course.language)
        self.open_screen(screen, self._begin_chapter_later)

    def _begin_chapter_later(self, chapter: Chapter | None) -> None:
        if chapter is not None:
            self.call_later(self._begin_chapter, chapter)

    async def _begin_chapter(self, chapter: Chapter) -> None:
        self.course.end(finished=False)
        opening = await asyncio.to_thread(open_chapter, chapter, read_progress().get(chapter.name))
        await self.start_opening(opening)
        self.course.begin(chapter, opening.card)

    def action_hide_coach(self) -> None:
        self.course.toggle_hidden()

    def action_coach(self, direction: int) -> None:
        """Go to the next or previous card; show a hidden one, answer the question first, and end with the last."""
        course, work = self.course, self.course.work
        if work is None:
            return
        if course.is_hidden:
            course.toggle_hidden()
        elif direction > 0 and work.question is not None:
            self._ask(work.card, work.question)
        elif direction > 0 and work.is_last:
            course.end(finished=True)
            self.action_course()
        elif (card := course.go(direction)) is not None and direction > 0 and card.run is not None:
            self.call_later(self.start_opening, open_run(work.chapter.name, work.chapter.runs[card.run]))

    def _ask(self, card: Card, question: Question) -> None:
        facts = self.course.find_facts()
        if facts is not None:
            language = self.course.language
            text = self.course.fill(card.text.in_language(language), facts)
            fill = partial(self.course.fill, facts=facts)
            self.open_screen(AnswerScreen(text, question, language, fill), self.course.answer)
