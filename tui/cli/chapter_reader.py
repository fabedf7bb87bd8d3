"""Reads a chapter as a person would who does all that it asks: with its keys, on a screen that nobody sees."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from gradstep.core.errors import GradstepError
from gradstep.data.course.card import Card, Text
from gradstep.data.course.chapter import Chapter
from gradstep.data.course.language import LANGUAGES, Language
from gradstep.data.course.opening import find_run_of, open_run
from gradstep.tui.app import GradstepApp
from gradstep.tui.session.course.chapter_work import ChapterWork
from gradstep.tui.session.course.facts import Facts
from gradstep.tui.session.course.named_numbers import find_number
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.coach import CoachView

SIZE = (120, 40)
SECONDS, SECONDS_BETWEEN_LOOKS = 120.0, 0.01
FRAMES_A_SECOND = 1.0
"""Nobody sees them. What a key does is drawn at once."""

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

    In each language `choices` are those of its question, and `others` the texts that any answer to it can get.
    """

    index: int
    card: Card
    before: dict[Language, CoachView]
    after: dict[Language, CoachView]
    others: dict[Language, list[str]]
    choices: dict[Language, list[str]]


class ChapterReader:
    """Goes through a chapter card by card."""

    def __init__(self, app: GradstepApp, pilot: Pilot[Ending]) -> None:
        self.app, self.pilot = app, pilot

    async def read(self) -> AsyncIterator[CardRead]:
        """Do what each card asks, and yield it. Raises GradstepError for one that its keys do not fulfil."""
        while (work := self.app.course.work) is not None:
            index, card = work.index, work.card
            if not work.chapter.runs[find_run_of(work.chapter, index)].paused:
                await self._until(
                    lambda: self.app.session.phase != "training", f"the end of the run of card {index + 1}"
                )
            await self._settle()
            before = self._look()
            await self._fulfil(card)
            yield CardRead(index, card, before, self._look(), self._find_replies(card), self._find_choices(card))
            if work.is_last:
                return
            await self._go_on(work)

    async def _go_on(self, work: ChapterWork) -> None:
        """Go to the next card, and wait for the screen of its run if it starts one."""
        index, screen = work.index, self.app.screen
        await self._press(")")
        await self._until(lambda: work.index == index + 1, f"card {index + 2}")
        if work.card.run is not None:
            await self._until(lambda: self._has_other_screen(screen), f"the run of card {index + 2}")

    def _has_other_screen(self, before: Screen[Any]) -> bool:
        return self.app.screen is not before and self.app.course.find_facts() is not None

    async def _fulfil(self, card: Card) -> None:
        work = self.app.course.work
        assert work is not None
        if card.do is not None:
            for key in card.presses:
                await self._press(key)
                if self._is_done():
                    break
            await self._until(self._is_done, f"card {work.index + 1}: what its keys {card.keys} are to bring about")
        elif card.ask is not None:
            facts, question = self._find_facts(), card.ask
            if question.number is not None:
                self.app.course.answer(f"{find_number(question.number, facts):.6g}")
            else:
                self.app.course.answer(next(each for each in question.choices if work.is_right(each, facts)))
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
        # not Pilot.press, which waits until the processor rests: it does not while training goes on
        self.app.post_message(events.Key(to_textual_key(key), key if len(key) == 1 else None))
        # until the app has acted on it
        passed = asyncio.Event()
        self.app.call_later(passed.set)
        async with asyncio.timeout(SECONDS):
            await passed.wait()
        await self._settle()

    async def _settle(self) -> None:
        """Wait until nothing is computed for the screen any more."""
        await self.pilot.pause(SECONDS_BETWEEN_LOOKS)
        await self._until(lambda: not getattr(self.app.screen, "waits", False), "the screen")

    async def _until(self, condition: Callable[[], bool], what: str) -> None:
        for _ in range(round(SECONDS / SECONDS_BETWEEN_LOOKS)):
            if condition():
                return
            await self.pilot.pause(SECONDS_BETWEEN_LOOKS)
        raise GradstepError(f"{what} does not come")

    def _is_done(self) -> bool:
        self.app.course.look()
        return self.app.course.work is not None and self.app.course.work.is_done

    def _find_facts(self) -> Facts:
        facts = self.app.course.find_facts()
        assert facts is not None
        return facts

    def _look(self) -> dict[Language, CoachView]:
        self.app.course.look()
        facts = self._find_facts()
        return {language: self.app.course.make_view(facts, language) for language in LANGUAGES}

    def _find_replies(self, card: Card) -> dict[Language, list[str]]:
        question = card.ask
        hints = [each.hint for each in question.mistakes] if question else []
        return self._write([*hints, *(each.answer for each in question.choices)] if question else [])

    def _find_choices(self, card: Card) -> dict[Language, list[str]]:
        return self._write([each.text for each in card.ask.choices] if card.ask else [])

    def _write(self, texts: Sequence[Text]) -> dict[Language, list[str]]:
        fill, facts = self.app.course.fill, self._find_facts()
        return {language: [fill(text.in_language(language), facts) for text in texts] for language in LANGUAGES}


def to_textual_key(key: str) -> str:
    """Return Textual's name of a key as a text writes it."""
    return TEXTUAL_NAMES.get(key) or (_character_to_key(key) if len(key) == 1 else key)


@asynccontextmanager
async def reading(
    chapter: Chapter, card: int = 0, size: tuple[int, int] = SIZE, language: Language = "en"
) -> AsyncIterator[ChapterReader]:
    """A reader of a chapter from a card on. Runs go as fast as they can, but those that train by themselves.

    Nothing is saved.
    """
    opening = open_run(chapter.name, chapter.runs[find_run_of(chapter, card)])
    run = await asyncio.to_thread(opening.make_run)
    app = GradstepApp(TrainingSession(run, None if opening.paused else opening.pace, opening.paused))
    app.reads_alone, app.language = True, language
    app.begin_with_chapter(chapter, card)
    async with app.run_test(size=size) as pilot:
        reader = ChapterReader(app, pilot)
        await reader._until(lambda: app.course.work is not None and app.course.find_facts() is not None, "the chapter")
        yield reader
