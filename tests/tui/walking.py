"""Drives the walkthrough from a test: opens it, presses keys and reads its text."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from gradstep.core.ledger.micro_step import PHASES, Focus, MicroStep
from gradstep.core.training.update import Update, record_update
from gradstep.data.assemble import assemble
from gradstep.data.lesson import Lesson, load_lesson
from gradstep.data.run import Run
from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.walkthrough.explanation import Explanation
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.walk import Walk
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import AppPilot, assembled, has_its_size, step_of, text, until, wait_for_walk

NUMBER = re.compile(r"[−-]?\d+\.?\d*(?:e[−-]?\d+)?")


def lesson_run(name: str) -> tuple[Run, Lesson]:
    """A lesson, and its experiment ready to train."""
    lesson = load_lesson(name)
    return assemble(lesson.experiment), lesson


def digits(**training: object) -> Run:
    """The digits on the default network, with momentum and l2."""
    return assembled("digits", optimizer="momentum", learning_rate=0.1, l2=1e-3, **training)


def small(**training: object) -> Run:
    """Iris on one small hidden layer."""
    return assembled(network={"hidden": [3], "activation": "tanh"}, batch_size=4, **training)


def recorded(run: Run, step: int = 1) -> Update:
    """Update number `step` of a run, made without a session."""
    run.trainer.run(lambda: False, until=step - 1)
    return record_update(run.trainer)


@asynccontextmanager
async def walking(run: Run, lesson: Lesson | None = None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[AppPilot]:
    """The app in the walkthrough of the first update, with every panel drawn."""
    app = GradstepApp(TrainingSession(run, None, paused=True), walk=True, lesson=lesson)
    async with app.run_test(size=size) as pilot:
        await wait_for_walk(pilot)
        await wait_until_settled(pilot)
        yield pilot


def screen(pilot: AppPilot) -> WalkthroughScreen:
    assert isinstance(pilot.app.screen, WalkthroughScreen)
    return pilot.app.screen


def view(pilot: AppPilot) -> WalkView:
    return screen(pilot).view


def walk(pilot: AppPilot) -> Walk:
    return view(pilot).walk


def step(pilot: AppPilot) -> MicroStep:
    return walk(pilot).step


def focus(pilot: AppPilot) -> Focus:
    return walk(pilot).focus


def shown_panels(pilot: AppPilot) -> list[Panel]:
    """The visible panels, without the key bar, which draws no walk."""
    return [panel for panel in screen(pilot).query(Panel) if panel.content_size.area and not isinstance(panel, KeyBar)]


def shown_text(pilot: AppPilot, *names: str) -> str:
    """The text on the screen, or on these of its panels."""
    return "\n".join(text(panel) for panel in shown_panels(pilot) if not names or panel.id in names)


async def wait_until_settled(pilot: AppPilot) -> None:
    """Wait until no computation is running, and every panel is placed and shows the view."""
    await until(lambda: not screen(pilot).waits, pilot)

    def drawn(panel: Panel) -> bool:
        return panel.view is view(pilot) and has_its_size(panel)

    def placed() -> bool:
        explanation = screen(pilot).query_one(Explanation)
        height = explanation.styles.height
        room = screen(pilot).query_one("#right").size == screen(pilot)._room
        return room and height is not None and height.is_cells and explanation.size.height == height.value

    await until(lambda: bool(shown_panels(pilot)) and placed() and all(map(drawn, shown_panels(pilot))), pilot)


async def resized(pilot: AppPilot, size: tuple[int, int]) -> None:
    """Resize the terminal, and wait until the walkthrough is drawn on that size."""
    await pilot.resize_terminal(*size)
    # `size` is the terminal's, `outer_size` that of the last layout
    await until(lambda: screen(pilot).outer_size == size, pilot)
    await wait_until_settled(pilot)


async def press(pilot: AppPilot, *keys: str) -> None:
    """Press keys, and wait until the screen shows their effect."""
    for key in keys:
        if len(key) == 1 and not key.isalnum():
            await pilot.press(key)  # slower, but it knows the name of the key that writes this sign
            continue
        pilot.app.simulate_key(key)
        for _ in ("app", "screen"):  # what the one does not know it hands to the other
            await pilot.pause(0)
    await wait_until_settled(pilot)


async def walk_to(pilot: AppPilot, key: str) -> None:
    """Walk to the micro-step `key` of this update, by phases and then by micro-steps."""
    steps = walk(pilot).steps
    place = [each.key for each in steps].index(key)
    phases = PHASES.index(steps[place].phase) - PHASES.index(step(pilot).phase)
    await press(pilot, *["end"] * max(0, phases))
    away = place - walk(pilot).index
    await press(pilot, *["right" if away > 0 else "left"] * abs(away))


async def focus_on(pilot: AppPilot, neuron: int, weight: int = 0) -> None:
    """Choose a neuron of the current layer, and one of its weights, with the keys."""
    layer = walk(pilot).layer_number - 1
    down, on = neuron - focus(pilot).neurons[layer], weight - focus(pilot).weights[layer]
    await press(pilot, *["down" if down > 0 else "up"] * abs(down), *["tab" if on > 0 else "shift+tab"] * abs(on))


async def leave_and_train(pilot: AppPilot, session: TrainingSession, until_step: int) -> None:
    """Back to the training, and train until it is finished at this step."""
    await pilot.press("escape", "space")
    await until(lambda: session.view.phase == "finished", pilot)
    assert step_of(session) == until_step


def numbers(words: str) -> Iterator[float]:
    """Every number in a text."""
    return (float(found.replace("−", "-")) for found in NUMBER.findall(words))


def stands_in(published: str, words: str) -> bool:
    """Whether a number of the text is the published one, to half a unit of its last printed digit."""
    digits, _, exponent = published.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    return any(abs(found - float(published)) <= 0.501 * unit for found in numbers(words))
