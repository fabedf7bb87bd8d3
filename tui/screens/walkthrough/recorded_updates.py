"""The recorded updates that a walkthrough goes through."""

from gradstep.core.training.update import Update
from gradstep.tui.session.training_session import TrainingSession


class RecordedUpdates:
    """Has updates of a run recorded, and keeps the `current` one and the one before it.

    There is no current one before `begin`.
    """

    current: Update

    def __init__(self, session: TrainingSession) -> None:
        self._session = session
        self._previous: Update | None = None

    async def begin(self, step: int | None) -> None:
        """Record the first one: update number `step`, or the one that made the newest step. Raises Diverged."""
        self.current = await self._session.record_update(step)

    async def go_to(self, step: int) -> Update:
        """Record update number `step`, and make it the current one. Raises Diverged.

        If it is not kept, the nearest is returned, and the current one stays.
        """
        update = await self._session.record_update(step)
        if update.step == step:
            self._previous = self.current if step > self.current.step else None
            self.current = update
        return update

    async def find_previous(self) -> Update | None:
        """Return the update before the current one; None if there is none or if it is not kept."""
        step = self.current.step
        if self._previous is None and step > 1:
            before = await self._session.record_update(step - 1)
            self._previous = before if before.step == step - 1 else None
            self.current = await self._session.record_update(step)
        return self._previous
