"""Resumes a run from a checkpoint."""

from dataclasses import replace

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.run import START, Run


def resume_run(checkpoint: Checkpoint) -> Run:
    """Assemble the experiment of a checkpoint, and go to the step that it was saved at.

    Raises GradstepError for what does not fit together, or when the data have changed since.
    """
    run = assemble(checkpoint.experiment, checkpoint.state.arrays.get(START))
    check_data_are_the_same(run, checkpoint)
    run.trainer.restore(checkpoint.state)
    return replace(run, seconds=checkpoint.seconds)


def check_data_are_the_same(run: Run, checkpoint: Checkpoint) -> None:
    """Raise GradstepError if the data of a run are not those that the checkpoint was trained on."""
    if run.fingerprint != checkpoint.data_fingerprint:
        raise GradstepError(
            f"{run.experiment.data.path or run.dataset.name}: the data have changed since the run was saved; "
            "a new run (gradstep train) learns them from the start"
        )
