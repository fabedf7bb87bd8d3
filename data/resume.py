"""Resumes a run from a checkpoint, with other options if they are given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gradstep.data.change_training import change_training
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.data_defaults import leave_defaults_open
from gradstep.data.experiment import make_experiment
from gradstep.data.find_data import assemble_on_its_data
from gradstep.data.run import Run

LIMITS = ("max_epochs", "max_steps")


def resume_run(
    checkpoint: Checkpoint, data: str | None = None, training: Mapping[str, object | None] | None = None
) -> Run:
    """Assemble the experiment of a checkpoint, and go to the step that it was saved at.

    `data` is the path of its data now, if it is not found by itself. `training` are other values for fields of
    [training], where None changes nothing; they hold from the next step on, and the history has the change.
    Raises GradstepError for what does not fit together, or when the data have changed since.
    """
    run = assemble_on_its_data(checkpoint, data)
    run.trainer.restore(checkpoint.state)
    run = replace(run, seconds=checkpoint.seconds, changed_at=checkpoint.facts.changed_at)
    given = {name: value for name, value in (training or {}).items() if value is not None}
    return _change(run, given) if given else run


def _change(run: Run, given: Mapping[str, Any]) -> Run:
    """Let the run go on with these values; a limit that is given replaces the other one too.

    What was left to the defaults follows them again, such as the learning rate another optimizer.
    """
    tables = run.experiment.model_dump()
    # the rate may have been changed while the run trained
    tables["training"]["learning_rate"] = run.trainer.learning_rate
    tables = leave_defaults_open(make_experiment(tables), run.dataset).model_dump()
    if any(name in given for name in LIMITS):
        tables["training"] |= dict.fromkeys(LIMITS)
    tables["training"] |= given
    before = run.trainer.options.stop
    changed = change_training(run, make_experiment(tables))
    note = changed.note_on_stopping if changed.trainer.options.stop != before else ""
    return replace(changed, notes=(*changed.notes, note)) if note else changed
