"""The first weights of a network: drawn by a seed, given in the experiment, or taken from a file."""

import json
from collections.abc import Sequence
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.layer_state import LayerState, find_sizes, read_layers
from gradstep.data.parse_toml import parse_toml
from gradstep.data.preprocessing import Preprocessing
from gradstep.data.seeds import make_random_generator
from gradstep.data.settings import NetworkSettings
from gradstep.data.toml_value import quote_value

TAKEN_OVER = ("activation", "output")
"""The fields of [network] that a model file of gradstep fills in where they are left open."""

MOST_NAMES = 8
"""Names of columns or classes that a message lists."""


def read_first_weights(experiment: Experiment, dataset: Dataset) -> tuple[Experiment, list[LayerState] | None]:
    """Read the file of `network.start`; returns the experiment with its hidden layers, and the layers.

    Two outputs for two classes are those of a softmax, if nothing else is said.

    None without such a file. Raises GradstepError for a file that holds no weights, for a model file of gradstep that
    learnt other columns or another target, and where `network.hidden` is another.
    """
    path = experiment.network.start
    if path is None:
        return experiment, None
    layers, metadata = read_layers(Path(path))
    _check_learnt_the_same(path, metadata, dataset)
    tables = experiment.model_dump()
    network, hidden = tables["network"], find_sizes(layers)[1:-1]
    if network["hidden"] not in (None, hidden):
        raise GradstepError(
            f"network.hidden = {quote_value(network['hidden'])}: {path} has the hidden layers "
            f"{quote_value(hidden)}; leave network.hidden out"
        )
    network["hidden"] = hidden
    for field, value in _read_activations(metadata).items():
        if network[field] is None:
            network[field] = value
    if network["output"] is None and len(dataset.class_names) == len(layers[-1].weight):
        network["output"] = "softmax"
    return make_experiment(tables), layers


def _check_learnt_the_same(path: str, metadata: dict[str, str], dataset: Dataset) -> None:
    """Raise GradstepError if a model file of gradstep was learnt from other inputs, or to another end, than the data.

    A file of another program has no names, and is not looked at.
    """
    if "preprocessing" not in metadata:
        return
    try:
        known = Preprocessing.from_json(json.loads(metadata["preprocessing"]))
    except (GradstepError, ValueError, RecursionError):
        raise GradstepError(f"{path} is damaged: its metadata are not what was written") from None
    if len(known.feature_names) != len(dataset.feature_names):
        raise GradstepError(
            f"{path} takes {len(known.feature_names)} inputs, and {dataset.name} has {len(dataset.feature_names)}; "
            f"it was learnt from {_list(known.feature_names)}"
        )
    if known.feature_names != dataset.feature_names:
        own, here = _tell_apart(known.feature_names, dataset.feature_names)
        raise GradstepError(
            f"{path}: this model was learnt from {own}, and {dataset.name} has {here}; --from takes the weights only "
            "of a model of the same columns"
        )
    if known.class_names != dataset.class_names or (
        not known.class_names and known.target_names != dataset.target_names
    ):
        raise GradstepError(
            f"{path}: this model learnt {_describe_task(known.class_names, known.target_names)}, and {dataset.name} "
            f"has {_describe_task(dataset.class_names, dataset.target_names)}; --from takes the weights only of a "
            "model of the same task"
        )


def _tell_apart(own: Sequence[str], here: Sequence[str]) -> tuple[str, str]:
    """Return as many names of both in words; the first that differ, where those come late."""
    first = next(index for index, names in enumerate(zip(own, here, strict=True)) if names[0] != names[1])
    if first >= MOST_NAMES:
        return f"{quote_value(own[first])} as input {first + 1}", f"{quote_value(here[first])} there"
    return _list(own), _list(here)


def _describe_task(classes: Sequence[str], targets: Sequence[str]) -> str:
    if classes:
        return f"the classes {_list(classes)}"
    return f"the number{'' if len(targets) == 1 else 's'} {_list(targets)}"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")


def _read_activations(metadata: dict[str, str]) -> dict[str, object]:
    """Return the fields of TAKEN_OVER that a model file of gradstep has; nothing of a file of another program."""
    try:
        settings = make_experiment(parse_toml(metadata.get("experiment", ""), "its experiment")).network
    except GradstepError:
        return {}
    return {field: getattr(settings, field) for field in TAKEN_OVER}


def set_first_weights(
    network: Network, settings: NetworkSettings, layers: list[LayerState] | None, start: Floats | None, data: str
) -> None:
    """Set the parameters: to `start` (count,) if it is given, to those of a file, or as the settings say.

    `data` is the name of the data set. Raises GradstepError where shapes do not fit the network.
    """
    if start is not None:
        if start.shape != network.parameters.shape:
            raise GradstepError("the saved first weights do not fit this network")
        network.parameters[:] = start
    elif layers is not None:
        _check_fits(network, settings, layers, data)
        network.set([layer.weight for layer in layers], [layer.bias for layer in layers])
    elif settings.weights is not None:
        try:
            network.set(settings.weights, settings.biases)
        except GradstepError as error:
            # the message begins with "weights" or "biases"
            raise GradstepError(f"network.{error}") from None
    else:
        assert settings.init is not None
        network.initialize(settings.init, make_random_generator(settings.seed, "init"))


def _check_fits(network: Network, settings: NetworkSettings, layers: list[LayerState], data: str) -> None:
    """Raise GradstepError if the layers do not take the inputs and give the outputs of the data."""
    own, needed = find_sizes(layers), network.sizes
    if own[0] != needed[0]:
        raise GradstepError(f"{settings.start} takes {own[0]} inputs, and {data} has {needed[0]}")
    if own[-1] != needed[-1]:
        hint = ""
        if {own[-1], needed[-1]} == {1, 2}:
            other = "softmax" if own[-1] == 2 else "sigmoid"
            hint = f"; with network.output = {quote_value(other)} as many are needed"
        raise GradstepError(
            f"{settings.start} gives {own[-1]} outputs, and {data} with {settings.output} needs {needed[-1]}{hint}"
        )
