"""Makes a script of a run or of an experiment, and the file of data that it reads."""

import io
from collections.abc import Callable

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer_state import StateError
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.command_line import write_command_line
from gradstep.data.data_defaults import leave_defaults_open
from gradstep.data.experiment import Experiment
from gradstep.data.find_data import assemble_on_its_data
from gradstep.data.run import Run
from gradstep.data.saved_history import read_history
from gradstep.data.script.numpy_script import write_numpy_script
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.pytorch_script import write_pytorch_script
from gradstep.data.script.sklearn_script import write_sklearn_script

WRITERS: dict[str, Callable[[ScriptPlan], str]] = {
    "numpy": write_numpy_script,
    "pytorch": write_pytorch_script,
    "sklearn": write_sklearn_script,
}
"""The writers by the name of what their scripts train with."""


def plan_experiment(experiment: Experiment) -> ScriptPlan:
    """Plan the whole training of an experiment. Raises GradstepError for one whose length is not known before."""
    run = assemble(experiment)
    training = run.experiment.training
    for field in ("target_loss", "target_accuracy", "patience"):
        if (value := getattr(training, field)) is not None:
            raise GradstepError(
                f"training.{field} = {value}: a script makes a number of steps that is known before; "
                "train the experiment, and write the code of the run"
            )
    ends = [training.max_steps, training.max_epochs and training.max_epochs * run.trainer.steps_per_epoch]
    return ScriptPlan(run, min(end for end in ends if end), {0: run.trainer.learning_rate})


def plan_checkpoint(checkpoint: Checkpoint, data: str | None = None) -> ScriptPlan:
    """Plan what a saved run has done so far. `data` is the path of its data now, if they are not found by themselves.

    The run is made again, to see whether its experiment and its learning rates alone lead to its numbers. Raises
    GradstepError where they do not.
    """
    run, history = assemble_on_its_data(checkpoint, data), read_history(checkpoint)
    run.trainer.restore(checkpoint.state)
    steps, rates = run.trainer.step, dict(history.rate_changes)
    run.trainer.restore(run.start)
    if not steps:
        raise GradstepError("the run has made no step yet: there is nothing that a script could repeat")
    if steps != history.loss_curve().step[-1:]:
        raise StateError("step")
    if 0 not in rates or not _leads_to(run, steps, rates, checkpoint):
        raise GradstepError(_say_why_not(run, checkpoint))
    return ScriptPlan(run, steps, {step: rate for step, rate in rates.items() if step < steps})


def _say_why_not(run: Run, checkpoint: Checkpoint) -> str:
    """Say why a script cannot repeat a run, and the command that trains its experiment from the start."""
    changed_at = checkpoint.facts.changed_at
    if changed_at:
        why = f"its settings were changed at step {changed_at}"
    else:
        why = "while it trained, its options, its weights or its data were changed by hand"
    command = write_command_line(leave_defaults_open(run.experiment, run.dataset))
    again = f"{command} trains with its settings" if command else "train its experiment"
    return f"a script cannot repeat this run: {why}; {again} from the start, and that run has a script"


def _leads_to(run: Run, steps: int, rates: dict[int, float], checkpoint: Checkpoint) -> bool:
    """Whether so many steps at these learning rates lead to the parameters of the checkpoint, but for rounding."""
    ends = [*sorted(step for step in rates if 0 < step < steps), steps]
    try:
        for start, end in zip([0, *ends], ends, strict=False):
            run.trainer.learning_rate = rates[start]
            run.trainer.run(lambda: False, until=end)
    except Diverged:
        return False
    # another machine may round otherwise
    own, saved = run.network.parameters, checkpoint.state.arrays["parameters"]
    return own.shape == saved.shape and np.allclose(own, saved, rtol=1e-4, atol=1e-6)


def write_data_file(plan: ScriptPlan) -> bytes:
    """Return the NPZ file that the script reads."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **plan.arrays)
    return file.getvalue()
