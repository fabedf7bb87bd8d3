"""A bare Textual app that counts the presses of a key, the peer of the latency of a key."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class CountingApp(App[None]):
    """Shows how often `n` was pressed."""

    BINDINGS = [("n", "count", "Count"), ("q", "quit", "Quit")]  # noqa: RUF012
    pressed = 1

    def compose(self) -> ComposeResult:
        yield Static(id="count")

    def on_mount(self) -> None:
        self._show()

    def action_count(self) -> None:
        """Count, and show the number."""
        self.pressed += 1
        self._show()

    def _show(self) -> None:
        self.query_one("#count", Static).update(f"example {self.pressed} of many")


if __name__ == "__main__":
    CountingApp().run()
