"""Reads a chapter as a person would who does all that it asks: with its keys, on a screen that nobody sees."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.keys import _character_to_key
from textual.pilot import Pilot

from gradstep.core.errors import GradstepError
from gradstep.data.course.card import LANGUAGES, Card, Language
from gradstep.data.course.chapter import Chapter
from gradstep.data.course.opening import find_run_of, open_run
from gradstep.tui.app import GradstepApp
from gradstep.tui.session.course.chapter_work import ChapterWork
from gradstep.tui.session.course.facts import Facts
from gradstep.tui.session.course.named_numbers import find_number
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.coach import CoachView

SIZE = (120, 40)
SECONDS, SECONDS_BETWEEN_LOOKS = 60.0, 0.01

TEXTUAL_NAMES = {
    "→": "right",
    "←": "left",
    "↑": "up",
    "↓": "down",
    "esc": "escape",
    "pgup": "pageup",
    "pgdn": "pagedown",
}
"""Textual's names of keys that a text writes otherwise."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card as it was met: the coach in each language before anything was done and after it.

    `others` are the texts in each language that other answers to its question get.
    """

    index: int
    card: Card
    before: dict[Language, CoachView]
    after: dict[Language, CoachView]
    others: dict[Language, list[str]]


class ChapterReader:
    """Goes through a chapter card by card."""

    def __init__(self, app: GradstepApp, pilot: Pilot[Ending]) -> None:
        self._app, self._pilot = app, pilot

    async def read(self) -> AsyncIterator[CardRead]:
        """Do what each card asks, and yield it. Raises GradstepError for one that its keys do not fulfil."""
        while (work := self._app.course.work) is not None:
            index, card = work.index, work.card
            if not work.chapter.runs[find_run_of(work.chapter, index)].paused:
                await self._until(
                    lambda: self._app.session.phase != "training", f"the end of the run of card {index + 1}"
                )
            await self._settle()
            before = self._look()
            await self._fulfil(card)
            yield CardRead(index, card, before, self._look(), self._find_other_texts(card))
            if work.is_last:
                return
            await self._go_on(work)

    async def _go_on(self, work: ChapterWork) -> None:
        """Go to the next card, and wait for its run if it starts one."""
        index, session = work.index, self._app.session
        await self._pilot.press("right_parenthesis")
        await self._until(lambda: work.index == index + 1, f"card {index + 2}")
        if work.card.run is not None:
            await self._until(lambda: self._app.session is not session, f"the run of card {index + 2}")

    async def _fulfil(self, card: Card) -> None:
        work = self._app.course.work
        assert work is not None
        if card.do is not None:
            for key in card.presses:
                await self._press(key)
            await self._until(self._is_done, f"card {work.index + 1}: what its keys {card.keys} are to bring about")
        elif card.ask is not None:
            facts, question = self._find_facts(), card.ask
            if question.number is not None:
                self._app.course.answer(f"{find_number(question.number, facts):.12g}")
            else:
                self._app.course.answer(next(each for each in question.choices if work.is_right(each, facts)))
        elif card.hide is not None:
            await self._fill_in()

    async def _fill_in(self) -> None:
        """Have each hidden number shown, up to the end of the phase."""
        while not self._is_done():
            await self._press("enter")
            self._look()
            if not self._is_done():
                await self._press("→")

    async def _press(self, key: str) -> None:
        await self._pilot.press(to_textual_key(key))
        await self._settle()

    async def _settle(self) -> None:
        """Wait until nothing is computed for the screen any more."""
        await self._pilot.pause()
        await self._until(lambda: not getattr(self._app.screen, "waits", False), "the screen")

    async def _until(self, condition: Callable[[], bool], what: str) -> None:
        for _ in range(round(SECONDS / SECONDS_BETWEEN_LOOKS)):
            if condition():
                return
            await self._pilot.pause(SECONDS_BETWEEN_LOOKS)
        raise GradstepError(f"{what} does not come")

    def _is_done(self) -> bool:
        self._app.course.look()
        return self._app.course.work is not None and self._app.course.work.is_done

    def _find_facts(self) -> Facts:
        facts = self._app.course.find_facts()
        assert facts is not None
        return facts

    def _look(self) -> dict[Language, CoachView]:
        self._app.course.look()
        facts = self._find_facts()
        return {language: self._app.course.make_view(facts, language) for language in LANGUAGES}

    def _find_other_texts(self, card: Card) -> dict[Language, list[str]]:
        question, facts = card.ask, self._find_facts()
        if question is None:
            return {language: [] for language in LANGUAGES}
        texts = [*(each.hint for each in question.mistakes), *(each.answer for each in question.choices)]
        return {
            language: [self._app.course.fill(text.in_language(language), facts) for text in texts]
            for language in LANGUAGES
        }


def to_textual_key(key: str) -> str:
    """Return Textual's name of a key as a text writes it."""
    return TEXTUAL_NAMES.get(key) or (_character_to_key(key) if len(key) == 1 else key)


@asynccontextmanager
async def reading(chapter: Chapter, card: int = 0, size: tuple[int, int] = SIZE) -> AsyncIterator[ChapterReader]:
    """A reader of a chapter from a card on. Runs go as fast as they can, but those that train by themselves.

    Nothing is saved.
    """
    opening = open_run(chapter.name, chapter.runs[find_run_of(chapter, card)])
    run = await asyncio.to_thread(opening.make_run)
    app = GradstepApp(TrainingSession(run, None if opening.paused else opening.pace, opening.paused))
    app.course.reads_alone = True
    app.begin_with_chapter(chapter, card)
    async with app.run_test(size=size) as pilot:
        reader = ChapterReader(app, pilot)
        await reader._until(lambda: app.course.work is not None and app.course.find_facts() is not None, "the chapter")
        yield reader
