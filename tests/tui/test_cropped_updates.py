"""Only changed cells are sent to the terminal."""

import re

from textual.geometry import Region
from textual.widget import Widget
from textual.widgets._toast import Toast

from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.training.end import EndPanel
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.cropped_updates import CroppedUpdate, CroppingCompositor
from gradstep.tui.widgets.panel import Panel
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


async def test_a_panel_draws_over_its_cells_alone_while_nothing_lies_over_it() -> None:
    app = GradstepApp(TrainingSession(assembled("digits"), None, paused=True))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(lambda: bool(panels(pilot)), pilot)
        await drawn(pilot)
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert all(screen.can_draw_over(each) for each in panels(pilot))
        app.notify("it lies over a corner", timeout=60)
        await until(lambda: any(toast.region for toast in screen.query(Toast)), pilot)
        (toast,) = screen.query(Toast)
        covered = [each for each in panels(pilot) if each.region.overlaps(toast.region)]
        assert covered
        assert [each for each in panels(pilot) if not screen.can_draw_over(each)] == covered
        app.clear_notifications()
        await screen.query("ToastHolder").remove()
        await until(lambda: all(screen.can_draw_over(each) for each in panels(pilot)), pilot)


async def test_a_panel_draws_over_nothing_under_another_screen() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, TrainingScreen)
        await pilot.press("question_mark")
        await until(lambda: pilot.app.screen is not screen, pilot)
        assert not any(screen.can_draw_over(each) for each in screen.query(Panel))


async def test_what_a_panel_draws_is_sent_with_the_next_update_and_once() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        compositor = pilot.app.screen._compositor
        assert isinstance(compositor, CroppingCompositor)
        compositor.draw_over(Region(3, 4, 2, 1), "ab")
        update = compositor.render_partial_update()
        assert update is not None
        assert update.render_segments(pilot.app.console) == "\x1b[5;4Hab"
        assert compositor.render_partial_update() is None


async def test_where_textual_draws_too_and_after_a_new_layout_it_draws_what_the_panel_had_drawn() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        screen = pilot.app.screen
        compositor = screen._compositor
        assert isinstance(compositor, CroppingCompositor)
        compositor.draw_over(Region(13, 0, 2, 1), "ab")
        compositor._dirty_regions = {Region(10, 0, 4, 1)}
        update = compositor.render_partial_update()
        assert update is not None
        assert "ab" not in update.render_segments(pilot.app.console)
        assert {(y, x) for y, left, right in update.spans for x in range(left, right)} == {
            (0, x) for x in range(10, 15)
        }
        compositor.draw_over(Region(13, 0, 2, 1), "ab")
        compositor.reflow(screen, pilot.app.size)
        assert not compositor.has_drawn_over
        assert Region(13, 0, 2, 1) in compositor._dirty_regions
