"""Textual's command palette."""

from textual.command import CommandPalette

from gradstep.tui.widgets.current_size import CurrentSize


class Palette(CommandPalette, CurrentSize[None]):
    """Finds commands by their names, and follows the size of the terminal as the other screens do."""
