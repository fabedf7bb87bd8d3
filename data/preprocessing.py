"""What stands around a network: how a row of data becomes its inputs, and its outputs an answer in words or units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, get_args

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import Dataset, Scale
from gradstep.data.features import FEATURES, compute_features
from gradstep.data.split import Scaling, Split
from gradstep.data.table.columns import InputColumn, TargetColumn
from gradstep.data.table.encoder import ArrayEncoder, Encoder, TableEncoder, encoder_from_json

DAMAGED = "what is known of its data is damaged"


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """How a network reads the rows of its data, and what its outputs mean.

    - `encoder` turns the columns of a table, or arrays, into the inputs that were given.
    - `features` are the names of what is computed of two given inputs; none where the network reads those.
    - `scaling` is that of the inputs, and `target_scaling` that of the targets.
    - A classification has `class_names`; `threshold` is the class boundary of a single output.
    - `feature_names` and `target_names` name the inputs of the network and the targets.
    - `lowest` and `highest` are the ends of the range of each given input in the training part; None if unknown.
    """

    encoder: Encoder
    features: tuple[str, ...]
    scaling: Scaling
    target_scaling: Scaling
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    threshold: float
    lowest: Floats | None = None
    highest: Floats | None = None

    def scale_inputs(self, given: Floats) -> Floats:
        """Return what the network reads (rows, inputs) of the inputs that were given (rows, given inputs)."""
        return self.scaling.apply(compute_features(given, self.features) if self.features else given)

    def to_json(self) -> dict[str, Any]:
        """Return values that JSON can hold and that `from_json` takes."""
        return {
            "encoder": self.encoder.to_json(),
            "features": self.features,
            "scaling": _write_scaling(self.scaling),
            "target_scaling": _write_scaling(self.target_scaling),
            "class_names": self.class_names,
            "feature_names": self.feature_names,
            "target_names": self.target_names,
            "threshold": self.threshold,
            "lowest": None if self.lowest is None else self.lowest.tolist(),
            "highest": None if self.highest is None else self.highest.tolist(),
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Return what `to_json` wrote; raises GradstepError if it is damaged."""
        if not isinstance(values, Mapping):
            raise GradstepError(DAMAGED)
        threshold, features = values.get("threshold"), _read_names(values, "features")
        if not isinstance(threshold, float) or not set(features) <= FEATURES.keys():
            raise GradstepError(DAMAGED)
        return cls(
            encoder_from_json(values.get("encoder")),
            features,
            _read_scaling(values.get("scaling")),
            _read_scaling(values.get("target_scaling")),
            _read_names(values, "class_names"),
            _read_names(values, "feature_names"),
            _read_names(values, "target_names"),
            threshold,
            _read_range_end(values, "lowest"),
            _read_range_end(values, "highest"),
        )


def describe_preprocessing(dataset: Dataset, split: Split) -> Preprocessing:
    """Return how the rows of a data set are read by a network that learns this split of it."""
    return Preprocessing(
        dataset.encoder or _make_encoder(dataset),
        dataset.features,
        split.scaling,
        split.target_scaling,
        dataset.class_names,
        dataset.feature_names,
        dataset.target_names,
        split.threshold,
        *_find_range(dataset, split),
    )


def _find_range(dataset: Dataset, split: Split) -> tuple[Floats, Floats] | tuple[None, None]:
    """Return the lowest and the highest value of each given input in the training part, each (given inputs,).

    Pixels have none: one that is always 0 in training can well be another in a new image.
    """
    if dataset.image_shape is not None:
        return None, None
    rows, columns = split.train_rows, dataset.points.T
    # column by column, because the rows of a part are copied
    lowest, highest = zip(*((column[rows].min(), column[rows].max()) for column in columns), strict=True)
    return np.array(lowest, np.float64), np.array(highest, np.float64)


def _make_encoder(dataset: Dataset) -> Encoder:
    """Return an encoder for data that come from no file: a column of numbers for each given input."""
    count = dataset.points.shape[1]
    names = [f"x{number}" for number in range(1, count + 1)] if count > 1 else ["x"]
    kind = TargetColumn("class", classes=dataset.class_names) if dataset.class_names else TargetColumn("y", "number")
    return TableEncoder(tuple(InputColumn(name) for name in names), kind)


def as_table(encoder: Encoder) -> TableEncoder:
    """Return the encoder of tables whose columns are named as the inputs of arrays are."""
    if isinstance(encoder, TableEncoder):
        return encoder
    return TableEncoder(tuple(map(InputColumn, encoder.feature_names)), find_target(encoder))


def find_target(encoder: Encoder) -> TargetColumn:
    """Return the column that was learnt, or how it would be called in a table."""
    if isinstance(encoder, TableEncoder):
        return encoder.target
    if encoder.classes:
        return TargetColumn("class", classes=encoder.classes)
    return TargetColumn(", ".join(encoder.target_names), "number")


def as_arrays(encoder: Encoder) -> ArrayEncoder | None:
    """Return the encoder of arrays whose inputs are the columns of a table; None if they are not all numbers."""
    if isinstance(encoder, ArrayEncoder):
        return encoder
    is_plain = all(column.kind == "number" and not column.marks_missing for column in encoder.columns)
    return ArrayEncoder(encoder.feature_names) if is_plain else None


def _write_scaling(scaling: Scaling) -> dict[str, Any]:
    return {"kind": scaling.kind, "shift": scaling.shift.tolist(), "scale": scaling.scale.tolist()}


def _read_scaling(values: object) -> Scaling:
    try:
        if isinstance(values, Mapping) and values["kind"] in get_args(Scale):
            shift, scale = (np.array(values[name], np.float64) for name in ("shift", "scale"))
            if shift.ndim == 1 and shift.shape == scale.shape and np.isfinite([shift, scale]).all() and scale.all():
                return Scaling(values["kind"], shift, scale)
    except (KeyError, TypeError, ValueError):
        pass
    raise GradstepError(DAMAGED)


def _read_range_end(values: Mapping[str, object], field: str) -> Floats | None:
    """Return one end of the ranges; None in what an earlier gradstep wrote."""
    given = values.get(field)
    if given is None:
        return None
    try:
        ends = np.array(given, np.float64)
    except (TypeError, ValueError):
        raise GradstepError(DAMAGED) from None
    encoder = encoder_from_json(values.get("encoder"))
    if ends.shape != (len(encoder.feature_names),) or not np.isfinite(ends).all():
        raise GradstepError(DAMAGED)
    return ends


def _read_names(values: Mapping[str, object], field: str) -> tuple[str, ...]:
    names = values.get(field)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise GradstepError(DAMAGED)
    return tuple(names)
