"""Resumes a run from a checkpoint."""

from dataclasses import replace

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.run import Run


def resume_run(checkpoint: Checkpoint) -> Run:
    """Assemble the experiment of a checkpoint, and go to the step that it was saved at.

    Raises GradstepError for what does not fit together, or when the data have changed since.
    """
    run = assemble(checkpoint.experiment)
    if run.fingerprint != checkpoint.data_fingerprint:
        raise GradstepError(
            f"{run.experiment.data.path or run.dataset.name}: the data have changed since the run was saved; "
            "a new run (gradstep train) learns them from the start"
        )
    run.trainer.restore(checkpoint.state)
    return replace(run, seconds=checkpoint.seconds)
