"""Changes the training options of a run that is under way."""

from dataclasses import replace

from gradstep.data.assemble import make_training_options
from gradstep.data.data_defaults import fill_in_defaults
from gradstep.data.experiment import Experiment
from gradstep.data.run import Run


def change_training(run: Run, experiment: Experiment) -> Run:
    """Let the run's trainer go on with the options of another experiment on the same data and network.

    The parts of the data stay as they are, also where another split would be chosen for the new options. From then on
    the run's start is that of the other experiment, and patience counts the epochs from here on. Raises GradstepError,
    with nothing changed, where `Trainer.change_options` does.
    """
    experiment = fill_in_defaults(experiment, run.dataset).model_copy(update={"data": run.experiment.data})
    trainer, options = run.trainer, make_training_options(experiment)
    before, newest = trainer.options, trainer.last_pass
    trainer.change_options(options)
    trainer.restart_stopping()
    changed = trainer.state()
    # the new start is the old one with the new options; a state can be restored only with the options it was made with
    trainer.change_options(before)
    trainer.restore(run.start)
    trainer.change_options(options)
    start = trainer.state()
    trainer.restore(changed)
    trainer.last_pass = newest
    # the history has the learning rates, and a condition to stop changes no number
    is_other = replace(options, learning_rate=before.learning_rate, stop=before.stop) != before
    changed_at = run.changed_at or (trainer.step if is_other else 0)
    return replace(run, experiment=experiment, start=start, changed_at=changed_at)
