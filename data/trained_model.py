"""A trained network with all that its answers need, apart from the data that it learnt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.classes import find_classes
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.data.assemble import make_empty_network
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import Experiment
from gradstep.data.preprocessing import Preprocessing
from gradstep.data.resume import resume_run
from gradstep.data.run_score import has_lost_its_loss
from gradstep.data.saved_history import read_history

DOES_NOT_FIT = "its network does not fit what is known of its data"


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A network after `step` steps, the experiment that it was trained by, and how it reads rows of data.

    `diverged` says that the training came to its end there because it diverged. `name` is the run or the path of the
    file that it was read from.
    """

    experiment: Experiment
    network: Network
    preprocessing: Preprocessing
    step: int
    diverged: bool = False
    name: str = ""

    def check_can_predict(self) -> None:
        """Raise GradstepError if its training has diverged, or if a parameter is not finite: it tells nothing then."""
        if self.diverged or not np.isfinite(self.network.parameters).all():
            raise GradstepError(
                f"the training diverged after step {self.step}, and this network predicts nothing that means anything; "
                "train again with a smaller learning rate"
            )

    def compute_outputs(self, given: Floats) -> Floats:
        """Return the outputs (rows, outputs) for the inputs that were given (rows, given inputs), not scaled.

        Rows go through the network one by one, as on the screen: the same row gives the same bits there.
        """
        inputs = self.preprocessing.scale_inputs(given).astype(self.network.dtype)
        one_row = Pass(self.network, 1)
        outputs = np.empty((len(inputs), self.network.sizes[-1]), self.network.dtype)
        with np.errstate(all="ignore"):
            for row, x in enumerate(inputs):
                one_row.x[0] = x
                one_row.forward()
                outputs[row] = one_row.output.a[0]
        return outputs

    def classify(self, outputs: Floats) -> Indices:
        """Return the index of the predicted class (rows,) for outputs (rows, outputs)."""
        return find_classes(outputs, self.preprocessing.threshold)

    def restore_units(self, outputs: Floats) -> Iterator[Floats]:
        """Yield the predicted numbers of each row (outputs,) in the units of the data."""
        return (self.preprocessing.target_scaling.undo(row) for row in outputs)

    @property
    def gives_probabilities(self) -> bool:
        """Whether its outputs are probabilities of classes."""
        return bool(self.preprocessing.class_names) and self.network.layers[-1].activation.is_probability


def make_network(experiment: Experiment, preprocessing: Preprocessing) -> Network:
    """Make the network of a filled-in experiment, with parameters of 0; raises GradstepError where it does not fit."""
    settings, classes = experiment.network, len(preprocessing.class_names)
    inputs, outputs = len(preprocessing.scaling.shift), len(preprocessing.target_scaling.shift)
    fits = inputs == len(preprocessing.feature_names) and (not classes or outputs in (classes, 1))
    if settings.hidden is None or settings.output is None or not fits:
        raise GradstepError(DOES_NOT_FIT)
    return make_empty_network(settings, inputs, outputs)


def has_diverged(checkpoint: Checkpoint) -> bool:
    """Whether the training ended at the checkpoint because it diverged, or the newest loss there is not finite."""
    return checkpoint.facts.diverged or has_lost_its_loss(read_history(checkpoint))


def go_to_best(checkpoint: Checkpoint) -> Checkpoint:
    """Return the checkpoint at its best step; raises GradstepError if it holds no best weights."""
    best = checkpoint.state.best
    if best is None:
        why = "has no validation part" if not checkpoint.experiment.data.validation_fraction else "has scored none yet"
        raise GradstepError(
            f"--best: the run {why}, so it holds its newest weights alone; --validation-fraction keeps the best too"
        )
    return replace(checkpoint, state=best.state, facts=replace(checkpoint.facts, diverged=False))


def make_model(checkpoint: Checkpoint, data: str | None = None) -> TrainedModel:
    """Return the model of a checkpoint, as it was saved.

    One of an earlier gradstep holds the network alone: then its data are read, from the path `data` if they were moved.
    Raises GradstepError where that fails.
    """
    step = checkpoint.state.values.get("step", 0)
    if checkpoint.preprocessing is None:
        try:
            run = resume_run(checkpoint, data)
        except GradstepError as error:
            raise GradstepError(
                "the run was saved by an earlier gradstep, without what a prediction needs beside the network: its "
                f"data are needed once more; {error}"
            ) from None
        return TrainedModel(run.experiment, run.network, run.preprocessing, step, has_diverged(checkpoint))
    network = make_network(checkpoint.experiment, checkpoint.preprocessing)
    parameters = checkpoint.state.arrays.get("parameters")
    if parameters is None or parameters.shape != network.parameters.shape:
        raise GradstepError(DOES_NOT_FIT)
    network.parameters[:] = parameters
    return TrainedModel(checkpoint.experiment, network, checkpoint.preprocessing, step, has_diverged(checkpoint))
