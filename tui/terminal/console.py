"""The console of rich with which Textual draws."""

from typing import IO, Literal

from rich.console import Console

from gradstep.tui.terminal.capabilities import Colours

COLOUR_SYSTEMS: dict[Colours, Literal["truecolor", "256", "standard"] | None] = {
    "truecolor": "truecolor",
    "256": "256",
    "16": "standard",
    "none": None,
}
"""The name that rich has for each number of colours."""


def make_console(colours: Colours, file: IO[str]) -> Console:
    """Make a console like Textual's, with so many colours."""
    return Console(
        color_system=COLOUR_SYSTEMS[colours],
        file=file,
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        safe_box=False,
    )
