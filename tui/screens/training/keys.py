"""The last line of the training screen."""

from textual.strip import Strip

from gradstep.tui.session.view import View
from gradstep.tui.widgets.key_bar import HasNote, KeyBar


class TrainingKeys(KeyBar):
    """Shows the keys or a note. The note on the end is left to the panel of the end, because all keys act there."""

    end_is_shown = False

    def lines(self, view: HasNote, width: int, height: int) -> list[Strip]:
        """Draw the note, or the keys."""
        is_said = self.end_is_shown and isinstance(view, View) and view.end is not None and not view.brief
        return self.draw_keys(view, width, height) if is_said else super().lines(view, width, height)
