"""Only changed cells are sent to the terminal."""

import re

from textual.geometry import Region
from textual.widget import Widget

from gradstep.tui.terminal.cropped_updates import CroppedUpdate, CroppingCompositor
from tests.tui.driving import assembled, drawn, shown


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
