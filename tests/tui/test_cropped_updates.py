"""Only changed cells are sent to the terminal."""

import re

from textual.geometry import Region
from textual.widget import Widget
from textual.widgets._toast import Toast

from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.training.end import EndPanel
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.cropped_updates import CroppedUpdate, CroppingCompositor
from tests.tui.driving import assembled, drawn, panel, panels, shown, until


async def test_a_changed_span_is_sent_without_the_text_before_and_after_it() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        compositor = pilot.app.screen._compositor
        assert isinstance(compositor, CroppingCompositor)
        compositor._dirty_regions = {Region(10, 0, 13, 1)}
        update = compositor.render_partial_update()
        assert isinstance(update, CroppedUpdate)
        sent = update.render_segments(pilot.app.console)
        status = pilot.app.screen.query_one("#status", Widget).render_line(0).text
        assert sent.startswith("\x1b[1;11H")
        assert re.sub(r"\x1b\[[0-9;]*[mH]", "", sent) == status[10:23]


async def test_nothing_is_sent_if_nothing_changed() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        assert pilot.app.screen._compositor.render_partial_update() is None


async def test_a_notification_that_goes_is_drawn_over_though_a_place_was_asked_for_before_the_next_layout() -> None:
    app = GradstepApp(TrainingSession(assembled("digits"), None, paused=True))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(lambda: bool(panels(pilot)), pilot)
        await drawn(pilot)
        app.notify("soon gone", timeout=60)
        await until(lambda: any(toast.region for toast in app.screen.query(Toast)), pilot)
        await drawn(pilot)
        compositor, toast = app.screen._compositor, app.screen.query_one(Toast)
        place = toast.region
        # Textual does so when a widget that is not drawn yet changes
        compositor._full_map_invalidated = True
        toast.display = False
        assert panels(pilot)[0].region, "a place is asked for before the next layout"
        compositor.reflow(app.screen, app.size)
        assert any(place in region for region in compositor._dirty_regions)


async def test_a_panel_is_told_its_new_size_though_a_place_was_asked_for_before_the_next_layout() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        screen, gradients = pilot.app.screen, panel(pilot, "gradients")
        screen._compositor._full_map_invalidated = True
        screen.query_one(EndPanel).display = True
        assert gradients.region, "a place is asked for before the next layout"
        assert gradients in screen._compositor.reflow(screen, pilot.app.size).resized
