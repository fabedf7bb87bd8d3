"""Drives a session or the whole app from a test. It waits for conditions, never for a fixed time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
from textual.pilot import Pilot

from gradstep.core.training.trainer_state import TrainerState
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.run import Run
from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.base_screen import BaseScreen
from gradstep.tui.widgets.panel import Panel

TRIES = 4000
BETWEEN_STEPS = 0.0001
"""A pace whose first step is hours away: the session trains, and no number changes."""

AppPilot = Pilot[Ending]


def assembled(
    data: str | dict[str, object] = "iris", network: dict[str, object] | None = None, **training: object
) -> Run:
    """A run on these data, or on the built-in ones of that name; `training` are the fields of that table."""
    tables = {"data": {"name": data} if isinstance(data, str) else data, "network": network or {}, "training": training}
    return assemble(make_experiment(tables))


def diverging() -> Run:
    """A run whose loss soon is no finite number."""
    return assembled(network={"output": "linear"}, loss="mse", learning_rate=1e9)


async def until(condition: Callable[[], bool], pilot: AppPilot | None = None) -> None:
    """Run the session, and with a pilot the app, until the condition holds.

    Fails if it never does, and at once when the app has failed.
    """
    for _ in range(TRIES):
        if condition():
            return
        if pilot is None:
            await asyncio.sleep(0.001)
        else:
            assert pilot.app._exception is None, "the app has failed"
            await pilot.pause(0.001)
    raise AssertionError("what the test waits for does not happen")


@asynccontextmanager
async def supervised(
    run: Run, pace: float | None = None, paused: bool = True, autosave: Autosave | None = None
) -> AsyncIterator[TrainingSession]:
    """A session at work, without a screen."""
    session = TrainingSession(run, pace, paused, autosave)
    worker = asyncio.create_task(session.supervise())
    try:
        yield session
    finally:
        session.close()
        await worker


def step_of(session: TrainingSession) -> int:
    """The step of the newest view."""
    return session.view.snapshot.step


async def wait_until_paused_at(session: TrainingSession, step: int) -> None:
    """Wait until the session is paused at this step, so that a following command finds it there."""
    await until(lambda: (session.view.phase, step_of(session)) == ("paused", step))
    await wait_for_commands(session)
    assert session.run.trainer.step == step_of(session) == step
    assert session.view.phase == "paused"


async def wait_for_commands(session: TrainingSession) -> None:
    """Wait until every command so far has taken effect. The last of them has to show the next example."""
    row = session.view.snapshot.example.index.row
    session.show_example(1)
    await until(lambda: session.view.snapshot.example.index.row != row)


@asynccontextmanager
async def shown(
    run: Run,
    pace: float | None = None,
    paused: bool = True,
    size: tuple[int, int] = (120, 40),
    autosave: Autosave | None = None,
) -> AsyncIterator[AppPilot]:
    """The running app on an invisible screen of this size, with all panels drawn."""
    app = GradstepApp(TrainingSession(run, pace, paused, autosave))
    async with app.run_test(size=size) as pilot:
        await until(lambda: bool(panels(pilot)) and all(text(panel).strip() for panel in panels(pilot)), pilot)
        yield pilot


def session_of(pilot: AppPilot) -> TrainingSession:
    assert isinstance(pilot.app, GradstepApp)
    return pilot.app.session


async def wait_for_computations(pilot: AppPilot) -> None:
    """Wait until no computation for the screen is running."""
    await until(lambda: not getattr(pilot.app.screen, "waits", False), pilot)
    await pilot.pause()


async def wait_for_walk(pilot: AppPilot) -> None:
    """Wait until the walkthrough is open, with its update."""
    await until(lambda: isinstance(pilot.app.screen, WalkthroughScreen), pilot)
    await wait_for_computations(pilot)


def panels(pilot: AppPilot) -> list[Panel]:
    """The visible panels of the training screen that draw the training."""
    screen = pilot.app.screen_stack[1] if len(pilot.app.screen_stack) > 1 else pilot.app.screen
    return [panel for panel in screen.query(Panel) if panel.display]


def panel(pilot: AppPilot, name: str) -> Panel:
    return pilot.app.screen_stack[1].query_one(f"#{name}", Panel)


def text(panel: Panel) -> str:
    """What a panel has drawn."""
    return "\n".join(panel.render_line(y).text for y in range(panel.content_size.height))


def has_its_size(panel: Panel) -> bool:
    """Whether a panel was last drawn for the size that it has now."""
    return panel._drawn_as is not None and panel._drawn_as[1:] == panel.content_size


async def drawn(pilot: AppPilot) -> None:
    """Wait until every panel has its place, and shows the newest view there."""

    def shows_it(panel: Panel) -> bool:
        return panel.view is session_of(pilot).view and panel.content_size.height > 0 and has_its_size(panel)

    await until(lambda: all(map(shows_it, panels(pilot))), pilot)
    await until(lambda: not screen_of(pilot).waits_for_drawing, pilot)


def screen_of(pilot: AppPilot) -> BaseScreen[object]:
    """The screen that is shown."""
    assert isinstance(pilot.app.screen, BaseScreen)
    return pilot.app.screen


def same(one: TrainerState, other: TrainerState) -> bool:
    """Whether two states are equal, bit for bit."""
    return (
        one.values == other.values
        and one.arrays.keys() == other.arrays.keys()
        and all(np.array_equal(one.arrays[name], other.arrays[name], equal_nan=True) for name in one.arrays)
    )


def trained_alone(run: Run, steps: int) -> TrainerState:
    """The state of a run that rests after so many steps without a session."""
    run.trainer.run(lambda: False, until=steps)
    run.trainer.record_score()
    return run.trainer.state()
