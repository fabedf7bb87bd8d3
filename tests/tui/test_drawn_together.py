"""Panels of the training screen whose numbers have to agree are drawn from one view, also while training goes on."""

from collections.abc import Callable

from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import assembled, shown, until


async def test_panels_that_have_to_agree_show_one_moment() -> None:
    async with shown(assembled("iris", max_epochs=1_000_000), pace=None, paused=False) as pilot:
        screen = pilot.app.screen
        architecture, loss, output = (screen.query_one(kind) for kind in (ArchitecturePanel, LossPanel, OutputPanel))

        async def agree_until(first: Panel[View], second: Panel[View], condition: Callable[[View], bool]) -> None:
            def is_seen() -> bool:
                assert first.view is second.view is not None
                return condition(first.view)

            await until(is_seen, pilot)

        start = output.view.snapshot.step if output.view else 0
        await agree_until(architecture, output, lambda view: view.snapshot.step > start)
        await pilot.press("n")
        await agree_until(architecture, output, lambda view: view.snapshot.example.index.row == 1)
        await pilot.press("c")
        await until(lambda: output.view is not None and output.view.request.output == "confusion", pilot)
        await agree_until(loss, output, lambda view: view.snapshot.part_report is not None)
