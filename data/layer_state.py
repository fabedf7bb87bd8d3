"""The weights and biases of dense layers in a safetensors file, named and shaped as PyTorch does in a Sequential."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.data.checkpoint import FORMAT as CHECKPOINT_FORMAT
from gradstep.data.formats.file_content import reading_errors

DTYPES = ("F32", "F64")
KINDS_BY_DIMENSIONS = {
    1: "that of a normalization",
    3: "that of a convolution",
    4: "that of a convolution",
    5: "that of a convolution",
}
PICKLED = (b"PK\x03\x04", b"\x80")
"""How files of torch.save begin: a zip archive, formerly a pickle."""

MOST_NAMES = 8
"""Names of tensors that a message lists."""


@dataclass(frozen=True, eq=False)
class LayerState:
    """The parameters of one dense layer: `weight` (outputs, inputs) and `bias` (outputs,), and its name in the file."""

    name: str
    weight: Floats
    bias: Floats


def write_layers(network: Network) -> dict[str, NDArray[Any]]:
    """Return the parameters by their names in a Sequential, where an activation follows each layer."""
    arrays = {}
    for index, layer in enumerate(network.layers):
        arrays[f"{2 * index}.weight"] = np.ascontiguousarray(layer.weights)
        arrays[f"{2 * index}.bias"] = np.ascontiguousarray(layer.biases)
    return arrays


def read_layers(path: Path) -> tuple[list[LayerState], dict[str, str]]:
    """Read the layers of a file in their order, and its metadata.

    The names differ in one number only, which gives the order, as in `0.weight`, `2.weight` or `layers.0.weight`.
    Raises GradstepError with the file, the tensor and what does not fit dense layers.
    """
    arrays, metadata = _read_arrays(path)
    try:
        return _make_layers(arrays), metadata
    except GradstepError as error:
        raise GradstepError(f"{path}: {error}") from None


def _read_arrays(path: Path) -> tuple[dict[str, Floats], dict[str, str]]:
    with reading_errors(path), path.open("rb") as file:
        start = file.read(4)
    try:
        with reading_errors(path), safe_open(path, framework="numpy") as file:
            names, metadata = list(file.keys()), file.metadata() or {}
            if metadata.get("format") == CHECKPOINT_FORMAT:
                raise GradstepError(f"{path} is a checkpoint of gradstep; gradstep export writes a model file of it")
            for name in names:
                if name.rpartition(".")[2] not in ("weight", "bias"):
                    raise GradstepError(
                        f"{path}: {name} belongs to no Linear layer, which has a weight and a bias alone"
                    )
                if (dtype := file.get_slice(name).get_dtype()) not in DTYPES:
                    raise GradstepError(f"{path}: {name} has the type {dtype}; must be float32 or float64")
            return {name: file.get_tensor(name) for name in names}, metadata
    except SafetensorError:
        raise GradstepError(f"{path} is not a safetensors file{_name_other_format(path, start)}") from None


def _name_other_format(path: Path, start: bytes) -> str:
    """Say what a file is that is not safetensors, and what would help."""
    if path.suffix.lower() == ".npz":
        return ", but an NPZ file; gradstep export --format safetensors writes one of a run"
    if start.startswith(PICKLED):
        return (
            ", but one of torch.save, which can run programs: write it with "
            "safetensors.torch.save_file(model.state_dict(), FILE)"
        )
    return ", or was cut short"


def _make_layers(arrays: Mapping[str, Floats]) -> list[LayerState]:
    for name, array in arrays.items():
        if name.rpartition(".")[2] == "weight" and array.ndim != 2:
            kind = KINDS_BY_DIMENSIONS.get(array.ndim, "not that of a layer")
            raise GradstepError(
                f"{name} has the shape {_write_shape(array)}, {kind}; that of a Linear layer is outputs × inputs"
            )
    stems = {name.rpartition(".")[0] for name in arrays}
    if not stems:
        raise GradstepError("it holds no weights")
    layers = [_make_layer(arrays, stem) for stem in _sort_stems(stems)]
    for before, layer in pairwise(layers):
        if layer.weight.shape[1] != len(before.weight):
            raise GradstepError(
                f"{layer.name} takes {layer.weight.shape[1]} inputs, and {before.name} before it gives "
                f"{len(before.weight)}"
            )
    return layers


def _make_layer(arrays: Mapping[str, Floats], stem: str) -> LayerState:
    """Return the layer whose tensors have this beginning of their names."""
    name, bias_name = (f"{stem}.{kind}" if stem else kind for kind in ("weight", "bias"))
    if name not in arrays:
        raise GradstepError(f"{name} is missing: {bias_name} is there")
    weight = arrays[name]
    if bias_name not in arrays:
        raise GradstepError(
            f"{bias_name} is missing: each layer needs a bias, and {len(weight)} zeros do the same as none"
        )
    bias = arrays[bias_name]
    if bias.shape != (len(weight),):
        raise GradstepError(f"{bias_name} has the shape {_write_shape(bias)}, and {name} has {len(weight)} outputs")
    for each, array in ((name, weight), (bias_name, bias)):
        if not array.size:
            raise GradstepError(f"{each} has the shape {_write_shape(array)}, and holds no number")
        if not np.isfinite(array).all():
            raise GradstepError(f"{each} holds a value that is not a finite number")
    return LayerState(name, weight, bias)


def _sort_stems(stems: set[str]) -> list[str]:
    """Sort the names of layers by the one number in which they differ."""
    parts = {stem: re.split(r"(\d+)", stem) for stem in stems}
    first = next(iter(parts.values()))
    if len({len(each) for each in parts.values()}) == 1:
        differing = [index for index in range(len(first)) if len({each[index] for each in parts.values()}) > 1]
        if not differing:
            return list(stems)
        # odd places hold the numbers
        if len(differing) == 1 and differing[0] % 2:
            return sorted(stems, key=lambda stem: int(parts[stem][differing[0]]))
    names = sorted(stems)
    listed = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
    raise GradstepError(f"the order of the layers {listed} is not in their names; a Sequential calls them 0, 2, 4, …")


def find_sizes(layers: Sequence[LayerState]) -> tuple[int, ...]:
    """Return the sizes of the network, from its inputs to its outputs."""
    return (layers[0].weight.shape[1], *(len(layer.weight) for layer in layers))


def _write_shape(array: Floats) -> str:
    return " × ".join(map(str, array.shape)) or "of a single number"
