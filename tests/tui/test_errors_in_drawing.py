"""An error while a panel draws ends the program at once, whichever panel of whichever screen it is."""

from collections.abc import Callable
from time import thread_time

import pytest
from textual.worker import WorkerFailed

from gradstep.tui.screens.luck.screen import LuckScreen
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.screens.weights.screen import WeightsScreen
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import assembled, shown, until, wait_for_computations

SECONDS = 2.0
"""Processor time of the traceback. With every local variable in it, among them whole data sets, it takes minutes."""

SCREENS = {"": TrainingScreen, "w": WalkthroughScreen, "x": WeightsScreen, "R": RaceScreen, "M": LuckScreen}


def break_drawing(panel: Panel, method: str) -> None:
    def breaking(*_: object) -> None:
        raise RuntimeError("it breaks here")

    setattr(panel, method, breaking)


@pytest.mark.parametrize("method", ["lines", "render_line"])
@pytest.mark.parametrize("key", SCREENS)
async def test_an_error_while_a_panel_draws_ends_the_program(
    key: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[float] = []
    with pytest.raises((RuntimeError, WorkerFailed), match="it breaks here"):
        async with shown(assembled("digits"), paused=False, pace=50.0) as pilot:
            app = pilot.app
            await pilot.press(*key)
            await until(lambda: isinstance(app.screen, SCREENS[key]), pilot)
            await wait_for_computations(pilot)
            monkeypatch.setattr(app, "_fatal_error", time_the_end(app._fatal_error, handled))
            for panel in app.screen.query(Panel):
                break_drawing(panel, method)
                panel.refresh()
            app.screen.refresh()
            app.simulate_key("right")
            await until(lambda: bool(handled))  # without the pilot, which draws by itself
    assert handled[0] < SECONDS
    assert app.return_code == 1


def time_the_end(end: Callable[[], None], seconds: list[float]) -> Callable[[], None]:
    def timed() -> None:
        began = thread_time()
        end()
        seconds.append(thread_time() - began)

    return timed
