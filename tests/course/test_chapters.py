"""Every card of every chapter: what it asks can be done with the keys that it names, and it fits, in both languages."""

import asyncio

import pytest
from textual import events

from gradstep.core.errors import GradstepError
from gradstep.data.course.card import Card, Text
from gradstep.data.course.chapter import list_chapters, read_chapter
from gradstep.data.course.language import LANGUAGES, Language
from gradstep.tui.app import GradstepApp
from gradstep.tui.cli.chapter_reader import CardRead, reading
from gradstep.tui.drawing.card_text import wrap_card
from gradstep.tui.screen_keys import ALL_KEYS
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.widgets.coach import MOST, draw_coach

CHAPTERS = {name: read_chapter(path) for name, path in list_chapters().items()}
WIDTHS = (80, 120)

TYPED = {*"0123456789.−-", "backspace"}
"""Keys that type a number."""

KEYS = {word for key in ALL_KEYS for word in key.shown.split()} | TYPED


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", CHAPTERS)
async def test_what_each_card_asks_is_brought_about_by_its_keys_and_fits(name: str) -> None:
    read = []
    async with reading(CHAPTERS[name]) as reader:
        try:
            async for card in reader.read():
                check_marks(card)
                for language in LANGUAGES:
                    for width in WIDTHS:
                        check_fit(card, language, width)
                read.append(card.card)
        except GradstepError:
            print(*(line.text for line in reader.app.read_screen()), sep="\n")
            raise
    assert tuple(read) == CHAPTERS[name].cards


def check_marks(read: CardRead) -> None:
    """Fail unless what the card asks was open before, and done after it."""
    card = read.card
    task = "question" if card.ask else "to do" if card.do or card.hide else ""
    for language in LANGUAGES:
        assert read.before[language].mark == task, f"card {read.index + 1}"
        assert read.after[language].mark == ("done" if task else ""), f"card {read.index + 1}"


def check_fit(read: CardRead, language: Language, width: int) -> None:
    """Fail if a text of the card is cut in a terminal of this width."""
    for view in (read.before[language], read.after[language]):
        lines = draw_coach(view, width)
        assert len(lines) <= MOST, f"card {read.index + 1}, {language}, {width}: {len(lines)} lines: {view.text}"
        assert all(line.cell_length <= width for line in lines), f"card {read.index + 1}, {language}"
        assert lines[0].text.rstrip().endswith(("hide", "спрятать")), f"card {read.index + 1}: the title is too long"
        assert "–" not in view.text.split(), f"card {read.index + 1}, {language}: a number is missing: {view.text}"
    for text in read.others[language]:
        assert len(wrap_card(text, width - 2)) < MOST - 1, f"card {read.index + 1}, {language}: too long: {text}"


def find_texts(card: Card) -> list[Text]:
    """All texts of a card."""
    texts = [card.text, card.then]
    if card.ask is not None:
        texts += [card.ask.why, *(each.hint for each in card.ask.mistakes)]
        texts += [text for each in card.ask.choices for text in (each.text, each.answer)]
    return [text for text in texts if text is not None]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_key_that_is_named_exists(name: str) -> None:
    named = {key for card in CHAPTERS[name].cards for text in find_texts(card) for key in text.keys("ru")}
    assert named <= KEYS


async def test_a_key_has_had_its_effect_when_the_reader_presses_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    on_event = GradstepApp.on_event

    async def take_long(app: GradstepApp, event: events.Event) -> None:
        if isinstance(event, events.Key):
            await asyncio.sleep(0.2)
        await on_event(app, event)

    monkeypatch.setattr(GradstepApp, "on_event", take_long)
    async with reading(next(iter(CHAPTERS.values()))) as reader:
        await reader._press("e")
        assert isinstance(reader.app.screen, ExperimentScreen)
