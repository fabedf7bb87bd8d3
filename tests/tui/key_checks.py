"""A check for each key of a table: what the key does, as its test."""

from collections.abc import Awaitable, Callable

from tests.tui.driving import AppPilot

Check = Callable[[AppPilot, str], Awaitable[None]]


class KeyChecks(dict[str, Check]):
    """The checks by the ids of their keys. Each is called with the app, paused, and the key to press."""

    def register(self, *ids: str) -> Callable[[Check], Check]:
        """Register the function below for these keys."""

        def decorate(check: Check) -> Check:
            self.update(dict.fromkeys(ids, check))
            return check

        return decorate
