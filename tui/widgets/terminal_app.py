"""An app that draws what the terminal can show, takes pictures of it, and ends with one short traceback."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from textual._context import visible_screen_stack
from textual.app import ReturnType
from textual.color import TRANSPARENT
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.strip import Strip
from textual.worker import Worker

from gradstep.data.atomic_write import WriteError
from gradstep.data.new_file import write_new_file
from gradstep.tui.chosen_keys import rebind
from gradstep.tui.drawing.colour_fallback import make_colour_filters, make_conversion
from gradstep.tui.drawing.glyph_fallback import make_glyph_table
from gradstep.tui.drawing.svg import draw_svg
from gradstep.tui.drawing.theme import DEFAULT_THEME, THEMES, make_theme_colours
from gradstep.tui.terminal.browser import is_in_browser
from gradstep.tui.terminal.capabilities import OTHER_BACKGROUND, TerminalCapabilities
from gradstep.tui.terminal.console import make_console
from gradstep.tui.terminal.driver import TerminalDriver
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.terminal.strip_caches import lighten_strips
from gradstep.tui.widgets.keys_in_order import KeysInOrder
from gradstep.tui.widgets.work_begun_once import begin_once

lighten_strips()


def _choose_driver() -> type[Driver]:
    if not is_in_browser():
        return TerminalDriver
    # here, because most runs have no browser
    from gradstep.tui.terminal.browser_driver import BrowserDriver

    return BrowserDriver


class TerminalApp(KeysInOrder[ReturnType]):
    """Converts colours and glyphs for the terminal. The driver leaves out frames while its `backlog` is long."""

    def __init__(self, capabilities: TerminalCapabilities) -> None:
        super().__init__(driver_class=_choose_driver())
        self._bindings = rebind(self._bindings)
        self.capabilities = capabilities
        # Textual reads the environment only, and knows no --colours
        self.no_color = capabilities.colours == "none"
        self.console = make_console(capabilities.colours, self.console.file)
        self._colour_filters = make_colour_filters(capabilities)
        self._glyphs = make_glyph_table(capabilities.glyphs)
        self.backlog = OutputBacklog()
        self._picture_turn = asyncio.Lock()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters except its own for NO_COLOR, then those for the capabilities."""
        filters = [each for each in super().get_line_filters() if not isinstance(each, Monochrome | NoColor)]
        return [*filters, *self._colour_filters]

    def get_css_variables(self) -> dict[str, str]:
        """Return Textual's variables of the style sheet, and the colours of the theme."""
        return super().get_css_variables() | make_theme_colours(self.theme if self.theme in THEMES else DEFAULT_THEME)

    def encode(self, text: str) -> bytes:
        """Encode a text for the terminal, with its glyphs replaced where needed. Any thread may call this."""
        return (text if self._glyphs is None else text.translate(self._glyphs)).encode("utf-8", "replace")

    def note_key(self) -> None:
        """Note that a key was read, which the event loop will process. Any thread may call this."""

    def _handle_exception(self, error: Exception) -> None:
        """End the program because of the first error; those that follow while it ends are left out."""
        if self._exception is None:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End the program, with the traceback of the error on the terminal.

        Textual's own traceback prints every local variable. A view holds a whole run with its data, so that takes
        minutes, during which nothing is drawn and no key acts.
        """
        # here, because few runs need it, and it brings a library that colours source code
        from rich.traceback import Traceback

        self.panic(Traceback(width=None, show_locals=False))

    @property
    def picture_name(self) -> str:
        """The name of the file for a picture of the screen, without its suffix."""
        return self.title

    async def action_picture(self, other_background: bool = False) -> None:
        """Write what is on the screen to a new SVG file in the current folder, and show its name or the error.

        The colours are those of the terminal, or with `other_background` light ones for dark ones or the reverse.
        """
        # a note on an earlier picture is no part of this one
        self.clear_notifications()
        await self.screen.query("ToastHolder").remove()
        write = self._deliver_picture if self.is_web else self._write_picture
        self.begin_work(partial(write, self.read_screen(), self.picture_name, other_background), "picture")

    def begin_work(self, work: Callable[[], Awaitable[Any]], name: str) -> Worker[Any]:
        """Await the result of this function in a worker, so that keys act meanwhile. An exception ends the program."""
        # not a coroutine yet: none is left over if the program ends before the worker begins
        return self.run_worker(begin_once(work), name, description=name, exit_on_error=True)

    def read_screen(self) -> list[Strip]:
        """Return the lines of the screen in the terminal's colours, without its glyphs."""
        # unlike Textual's export_screenshot this leaves it to the next frame to draw what has changed
        visible_screen_stack.set(self._background_screens)
        return self.screen._compositor.render_strips()

    async def _write_picture(self, lines: list[Strip], name: str, other_background: bool) -> None:
        try:
            # one at a time, so that a key that is held down leaves the other threads to the training
            async with self._picture_turn:
                path = await asyncio.to_thread(self._write_svg, lines, name, other_background)
        except WriteError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(f"written: {path}", markup=False)

    async def _deliver_picture(self, lines: list[Strip], name: str, other_background: bool) -> None:
        """Let the browser download the picture: the folder of the server is nobody's there."""
        content = await asyncio.to_thread(self._draw_svg, lines, name, other_background)
        self.deliver_binary(BytesIO(content), save_filename=f"{name}.svg", mime_type="image/svg+xml")

    def _write_svg(self, lines: list[Strip], name: str, other_background: bool) -> Path:
        return write_new_file(Path(f"{name}.svg"), self._draw_svg(lines, name, other_background))

    def _draw_svg(self, lines: list[Strip], name: str, other_background: bool) -> bytes:
        capabilities = self.capabilities
        if other_background:
            background = OTHER_BACKGROUND[capabilities.background]
            capabilities = replace(capabilities, background=background)
            conversion = make_conversion(background)
            lines = [Strip(conversion.apply(list(line), TRANSPARENT)) for line in lines]
        return draw_svg(lines, capabilities, name).encode("utf-8", "replace")
