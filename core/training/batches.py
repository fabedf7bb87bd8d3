"""Which rows of the training part each update reads."""

from typing import Any

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.core.training.trainer_state import StateError


class Batches:
    """Cuts every epoch into batches: the order of the rows, and how many of them this epoch has used.

    `size` is the number of rows in a batch; the last batch of an epoch may be smaller. `size` may change between two
    updates; the epoch under way keeps its order and its position.
    """

    def __init__(self, rows: int, size: int, shuffle: bool, seed: int) -> None:
        """Begin the first epoch. With `shuffle`, every epoch has an order of its own, drawn by `seed`."""
        self.rows, self.size, self._shuffle = rows, size, shuffle
        self._generator = np.random.default_rng(seed)
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        # kept because the order of the epoch under way is drawn again from it instead of being saved
        self._generator_before_epoch = self._generator.bit_generator.state
        self._order = self._generator.permutation(self.rows) if self._shuffle else np.arange(self.rows)
        self._cursor = 0

    @property
    def per_epoch(self) -> int:
        """How many batches an epoch has."""
        return -(-self.rows // self.size)

    @property
    def left_in_epoch(self) -> int:
        """How many batches the epoch under way still has."""
        return -(-(self.rows - self._cursor) // self.size)

    @property
    def epoch_begins(self) -> bool:
        """Whether the next batch is the first of its epoch."""
        return self._cursor == 0

    def next_rows(self) -> Indices:
        """Return the rows of the next batch (batch,), without moving on."""
        return self._order[self._cursor : self._cursor + self.size]

    def move_on(self, count: int) -> bool:
        """Move on by `count` rows; returns whether that completes the epoch, and then begins the next one."""
        self._cursor += count
        if self._cursor < self.rows:
            return False
        self._begin_epoch()
        return True

    def state(self) -> dict[str, Any]:
        """Return values that JSON can hold and that `restore` takes."""
        return {"cursor": self._cursor, "shuffle": self._generator_before_epoch}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a `state` with as many rows; raises StateError if no generator has its state."""
        before = self._generator.bit_generator.state
        try:
            self._generator.bit_generator.state = state["shuffle"]
        except (KeyError, TypeError, ValueError, OverflowError):
            self._generator.bit_generator.state = before
            raise StateError("shuffle") from None
        self._begin_epoch()
        self._cursor = state["cursor"]
