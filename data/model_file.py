"""Model files: a trained network in one safetensors file, which PyTorch reads as the state of a Sequential."""

import io
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save as to_safetensors

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import make_experiment, to_toml
from gradstep.data.layer_state import find_sizes, read_layers, write_layers
from gradstep.data.parse_toml import parse_toml
from gradstep.data.preprocessing import Preprocessing
from gradstep.data.trained_model import DOES_NOT_FIT, TrainedModel, make_network

FORMAT = "gradstep-model"
VERSION = 1


def write_model(model: TrainedModel) -> bytes:
    """Return the content of the model file.

    Its tensors are the weights (outputs, inputs) and biases, in PyTorch's names; its metadata hold what stands around
    the network.
    """
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "step": str(model.step),
        "experiment": to_toml(model.experiment),
        "preprocessing": json.dumps(model.preprocessing.to_json(), ensure_ascii=False),
    }
    if model.diverged:
        metadata["diverged"] = "true"
    return to_safetensors(write_layers(model.network), metadata)


def write_model_as_npz(model: TrainedModel) -> bytes:
    """Return the content of an NPZ file with the same tensors, the scaling, and the names."""
    preprocessing = model.preprocessing
    arrays = write_layers(model.network) | {
        "input_shift": preprocessing.scaling.shift,
        "input_scale": preprocessing.scaling.scale,
        "target_shift": preprocessing.target_scaling.shift,
        "target_scale": preprocessing.target_scaling.scale,
        "feature_names": np.array(preprocessing.feature_names, np.str_),
        "target_names": np.array(preprocessing.target_names, np.str_),
        "class_names": np.array(preprocessing.class_names, np.str_),
        "activations": np.array([layer.activation.name for layer in model.network.layers], np.str_),
        "experiment": np.array(to_toml(model.experiment)),
    }
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def read_model(path: Path) -> TrainedModel:
    """Read a model file; raises GradstepError if it is not one, is damaged, or has another version of the format."""
    layers, metadata = read_layers(path)
    if metadata.get("format") != FORMAT:
        raise GradstepError(
            f"{path} has weights, and nothing on the data that they are for; train --from takes them as a start"
        )
    if metadata.get("version") != str(VERSION):
        raise GradstepError(f"{path} was written by another gradstep: this one reads version {VERSION} of the format")
    try:
        experiment = make_experiment(parse_toml(metadata["experiment"], "its experiment"))
        preprocessing = Preprocessing.from_json(json.loads(metadata["preprocessing"]))
        step = int(metadata["step"])
        network = make_network(experiment, preprocessing)
        if network.sizes != find_sizes(layers):
            raise GradstepError(DOES_NOT_FIT)
        network.set([layer.weight for layer in layers], [layer.bias for layer in layers])
    except GradstepError as error:
        raise GradstepError(f"{path} is damaged: {error}") from None
    except (KeyError, ValueError, RecursionError):
        raise GradstepError(f"{path} is damaged: its metadata are not what was written") from None
    return TrainedModel(experiment, network, preprocessing, step, metadata.get("diverged") == "true")
