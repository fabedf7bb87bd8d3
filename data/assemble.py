"""Assembles a run from an experiment: its data set, the three parts, the network and the trainer."""

from collections.abc import Mapping

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.arrays import Floats
from gradstep.core.network.losses import LOSSES, name_losses_of_numbers
from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import AnyPart, Part, Parts
from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.trainer import Trainer
from gradstep.data.data_defaults import fill_in_defaults
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.file_options import FirstRows
from gradstep.data.first_weights import read_first_weights, set_first_weights
from gradstep.data.layer_state import LayerState
from gradstep.data.load_dataset import load_dataset
from gradstep.data.run import Run
from gradstep.data.settings import NetworkSettings
from gradstep.data.split import Split, split_dataset
from gradstep.data.toml_value import quote_value

WITHOUT_HIDDEN_LAYER = "tanh"
"""The activation of the hidden layers of a variant, if the run that it is a variant of has none."""


def assemble(experiment: Experiment, start: Floats | None = None, first: FirstRows | None = None) -> Run:
    """Load and split the data, start the network from its seed, and make the trainer.

    The same experiment gives the same numbers. `start` (count,) are the first parameters of a run that is resumed, in
    place of those that a file gave it. Of a file only the `first` rows are read, if given. Raises GradstepError for
    what does not fit together.
    """
    dataset, layers = load_dataset(experiment.data, first), None
    if start is None:
        experiment, layers = read_first_weights(experiment, dataset)
    experiment = fill_in_defaults(experiment, dataset)
    data, output, loss = experiment.data, experiment.network.output, experiment.training.loss
    assert output is not None and loss is not None
    assert data.validation_fraction is not None and data.stratify is not None
    split = split_dataset(
        dataset, output, data.test_fraction, data.scale, data.seed, data.validation_fraction, data.stratify
    )
    dataset = split.dataset
    if not ACTIVATIONS[output].is_elementwise and split.train_y.shape[1] == 1:
        raise GradstepError(
            f"network.output = {quote_value(output)}: of one output it is always 1; linear suits a number"
        )
    _check_class_weights(experiment, dataset)
    if LOSSES[loss].needs_probabilities:
        for y in (split.train_y, split.validation_y, split.test_y):
            _check_probabilities(y, output, loss)
    parts = Parts(
        Part(split.train_x, split.train_y, split.train_with_ones),
        Part(split.validation_x, split.validation_y, split.validation_with_ones),
        Part(split.test_x, split.test_y, split.test_with_ones),
    )
    return _make_run(experiment, dataset, split, parts, layers, start)


def assemble_variant(run: Run, training: Mapping[str, object], network: Mapping[str, object] | None = None) -> Run:
    """Assemble a run from the same start with other fields of [training]; both share the parts of the data.

    Other fields of [network] give it another start, from the same seed.
    """
    experiment, start = vary_experiment(run, training, network)
    return _make_run(experiment, run.dataset, run.split, run.trainer.parts, start=start)


def vary_experiment(
    run: Run, training: Mapping[str, object], network: Mapping[str, object] | None = None
) -> tuple[Experiment, Floats | None]:
    """Return the experiment of a variant, and its first parameters (count,) where no fields give them."""
    tables = run.experiment.model_dump()
    tables["training"] |= training
    start = None
    if network:
        tables["network"] |= {"start": None} | dict(network)
    elif run.experiment.network.start is not None:
        start = run.start.arrays["parameters"]
    return make_experiment(tables), start


def make_training_options(experiment: Experiment) -> TrainingOptions:
    """Return the trainer's options for an experiment whose defaults are filled in."""
    training = experiment.training
    assert training.loss is not None and training.optimizer is not None
    assert training.learning_rate is not None and training.batch_size is not None
    return TrainingOptions(
        loss=training.loss,
        optimizer=training.optimizer,
        learning_rate=training.learning_rate,
        batch_size=training.batch_size,
        l1=training.l1,
        l2=training.l2,
        class_weights=training.class_weights,
        shuffle=training.shuffle,
        shuffle_seed=experiment.data.seed,
        train_biases=experiment.network.train_biases,
        stop=StopConditions(training.target_loss, training.target_accuracy, training.patience),
    )


def _make_run(
    experiment: Experiment,
    dataset: Dataset,
    split: Split,
    parts: Parts[AnyPart],
    layers: list[LayerState] | None = None,
    start: Floats | None = None,
) -> Run:
    """Make the network and its trainer."""
    network = make_network(experiment, dataset, split, layers, start)
    trainer = Trainer(
        network,
        parts.training,
        parts.test,
        make_training_options(experiment),
        threshold=split.threshold,
        classification=dataset.task == "classification",
        validation_part=parts.validation,
    )
    return Run(experiment, dataset, split, network, trainer, trainer.state())


def make_network(
    experiment: Experiment,
    dataset: Dataset,
    split: Split,
    layers: list[LayerState] | None = None,
    start: Floats | None = None,
) -> Network:
    """Make the network of an experiment with its first weights, as `set_first_weights` sets them."""
    hidden = experiment.network.hidden
    assert hidden is not None
    try:
        network = make_empty_network(experiment.network, split.train_x.shape[1], split.train_y.shape[1])
        set_first_weights(network, experiment.network, layers, start, dataset.name)
    except MemoryError:
        raise GradstepError(f"network.hidden = {quote_value(hidden)}: too large for the memory here") from None
    return network


def make_empty_network(settings: NetworkSettings, inputs: int, outputs: int) -> Network:
    """Return the network of filled-in settings for so many inputs and outputs, with parameters of 0."""
    assert settings.hidden is not None and settings.output is not None
    sizes, activations = (inputs, *settings.hidden, outputs), (*settings.hidden_activations, settings.output)
    return Network(sizes, activations, np.dtype(settings.dtype))


def _check_class_weights(experiment: Experiment, dataset: Dataset) -> None:
    weights, classes = experiment.training.class_weights, dataset.class_names
    if weights is None:
        return
    if not classes:
        raise GradstepError(f"training.class_weights = {quote_value(weights)}: a regression has no classes")
    if weights != "balanced" and len(weights) != len(classes):
        raise GradstepError(
            f"training.class_weights = {quote_value(weights)}: must be one number for each of the {len(classes)} "
            f"classes {quote_value(classes)}"
        )


def _check_probabilities(y: Floats, output: str, loss: str) -> None:
    if ((y < 0) | (y > 1)).any():
        others = name_losses_of_numbers()
        raise GradstepError(f"training.loss = {quote_value(loss)}: needs targets from 0 to 1; use {others}")
    if not ACTIVATIONS[output].is_elementwise and not np.allclose(y.sum(axis=1), 1):
        raise GradstepError(
            f"training.loss = {quote_value(loss)}: with {output} the targets of each row must add up to 1"
        )
