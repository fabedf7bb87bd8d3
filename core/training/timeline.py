"""The timeline of a run: kept states of the trainer, from which every step can be made again exactly."""

import bisect
from collections.abc import Callable
from copy import copy

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState

MEMORY_BUDGET = 64 * 2**20
"""Bytes that the kept states may take."""

MOST_STATES = 128
"""Kept states at most. The state of a small network is mostly its loss history, and 128 of those stay small.

After so many states the timeline takes no more memory, and a step n steps ago is within about 0.08·n of one.
"""

STEPS_BETWEEN_STATES, STEPS_IF_QUICK = 64, 256
"""Steps between two kept states while the budget lasts; the steps between them are recomputed."""

QUICK = 100_000
"""Parameters times rows of a batch, up to which STEPS_IF_QUICK are recomputed in some 10 ms."""

TrainerChange = Callable[[Trainer], None]
"""A change that a person makes to a trainer between two steps. It is made again wherever that step is recomputed."""


class Timeline:
    """Keeps states of a trainer, recent ones close together and older ones further apart.

    A step between two states is recomputed from the earlier one, with the changes made on the way, so every number is
    the same bit for bit. `newest_step` is the last step reached, `bytes` the size of the kept states, and
    `steps_between_states` how far apart recent ones are.
    """

    def __init__(self, trainer: Trainer, budget: int = MEMORY_BUDGET) -> None:
        """Begin at the trainer's present step; `budget` is in bytes."""
        self._trainer, self._budget = trainer, budget
        self._states: list[TrainerState] = []
        self._steps: list[int] = []
        self._changes: list[tuple[int, TrainerChange]] = []
        quick = len(trainer.network.parameters) * trainer.batch_size <= QUICK
        self.steps_between_states = STEPS_IF_QUICK if quick else STEPS_BETWEEN_STATES
        self.newest_step = trainer.step
        self.bytes = 0
        self._keep_state()

    @property
    def oldest_step(self) -> int:
        """The oldest step that `go_to` can reach."""
        return self._steps[0]

    @property
    def next_due(self) -> int:
        """The step at which `record` should be called next."""
        step = self._trainer.step
        changes = (changed_at for changed_at, _ in self._changes if changed_at > step)
        return min((max(step + 1, self._steps[-1] + self.steps_between_states), *changes))

    def record(self) -> None:
        """Record that the trainer is at its present step, and keep its state if one is due.

        If changes were made at this step when it was first reached, they are made again.
        """
        step = self._trainer.step
        self.newest_step = max(self.newest_step, step)
        for changed_at, change in self._changes:
            if changed_at == step:
                change(self._trainer)
        if step - self._steps[-1] >= self.steps_between_states:
            self._keep_state()

    def record_rate_change(self) -> None:
        """Record that the learning rate was changed at the present step; all later steps are forgotten."""
        rate = self._trainer.learning_rate
        self.record_change(lambda trainer: setattr(trainer, "learning_rate", rate))

    def record_change(self, change: TrainerChange) -> None:
        """Record that the trainer was changed at the present step; all later steps are forgotten."""
        self._forget_after(self._trainer.step)
        self._add_change(change)

    def record_stop_change(self) -> None:
        """Record that the stop conditions were changed at the present step. No step is forgotten.

        The kept states of later steps are dropped: what they say of the stop conditions is not true any more.
        """
        self._drop_states_after(self._trainer.step)
        self._add_change(Trainer.restart_stopping)

    def record_score(self) -> None:
        """Record the score of the newest step, where the run rests, once. No step is forgotten."""
        if (self._trainer.step, Trainer.record_score) not in self._changes:
            self._trainer.record_score()
            self._add_change(Trainer.record_score)

    def copy(self) -> "Timeline":
        """Return an independent timeline with the same past; the kept states are shared."""
        other = copy(self)
        other._states, other._steps, other._changes = self._states[:], self._steps[:], self._changes[:]
        return other

    def read_parameters(self, before: int) -> list[tuple[int, Floats]]:
        """Return the kept steps before a step, and the parameters (count,) at each. They are not to be changed."""
        kept = zip(self._steps, self._states, strict=True)
        return [(step, state.arrays["parameters"]) for step, state in kept if step < before]

    def go_to(self, step: int) -> None:
        """Bring the trainer to `step`, or to the nearest recorded step."""
        step = min(max(step, self.oldest_step), self.newest_step)
        # start from a state before the step, so that the step's own update is made and can be looked at
        index = max(0, bisect.bisect_left(self._steps, step) - 1)
        trainer = self._trainer
        trainer.restore(self._states[index])
        for changed_at, change in self._changes:
            if self._steps[index] <= changed_at <= step:
                trainer.run(lambda: False, until=changed_at)
                change(trainer)
        trainer.run(lambda: False, until=step)

    def _add_change(self, change: TrainerChange) -> None:
        """Add a change at the present step, behind those made there before, so that all are in the order of steps."""
        bisect.insort_right(self._changes, (self._trainer.step, change), key=lambda each: each[0])

    def _drop_states_after(self, step: int) -> None:
        for index in reversed(range(bisect.bisect_right(self._steps, step), len(self._steps))):
            self._drop_state(index)

    def _forget_after(self, step: int) -> None:
        self.newest_step = step
        self._drop_states_after(step)
        self._changes = [(changed_at, change) for changed_at, change in self._changes if changed_at <= step]

    def _keep_state(self) -> None:
        state = self._trainer.state()
        self._steps.append(self._trainer.step)
        self._states.append(state)
        self.bytes += count_state_bytes(state)
        while len(self._states) > 2 and (self.bytes > self._budget or len(self._states) > MOST_STATES):
            self._drop_state(self._choose_state_to_drop())

    def _choose_state_to_drop(self) -> int:
        """Return the index of the state whose loss leaves the smallest gap for its age; never the first or last."""
        steps = np.array(self._steps)
        gaps = steps[2:] - steps[:-2]
        ages = steps[-1] - steps[1:-1] + self.steps_between_states
        return int(np.argmin(gaps / ages)) + 1

    def _drop_state(self, index: int) -> None:
        self.bytes -= count_state_bytes(self._states[index])
        del self._steps[index], self._states[index]


def count_state_bytes(state: TrainerState) -> int:
    """Return the size of a state's arrays in bytes, those of its best state included."""
    own = sum(array.nbytes for array in state.arrays.values())
    return own if state.best is None else own + count_state_bytes(state.best.state)
