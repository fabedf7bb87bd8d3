"""The screen behind a dialog."""

from textual._context import visible_screen_stack
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip

from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.terminal.changed_cells import split_cells
from tests.tui.driving import assembled, drawn, shown, until


def look(line: Strip) -> list[tuple[str, object, object]]:
    """The text and the colours of every cell."""
    return [(text, style and style.color, style and style.bgcolor) for text, style in split_cells(line)]


async def test_the_screen_behind_a_dialog_is_dimmed_as_textual_dims_it() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        screen, behind = pilot.app.screen, pilot.app.screen_stack[-2]
        # Textual takes the screen behind out of this list whenever it renders
        visible_screen_stack.set([behind])
        rendered = screen.render()
        assert isinstance(rendered, BackgroundScreen)
        visible_screen_stack.set([behind])
        screen._render_content()
        lines = screen._render_cache.lines
        assert len(lines) == 40
        assert "Architecture" in lines[1].text
        strips = behind._compositor.render_strips()
        theirs = [Strip(BackgroundScreen.process_segments(line, rendered.color)) for line in strips]
        assert list(map(look, lines)) == list(map(look, theirs))
