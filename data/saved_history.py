"""Reads the history of a run from a checkpoint, without its data."""

import math

from gradstep.core.training.history import History
from gradstep.core.training.trainer_state import StateError, is_count
from gradstep.data.checkpoint import Checkpoint


def read_history(checkpoint: Checkpoint) -> History:
    """Return the history that a checkpoint holds; raises StateError if it is damaged."""
    history, values = History(), checkpoint.state.values
    history.restore(checkpoint.state.arrays_of("history"))
    if not history.has_epoch_marks:
        # an earlier version did not record how long an epoch is
        rows, batch_size = values.get("rows"), values.get("batch_size")
        if not (is_count(rows) and is_count(batch_size) and rows and batch_size):
            raise StateError("batch_size")
        history.add_epoch_mark(0, 0.0, math.ceil(rows / batch_size))
    return history
