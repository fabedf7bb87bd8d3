"""The cursor of the enlarged loss panel."""

import re

import numpy as np

from gradstep.tui.keymap import CURSOR_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.widgets.key_bar import KeyBar
from tests.tui.driving import assembled, panel, shown, text, until

STEPS = 3000


async def test_the_cursor_reads_the_values_at_a_step() -> None:
    run = assembled("iris", max_steps=60, learning_rate=0.1)
    async with shown(run, pace=None, paused=False) as pilot:
        await until(lambda: run.trainer.step == 60, pilot)
        await pilot.press("left")
        assert "│ step" not in text(panel(pilot, "loss"))
        bar = pilot.app.screen.query_one(KeyBar)
        assert "read" not in {key.footer for key in bar._keys}
        await pilot.press("2", "m", "home")
        assert {key.id for key in CURSOR_KEYS} <= {key.id for key in bar._keys}
        history = run.trainer.history
        for step in range(1, 4):
            line = text(panel(pilot, "loss")).splitlines()[1]
            assert f"│ step {step} " in line
            assert f"training {history.loss_curve().mean[step - 1]:.4f}" in line
            assert "rate 0.1" in line
            assert re.search(r"test \d\.\d{4}, accuracy \d+\.\d%", line)
            await pilot.press("right")
        await pilot.press("left", "end")
        assert "│ step 60 " in text(panel(pilot, "loss"))
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert set(CURSOR_KEYS) <= set(pilot.app.screen._keys)
        await pilot.press("escape", "escape")
        assert "│ step" not in text(panel(pilot, "loss"))


async def test_the_cursor_of_a_long_run_moves_by_at_most_a_cell() -> None:
    run = assembled("iris")
    run.trainer.run(lambda: False, until=STEPS)
    async with shown(run, paused=True) as pilot:
        await pilot.press("2", "m", "end")
        loss = panel(pilot, "loss")
        assert isinstance(loss, LossPanel)
        seen = []
        while not seen or loss.cursor != seen[-1]:
            assert loss.cursor is not None
            seen.append(loss.cursor)
            await pilot.press("left")
        assert seen[0] == STEPS
        assert seen[-1] == run.trainer.history.loss_curve().step[0]
        assert max(-np.diff(seen)) <= STEPS / 100
