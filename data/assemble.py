"""From the experiment to a trainer that is ready to go."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part, PreparedPart
from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.trainer import Trainer, TrainerState
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.dataset import Array, Dataset
from gradstep.data.experiment import Experiment, experiment_from
from gradstep.data.formats.any_file import read_data_file
from gradstep.data.formats.targets import class_target, number_target
from gradstep.data.registry import load_built_in
from gradstep.data.seeds import random_generator
from gradstep.data.settings import DataSettings
from gradstep.data.split import Split, split_dataset
from gradstep.data.value_text import quote_value


@dataclass(frozen=True, eq=False)
class Run:
    """An experiment made real. `experiment` has no open choice left: its output and loss are filled in.

    `start` is the state before the first step, and `seconds` the time trained before this run was resumed.
    """

    experiment: Experiment
    dataset: Dataset
    split: Split
    network: Network
    trainer: Trainer
    start: TrainerState
    seconds: float = 0.0

    def checkpoint(self, seconds: float) -> Checkpoint:
        """The training as it stands, after so many seconds of it."""
        return Checkpoint(self.experiment, self.trainer.state(), seconds, self.fingerprint)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that is learnt and tested: other data would not go on with the same numbers."""
        digest = hashlib.sha256()
        for part in (self.split.train_x, self.split.train_y, self.split.test_x, self.split.test_y):
            digest.update(np.ascontiguousarray(part).data)
        return digest.hexdigest()


def assemble(experiment: Experiment) -> Run:
    """Load and split the data, start the network from its seed, and make the trainer.

    The same experiment gives the same numbers. Raises GradstepError for what does not fit together.
    """
    dataset = load_dataset(experiment.data)
    experiment = resolve_defaults(experiment, dataset)
    settings, training = experiment.network, experiment.training
    assert settings.output is not None and training.loss is not None
    data = experiment.data
    parts = split_dataset(dataset, settings.output, data.test_fraction, data.scale, data.seed)
    if not ACTIVATIONS[settings.output].is_elementwise and parts.train_y.shape[1] == 1:
        raise GradstepError(
            f"network.output = {quote_value(settings.output)}: of one output it is always 1; linear suits a number"
        )
    if LOSSES[training.loss].needs_probabilities:
        _check_probabilities(parts.train_y, settings.output, training.loss)
        _check_probabilities(parts.test_y, settings.output, training.loss)
    return _make_run(experiment, dataset, parts, Part(parts.train_x, parts.train_y), Part(parts.test_x, parts.test_y))


def run_beside(run: Run, training: Mapping[str, object]) -> Run:
    """Another run from the same start, with other fields of [training]; it shares the rows of the first."""
    tables = run.experiment.model_dump()
    tables["training"] |= training
    return _make_run(experiment_from(tables), run.dataset, run.split, run.trainer.training_part, run.trainer.test_part)


def _make_run(
    experiment: Experiment, dataset: Dataset, parts: Split, train: Part | PreparedPart, test: Part | PreparedPart | None
) -> Run:
    """Start the network from its seed, and make the trainer."""
    settings = experiment.network
    try:
        network = _build_network(experiment, parts.train_x.shape[1], parts.train_y.shape[1])
    except MemoryError:
        raise GradstepError(f"network.hidden = {quote_value(settings.hidden)}: too large for the memory here") from None
    trainer = Trainer(
        network,
        train,
        test,
        training_options(experiment),
        threshold=parts.threshold,
        classification=dataset.task == "classification",
    )
    return Run(experiment, dataset, parts, network, trainer, trainer.state())


def training_options(experiment: Experiment) -> TrainingOptions:
    """The trainer's share of an experiment that has no open choice left."""
    training = experiment.training
    assert training.loss is not None
    return TrainingOptions(
        loss=training.loss,
        optimizer=training.optimizer,
        learning_rate=training.learning_rate,
        batch_size=training.batch_size,
        l1=training.l1,
        l2=training.l2,
        shuffle=training.shuffle,
        shuffle_seed=experiment.data.seed,
        train_biases=experiment.network.train_biases,
        stop=StopConditions(training.target_loss, training.target_accuracy, training.patience),
    )


def change_training(run: Run, experiment: Experiment) -> Run:
    """Let the run's trainer go on with the options of another experiment on the same data and network.

    Its start is from then on that of the other experiment. Raises GradstepError, with nothing changed, where
    `Trainer.change` does.
    """
    experiment = resolve_defaults(experiment, run.dataset)
    trainer, options = run.trainer, training_options(experiment)
    before, now, newest = trainer.options, trainer.state(), trainer.last_pass
    trainer.change_options(options)
    trainer.change_options(before)
    # the start is that of the same weights, with the new options from the first step on
    trainer.restore(run.start)
    trainer.change_options(options)
    start = trainer.state()
    trainer.change_options(before)
    trainer.restore(now)
    trainer.change_options(options)
    trainer.last_pass = newest
    return replace(run, experiment=experiment, start=start)


def resume_run(checkpoint: Checkpoint) -> Run:
    """Assemble the experiment of a checkpoint, and go to the step that it was saved at.

    Raises GradstepError for what does not fit together, or when the data are no longer what they were.
    """
    run = assemble(checkpoint.experiment)
    if run.fingerprint != checkpoint.data:
        raise GradstepError(
            f"{run.experiment.data.path or run.dataset.name}: the data have changed since the run was saved; "
            "a new run (gradstep train) learns them from the start"
        )
    run.trainer.restore(checkpoint.state)
    return replace(run, seconds=checkpoint.seconds)


def load_dataset(settings: DataSettings) -> Dataset:
    """Load the built-in set, read the file, or take the rows that the experiment holds itself."""
    if settings.name is not None:
        return load_built_in(settings.name, settings.seed, settings.noise)
    if settings.path is not None:
        return read_data_file(Path(settings.path), settings.target, settings.task, settings.decimal)
    assert settings.x is not None and settings.y is not None
    inputs = np.array(settings.x, dtype=np.float64)
    classes = [value for value in settings.y if not isinstance(value, tuple)]
    learnt = class_target(classes, "data.y") if classes else number_target(np.array(settings.y))
    outputs = 0 if learnt["targets"] is None else learnt["targets"].shape[1]
    return Dataset(
        name="rows",
        inputs=inputs,
        **learnt,
        feature_names=tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1)),
        target_names=tuple(f"y{number}" for number in range(1, outputs + 1)),
        source="the experiment file",
        auto_scale="none",
    )


def resolve_defaults(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Fill in the output and the loss that follow from the data, and make the path of a file absolute.

    `test_fraction` becomes the share of the rows that the data set itself holds out, if it has such.
    """
    output = experiment.network.output or {0: "linear", 2: "sigmoid"}.get(len(dataset.class_names), "softmax")
    probabilities = dataset.task == "classification" and ACTIVATIONS[output].is_probability
    loss = experiment.training.loss or ("cross_entropy" if probabilities else "mse")
    tables = experiment.model_dump()
    tables["network"]["output"] = output
    tables["training"]["loss"] = loss
    if dataset.test_rows:
        tables["data"]["test_fraction"] = dataset.test_rows / len(dataset.inputs)
    if experiment.data.path is not None:
        tables["data"]["path"] = str(Path(experiment.data.path).absolute())
    return experiment_from(tables)


def reopen_defaults(run: Run) -> Experiment:
    """The run's experiment, with the output and the loss left open where they follow from the data."""
    for fields in (("network", "output"), ("training", "loss")), (("training", "loss"),), (("network", "output"),):
        tables = run.experiment.model_dump()
        for table, field in fields:
            del tables[table][field]
        try:
            experiment = experiment_from(tables)
            if resolve_defaults(experiment, run.dataset) == run.experiment:
                return experiment
        except GradstepError:
            continue  # what is left does not suit the data by itself
    return run.experiment


def _check_probabilities(y: Array, output: str, loss: str) -> None:
    if ((y < 0) | (y > 1)).any():
        raise GradstepError(f"training.loss = {quote_value(loss)}: needs targets from 0 to 1; use mse or half_sse")
    if not ACTIVATIONS[output].is_elementwise and not np.allclose(y.sum(axis=1), 1):
        raise GradstepError(
            f"training.loss = {quote_value(loss)}: with {output} the targets of each row must add up to 1"
        )


def _build_network(experiment: Experiment, inputs: int, outputs: int) -> Network:
    settings = experiment.network
    assert settings.output is not None
    network = Network(
        (inputs, *settings.hidden, outputs), (*settings.hidden_activations, settings.output), np.dtype(settings.dtype)
    )
    if settings.weights is None:
        network.initialize(settings.init, random_generator(settings.seed, "init"))
    else:
        try:
            network.set(settings.weights, settings.biases)
        except GradstepError as error:
            # the message begins with "weights" or "biases"
            raise GradstepError(f"network.{error}") from None
    return network
