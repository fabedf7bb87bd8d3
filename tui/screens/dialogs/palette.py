"""Textual's command palette."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial

from textual.app import SystemCommand
from textual.command import CommandPalette

from gradstep.tui.keymap import Key
from gradstep.tui.widgets.current_size import CurrentSize


class Palette(CommandPalette, CurrentSize[None]):
    """Finds commands by their names, and follows the size of the terminal as the other screens do."""


def list_commands(keys: Iterable[Key], run_action: Callable[[str], Awaitable[object]]) -> Iterator[SystemCommand]:
    """Return a command for each key but that of the palette itself; it runs the key's action."""
    for key in dict.fromkeys(keys):
        if key.id != "palette":
            yield SystemCommand(key.does, f"key {key.shown}", partial(run_action, f"{key.owner}.{key.action}"))
