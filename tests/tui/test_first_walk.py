"""The first walkthrough ever offers the two-neuron example, whose run leaves the present one as it is."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gradstep.data.first_walk import MARKER, note_walk_opened, was_walk_opened
from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.screens.walkthrough.first_walk import ExampleWalkScreen, FirstWalkScreen
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import BETWEEN_STEPS, AppPilot, panels, same, session_of, step_of, text, until, wait_for_walk
from tests.tui.walking import press, small, walk, walk_to

FIRST_KEPT = 4
"""The update after the three that were made before the session, which it cannot repeat."""


@asynccontextmanager
async def offered(steps: int = 3) -> AsyncIterator[AppPilot]:
    """The app after some steps, with the question of the first walkthrough on the screen."""
    run = small()
    run.trainer.run(lambda: False, until=steps)
    app = GradstepApp(TrainingSession(run, None, paused=True), offers_example=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: bool(panels(pilot)) and all(text(panel).strip() for panel in panels(pilot)), pilot)
        await pilot.press("w")
        await until(lambda: isinstance(app.screen, FirstWalkScreen), pilot)
        yield pilot


async def back_to_training(pilot: AppPilot) -> None:
    await pilot.press("escape")
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@pytest.mark.parametrize("key", ["e", "w"])
async def test_esc_after_the_choice_leads_back_to_the_training_and_no_further(key: str) -> None:
    async with offered() as pilot:
        pilot.app.screen.action_walk_example() if key == "e" else pilot.app.screen.action_walk_run()  # type: ignore[attr-defined]
        pilot.app.screen.dismiss(None)
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        await until(lambda: not any(worker.name == "choice" for worker in pilot.app.workers), pilot)
        assert isinstance(pilot.app.screen, TrainingScreen)


@pytest.mark.parametrize("key", ["e", "enter"])
async def test_the_example_has_a_run_of_its_own_and_the_present_one_is_found_as_it_was(key: str) -> None:
    async with offered() as pilot:
        session = session_of(pilot)
        before = session.run.trainer.state()
        await pilot.press(key)
        await wait_for_walk(pilot)
        example = pilot.app.screen
        assert isinstance(example, ExampleWalkScreen)
        assert [layer.z.shape[1] for layer in walk(pilot).update.layers] == [2, 2]
        await walk_to(pilot, "check")
        await press(pilot, "right", "right")
        assert (walk(pilot).update.step, step_of(example.session)) == (2, 2)
        await back_to_training(pilot)
        assert session_of(pilot) is session
        assert same(session.run.trainer.state(), before)
        assert (session.phase, step_of(session)) == ("paused", 3)
        await pilot.press("w")
        await wait_for_walk(pilot)
        assert walk(pilot).update.step == FIRST_KEPT


async def test_the_valley_of_the_example_is_that_of_its_own_run() -> None:
    async with offered() as pilot:
        await pilot.press("e")
        await wait_for_walk(pilot)
        example = pilot.app.screen
        await pilot.press("V")
        await until(lambda: isinstance(pilot.app.screen, ValleyScreen), pilot)
        assert isinstance(example, ExampleWalkScreen)
        assert pilot.app.screen._session is example.session


async def test_this_network_is_walked_through_and_is_not_asked_for_again() -> None:
    async with offered() as pilot:
        await pilot.press("w")
        await wait_for_walk(pilot)
        assert walk(pilot).update.step == FIRST_KEPT
        assert was_walk_opened()
        await back_to_training(pilot)
        await pilot.press("w")
        await wait_for_walk(pilot)


async def test_a_run_that_trains_is_paused_for_the_example_and_not_by_the_question() -> None:
    app = GradstepApp(TrainingSession(small(max_epochs=10**6), BETWEEN_STEPS), offers_example=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: bool(panels(pilot)), pilot)
        for keys in (("w", "escape"), ("w",)):
            await pilot.press(*keys)
        await until(lambda: isinstance(app.screen, FirstWalkScreen), pilot)
        assert app.session.phase == "training"
        await pilot.press("e")
        await wait_for_walk(pilot)
        await until(lambda: app.session.phase == "paused", pilot)
        assert step_of(app.session) == 0


async def test_esc_leaves_and_the_next_walkthrough_asks_again() -> None:
    async with offered() as pilot:
        await back_to_training(pilot)
        assert not was_walk_opened()
        await pilot.press("w")
        await until(lambda: isinstance(pilot.app.screen, FirstWalkScreen), pilot)


async def test_the_question_is_whole_at_any_size() -> None:
    async with offered() as pilot:
        for size in ((80, 24), (40, 12), (200, 60)):
            await pilot.resize_terminal(*size)
            await until(lambda size=size: pilot.app.screen.size == size, pilot)
            await pilot.pause()
            shown = " ".join(" ".join(strip.text for strip in pilot.app.screen._compositor.render_strips()).split())
            for words in ("Of which network?", "two hidden neurons", "4 → 3 → 3", "back to the training"):
                assert all(word in shown for word in words.split()), (size, words)


def test_the_state_folder_remembers_that_a_walkthrough_was_opened(state_home: Path) -> None:
    assert not was_walk_opened()
    note_walk_opened()
    assert was_walk_opened()
    assert os.listdir(state_home / "gradstep") == [MARKER]


def test_a_state_folder_that_cannot_be_written_does_no_harm(state_home: Path) -> None:
    state_home.write_text("not a folder")
    note_walk_opened()
    assert not was_walk_opened()


def test_without_a_home_no_folder_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("gradstep.data.saved_runs.user_state_path", refuse)
    monkeypatch.chdir(tmp_path)
    note_walk_opened()
    assert not was_walk_opened()
    assert os.listdir(tmp_path) == []


def refuse(_: str) -> Path:
    raise RuntimeError("Could not determine home directory.")
