"""Changes the training options of a run that is under way."""

from dataclasses import replace

from gradstep.data.assemble import make_training_options
from gradstep.data.data_defaults import fill_in_defaults
from gradstep.data.experiment import Experiment
from gradstep.data.run import Run


def change_training(run: Run, experiment: Experiment) -> Run:
    """Let the run's trainer go on with the options of another experiment on the same data and network.

    From then on the run's start is that of the other experiment. Raises GradstepError, with nothing changed, where
    `Trainer.change_options` does.
    """
    experiment = fill_in_defaults(experiment, run.dataset)
    trainer, options = run.trainer, make_training_options(experiment)
    before, now, newest = trainer.options, trainer.state(), trainer.last_pass
    trainer.change_options(options)
    trainer.change_options(before)
    # the new start has the same weights as the old one, and the new options from the first step on
    trainer.restore(run.start)
    trainer.change_options(options)
    start = trainer.state()
    trainer.change_options(before)
    trainer.restore(now)
    trainer.change_options(options)
    trainer.last_pass = newest
    return replace(run, experiment=experiment, start=start)
