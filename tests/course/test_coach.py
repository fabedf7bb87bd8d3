"""A chapter on the screen: the keys of the coach, questions, hidden numbers, and where one left off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.strip import Strip

from gradstep.data.course.chapter import Chapter, list_chapters, read_chapter
from gradstep.data.course.language import find_language
from gradstep.data.course.opening import open_chapter, open_run
from gradstep.data.course.progress import Progress, note_progress, read_progress
from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.course.answer import AnswerScreen
from gradstep.tui.screens.course.chapter_list import ChapterListScreen
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.coach import Coach, CoachView, draw_coach
from gradstep.tui.widgets.typed_number import read_answer, read_half_unit
from tests.course.test_chapter_files import GOOD, written
from tests.data.test_run_list import save
from tests.tui.driving import AppPilot, panel, session_of, step_of, text, until


@asynccontextmanager
async def coached(chapter: Chapter, card: int = 0, saved: bool = False) -> AsyncIterator[AppPilot]:
    """The app with this card of a chapter."""
    opening = open_run(chapter.name, chapter.runs[chapter.first_run])
    autosave = Autosave(opening.saves) if saved else None
    app = GradstepApp(TrainingSession(opening.make_run(), opening.pace, opening.paused, autosave))
    app.begin_with_chapter(chapter, card)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: bool(app.screen.query(Coach)) and bool(shown(pilot)), pilot)
        yield pilot


def shown(pilot: AppPilot) -> str:
    """What the coach shows, with its lines joined."""
    coach = next(iter(pilot.app.screen.query(Coach)), None)
    return " ".join(text(coach).split()) if coach is not None else ""


async def until_shown(pilot: AppPilot, words: str) -> None:
    await until(lambda: words in shown(pilot), pilot)


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return read_chapter(written(tmp_path, GOOD))


async def test_a_chapter_from_its_first_card_to_its_last(chapter: Chapter) -> None:
    async with coached(chapter) as pilot:
        assert "And 1 of 3 ○ to do" in shown(pilot)
        assert "Press s five times, then space: 0" in shown(pilot)
        for step in range(1, 6):
            await pilot.press("s")
            await until(lambda step=step: step_of(session_of(pilot)) == step, pilot)  # type: ignore[misc]
        await pilot.press("space")
        await until_shown(pilot, "✓ done")
        await pilot.press("space", "right_parenthesis")
        # the second card starts another run
        await until_shown(pilot, "2 of 3 ? question")
        await until(lambda: session_of(pilot).run.dataset.name == "xor", pilot)
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press("9", "9", "enter")
        await until_shown(pilot, "99 is not it. Try once more.")
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press("8", "8", "enter")
        await until_shown(pilot, "not 88. The sum.")
        await pilot.press("right_parenthesis")
        await until_shown(pilot, "3 of 3")
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press("1")
        await until_shown(pilot, "✓ done")
        assert "Yes." in shown(pilot)
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, ChapterListScreen), pilot)
        await pilot.press("escape")
        await until(lambda: not pilot.app.screen.query(Coach), pilot)


async def test_the_card_can_be_gone_back_to_hidden_and_called_back(chapter: Chapter) -> None:
    async with coached(chapter, 1) as pilot:
        await until_shown(pilot, "2 of 3")
        await pilot.press("backslash")
        await until_shown(pilot, "shows the card")
        assert pilot.app.screen.query_one(Coach).size.height == 1
        await pilot.press("right_parenthesis")
        await until_shown(pilot, "What is z?")
        await pilot.press("left_parenthesis")
        await until_shown(pilot, "1 of 3")
        await pilot.press("left_parenthesis")
        await until_shown(pilot, "1 of 3")


async def test_what_was_left_on_a_card_can_still_be_done_when_one_comes_back(chapter: Chapter) -> None:
    async with coached(chapter) as pilot:
        await pilot.press("right_parenthesis")
        await until_shown(pilot, "2 of 3 ? question")
        await until(lambda: session_of(pilot).run.dataset.name == "xor", pilot)
        await pilot.press("left_parenthesis")
        await until_shown(pilot, "1 of 3 ○ to do")
        # the run of the card is there again
        await until(lambda: session_of(pilot).run.dataset.name == "rows", pilot)
        await pilot.press(*"sssss", "space")
        await until_shown(pilot, "✓ done")


async def test_a_percentage_is_an_answer(chapter: Chapter) -> None:
    async with coached(chapter, 1) as pilot:
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press("2", "5", "percent_sign", "4", "enter")
        await until_shown(pilot, "25% is not it.")
    assert read_answer("25%") == 0.25
    assert read_answer("25") == 25
    assert read_answer("%") is None


@pytest.mark.parametrize(("typed", "reply"), [("0.964", "The bias alone."), ("0.982", "0.982 is not it. Try")])
async def test_the_hint_is_to_the_mistake_that_comes_to_the_digits_typed(
    tmp_path: Path, typed: str, reply: str
) -> None:
    chapter = read_chapter(written(tmp_path, GOOD.replace('{ number = "b1[1]"', '{ number = "0.96439"')))
    async with coached(chapter, 1) as pilot:
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press(*["full_stop" if each == "." else each for each in typed], "enter")
        await until_shown(pilot, reply)


@pytest.mark.parametrize(("typed", "half_unit"), [("25%", 0.005), ("0,25", 0.005), ("1.5e2", 5.0), ("−3", 0.5)])
def test_a_typed_number_is_known_to_half_a_unit_of_its_last_digit(typed: str, half_unit: float) -> None:
    assert read_half_unit(typed) == pytest.approx(half_unit)


async def test_a_card_of_another_screen_says_which_key_leads_there(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace('run = "fast"', 'screen = "valley"'))
    async with coached(read_chapter(file), 1) as pilot:
        await until_shown(pilot, "(This card is about another screen: V.) What is z?")
        await pilot.press("V")
        await until(lambda: len(pilot.app.screen_stack) == 3 and "2 of 3" in shown(pilot), pilot)
        await until(lambda: "another screen" not in shown(pilot), pilot)


def test_the_list_begins_at_the_chapter_that_was_worked_on_or_after_it_once_it_is_finished() -> None:
    chapters = [read_chapter(path) for path in list(list_chapters().values())[:3]]
    first, second, third = chapters
    for progress, current, chosen in (
        ({}, "", first),
        ({first.name: Progress(finished=True)}, "", second),
        ({second.name: Progress(4)}, second.name, second),
        ({second.name: Progress(finished=True)}, second.name, third),
    ):
        assert chapters[ChapterListScreen(chapters, progress, "en", current)._chosen] is chosen


async def test_a_question_can_be_skipped(chapter: Chapter) -> None:
    async with coached(chapter, 2) as pilot:
        await until_shown(pilot, "→ press ) to answer")
        await pilot.press("right_parenthesis")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press("escape")
        await until(lambda: "?" not in shown(pilot).partition("back")[0], pilot)
        assert "done" not in shown(pilot)


async def test_enter_opens_the_question_on_the_training_screen_and_enlarges_a_panel_without_one(
    chapter: Chapter,
) -> None:
    async with coached(chapter, 2) as pilot:
        await until_shown(pilot, "→ press ) to answer")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, AnswerScreen), pilot)
        await pilot.press("escape", "enter")
        await until(lambda: not panel(pilot, "loss").display, pilot)


async def test_while_a_neuron_is_pointed_at_enter_follows_the_example(chapter: Chapter) -> None:
    async with coached(chapter, 2) as pilot:
        await until_shown(pilot, "→ press ) to answer")
        await pilot.press("right", "enter")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, AnswerScreen)


def test_the_way_to_the_answer_stands_behind_the_question_or_on_the_first_line_without_room_there() -> None:
    view = CoachView("en", "And", 2, 3, "How many?", "question")
    head, question, *_ = (line.text for line in draw_coach(view, 80))
    assert question.strip() == "How many? → press ) to answer" and "? question" in head
    head, *_ = (line.text for line in draw_coach(replace(view, text="word " * 60), 80))
    assert "? press ) to answer" in head


SCREENS = {"w": "walkthrough", "x": "weights", "V": "valley", "e": "experiment"}


@pytest.mark.parametrize("key", SCREENS)
async def test_the_coach_stays_on_every_screen(key: str, chapter: Chapter) -> None:
    async with coached(chapter) as pilot:
        await pilot.press(key)
        await until(lambda: len(pilot.app.screen_stack) == 3 and "1 of 3" in shown(pilot), pilot)
        facts = pilot.app.course.find_facts()  # type: ignore[attr-defined]
        assert facts is not None and facts.screen.screen == SCREENS[key]
        await pilot.press("right_parenthesis")
        await until_shown(pilot, "2 of 3")


async def test_a_chapter_goes_on_where_it_was_left_with_the_same_run() -> None:
    chapter = read_chapter(list_chapters()["first-light"])
    async with coached(chapter, saved=True) as pilot:
        await pilot.press("right_parenthesis")
        await until_shown(pilot, "2 of")
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await pilot.press("ctrl+s")
        await until(lambda: read_progress()["first-light"].run != "", pilot)
        before = session_of(pilot).run.trainer.network.parameters.copy()
    session_of(pilot).autosave.close()  # type: ignore[union-attr]
    opening = open_chapter(chapter, read_progress()["first-light"])
    assert opening.card == 1
    assert opening.make_run().trainer.network.parameters.tolist() == before.tolist()


@pytest.mark.parametrize(("card", "step"), [(0, 0), (2, 3)], ids=["starts the run", "goes on with it"])
def test_a_card_that_starts_a_run_starts_it_anew_also_where_one_has_played_ahead(card: int, step: int) -> None:
    chapter = read_chapter(list_chapters()["first-light"])
    opening = open_chapter(chapter, Progress(card, save("xor", 3).name))
    assert opening.make_run().trainer.step == step


def test_a_run_that_is_gone_is_started_anew() -> None:
    chapter = read_chapter(list_chapters()["first-light"])
    # one whose name begins as that of the run that is gone is another
    other = save("xor", 3).name
    for gone in ("no-such-run", other[:-1]):
        opening = open_chapter(chapter, Progress(2, gone))
        assert (opening.card, opening.make_run().trainer.step) == (2, 0)


def test_progress_is_kept_for_each_chapter(tmp_path: Path) -> None:
    assert read_progress() == {}
    note_progress("one", Progress(3, "run"))
    note_progress("two", Progress(finished=True))
    assert read_progress() == {"one": Progress(3, "run", False), "two": Progress(0, "", True)}


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ru_RU", "LANG": "C"}, "ru"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert find_language(None) == language
    assert find_language("ru") == "ru"


@pytest.mark.parametrize(("frames", "behind", "most"), [(20.0, False, 100), (1.0, False, 2), (20.0, True, 0)])
async def test_the_numbers_of_a_card_are_drawn_no_more_often_than_frames(
    frames: float, behind: bool, most: int, chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with coached(chapter) as pilot:
        app = pilot.app
        assert isinstance(app, GradstepApp)
        drawn: list[object] = []
        monkeypatch.setattr(Coach, "show", lambda self, view: drawn.append(view))
        monkeypatch.setattr(app.backlog, "is_behind", lambda: behind)
        app._frames = frames
        for _ in range(20):
            app._look()
        assert len(drawn) <= most
        assert bool(drawn) is not behind


async def test_a_card_is_drawn_again_only_when_it_differs(chapter: Chapter, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[CoachView] = []
    draw = Coach.lines

    def noted(coach: Coach, view: CoachView, width: int, height: int) -> list[Strip]:
        drawn.append(view)
        return draw(coach, view, width, height)

    async with coached(chapter) as pilot:
        monkeypatch.setattr(Coach, "lines", noted)
        for _ in range(3):
            pilot.app.course.look()
        assert drawn == []
        await pilot.press("s")
        await until_shown(pilot, "then space: 1")
    assert drawn


CHOICES = CoachView("en", "Neuron", 1, 9, "Which is it?", "question", height=7, choices=("the first", "the second"))


def test_the_choices_of_a_question_stand_below_it_where_they_fit() -> None:
    shown = [strip.text.strip() for strip in draw_coach(CHOICES, 80)]
    assert shown[1:] == ["Which is it? → press ) to answer", "1. the first", "2. the second"]


def test_choices_that_do_not_all_fit_are_left_to_the_dialog() -> None:
    lines = draw_coach(replace(CHOICES, height=4, choices=("one", "two", "three")), 80)
    assert [strip.text.strip() for strip in lines[1:]] == ["Which is it? → press ) to answer"]


async def test_the_choices_are_on_the_card_until_the_question_is_answered_or_skipped(chapter: Chapter) -> None:
    index = next(index for index, card in enumerate(chapter.cards) if card.ask is not None and card.ask.choices)
    question = chapter.cards[index].ask
    assert question is not None
    async with coached(chapter, index) as pilot:
        course = pilot.app.course  # type: ignore[attr-defined]
        facts = course.find_facts()
        assert len(course.make_view(facts).choices) == len(question.choices)
        course.answer(None)
        assert course.make_view(facts).choices == ()
