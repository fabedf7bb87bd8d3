"""The history in a checkpoint, without the network and the data of its run."""

from gradstep.core.training.history import History
from gradstep.core.training.trainer_state import StateError, is_count
from gradstep.data.checkpoint import Checkpoint


def read_history(checkpoint: Checkpoint) -> History:
    """Return the history of a checkpoint; raises GradstepError for one that no training has."""
    history = History()
    history.restore(checkpoint.state.arrays_of("history"))
    if not history.has_epoch_marks:
        _mark_epochs(history, checkpoint)
    return history


def _mark_epochs(history: History, checkpoint: Checkpoint) -> None:
    """Add what a history of an earlier version lacks, as if the batches had always been of the present size."""
    names = ("step", "epoch", "cursor", "rows", "batch_size")
    counts = [checkpoint.state.values.get(name, -1) for name in names]
    step, epoch, cursor, rows, size = counts
    if not all(map(is_count, counts)) or not size or cursor >= rows:
        raise StateError("epoch")
    per_epoch, left = -(-rows // size), -(-(rows - cursor) // size)
    history.add_epoch_mark(step, epoch + (per_epoch - left) / per_epoch, per_epoch)
