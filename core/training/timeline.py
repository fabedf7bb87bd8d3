"""The past of a run: any step can be gone back to, exactly, in bounded memory."""

import bisect
from collections.abc import Callable
from copy import copy

import numpy as np

from gradstep.core.training.trainer import Trainer, TrainerState

BUDGET = 64 * 2**20
"""Bytes of kept states."""

MOST = 128
"""Kept states, so that those of a small network, which are mostly its loss curve, do not add up to the budget either:
after some 8,000 steps they take no more memory, and a step n steps ago is within about 0.08 · n of one.
"""

CLOSEST = 64
"""Steps between two kept states, until the budget is spent; a step between them is recomputed."""

Change = Callable[[Trainer], None]
"""What a person changes of a trainer between two steps: done again, in its order, where the run passes there again."""


class Timeline:
    """Keeps states of a trainer, the recent ones close together and the older ones further apart.

    A step in between is recomputed from the kept state before it, with the changes it was made with: the same
    numbers bit for bit. `tip` is the newest step reached, `bytes` what the kept states take.
    """

    def __init__(self, trainer: Trainer, budget: int = BUDGET) -> None:
        """Begin at the trainer's present step; `budget` in bytes."""
        self._trainer, self._budget = trainer, budget
        self._states: list[TrainerState] = []
        self._steps: list[int] = []
        self._changes: list[tuple[int, Change]] = []
        self.tip = trainer.step
        self.bytes = 0
        self._keep()

    @property
    def first(self) -> int:
        """The oldest step that can be gone back to."""
        return self._steps[0]

    @property
    def next_due(self) -> int:
        """The step at which `record` should be called next."""
        step = self._trainer.step
        changes = (changed_at for changed_at, _ in self._changes if changed_at > step)
        return min((max(step + 1, self._steps[-1] + CLOSEST), *changes))

    def record(self) -> None:
        """Take note that the trainer is at its present step; keeps its state where that is due.

        On the way from the past to the tip it makes the changes where they were made the first time.
        """
        step = self._trainer.step
        self.tip = max(self.tip, step)
        for changed_at, change in self._changes:
            if changed_at == step:
                change(self._trainer)
        if step - self._steps[-1] >= CLOSEST:
            self._keep()

    def rate_changed(self) -> None:
        """Take note that the trainer's learning rate was changed at its present step: what came after is given up."""
        rate = self._trainer.learning_rate
        self.changed(lambda trainer: setattr(trainer, "learning_rate", rate))

    def changed(self, change: Change) -> None:
        """Take note of this change of the trainer at its present step: what came after is given up."""
        step = self._trainer.step
        self._forget_after(step)
        self._changes.append((step, change))

    def copy(self) -> "Timeline":
        """The same past, to which other things can happen; the kept states are shared."""
        other = copy(self)
        other._states, other._steps, other._changes = self._states[:], self._steps[:], self._changes[:]
        return other

    def go_to(self, step: int) -> None:
        """Bring the trainer to `step`, clamped to what was recorded."""
        step = min(max(step, self.first), self.tip)
        # from a state before it, so that the step's own update is made and can be looked at
        index = max(0, bisect.bisect_left(self._steps, step) - 1)
        trainer = self._trainer
        trainer.restore(self._states[index])
        for changed_at, change in self._changes:
            if self._steps[index] <= changed_at <= step:
                trainer.run(lambda: False, until=changed_at)
                change(trainer)
        trainer.run(lambda: False, until=step)

    def _forget_after(self, step: int) -> None:
        self.tip = step
        kept = bisect.bisect_right(self._steps, step)
        for index in range(len(self._steps) - 1, kept - 1, -1):
            self._drop(index)
        self._changes = [(at, change) for at, change in self._changes if at <= step]

    def _keep(self) -> None:
        state = self._trainer.state()
        self._steps.append(self._trainer.step)
        self._states.append(state)
        self.bytes += state_bytes(state)
        while len(self._states) > 2 and (self.bytes > self._budget or len(self._states) > MOST):
            self._drop(self._least_missed())

    def _least_missed(self) -> int:
        """The kept state, neither first nor last, whose loss opens the smallest gap for its age."""
        steps = np.array(self._steps)
        gaps = steps[2:] - steps[:-2]
        ages = steps[-1] - steps[1:-1] + CLOSEST
        return int(np.argmin(gaps / ages)) + 1

    def _drop(self, index: int) -> None:
        self.bytes -= state_bytes(self._states[index])
        del self._steps[index], self._states[index]


def state_bytes(state: TrainerState) -> int:
    """Bytes of a state's arrays."""
    return sum(array.nbytes for array in state.arrays.values())
