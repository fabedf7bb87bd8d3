"""A line of text that runs an action when enter is pressed."""

from typing import Any

from textual.widgets import Input


class LineInput(Input):
    """Runs the action within the key, and not with a message: the next key finds what the action has done."""

    def __init__(self, action: str, *arguments: Any, **options: Any) -> None:
        """`action` is named as in a binding."""
        super().__init__(*arguments, **options)
        self._action = action

    async def action_submit(self) -> None:
        await self.run_action(self._action)
