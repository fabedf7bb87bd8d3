"""The screen behind a dialog."""

from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip

from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.widgets.panel import split_cells
from tests.tui.driving import assembled, drawn, shown, until


def look(line: Strip) -> list[tuple[str, object, object]]:
    """The text and the colours of every cell."""
    return [(text, style and style.color, style and style.bgcolor) for text, style in split_cells(line)]


async def test_the_screen_behind_a_dialog_is_dimmed_as_textual_dims_it() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        screen = pilot.app.screen
        assert isinstance(screen, HelpScreen)
        rendered = screen.render()
        assert isinstance(rendered, BackgroundScreen)
        behind = pilot.app.screen_stack[-2]._compositor.render_strips()
        screen._render_content()
        lines = screen._render_cache.lines
        assert len(lines) == 40
        assert "Architecture" in lines[1].text
        theirs = [Strip(BackgroundScreen.process_segments(line, rendered.color)) for line in behind]
        assert list(map(look, lines)) == list(map(look, theirs))
