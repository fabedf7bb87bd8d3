"""Loads the data set that an experiment names: a built-in set, a file, or the rows in the experiment itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from gradstep.data.dataset import Dataset
from gradstep.data.features import with_features
from gradstep.data.file_options import FirstRows
from gradstep.data.formats.data_file import read_data_file
from gradstep.data.formats.targets import make_class_target, make_number_target
from gradstep.data.registry import load_built_in
from gradstep.data.settings import DataSettings


def load_dataset(settings: DataSettings, first: FirstRows | None = None) -> Dataset:
    """Load the data set, with the features of its inputs; of a file only its `first` rows, if given.

    Raises GradstepError as its reader and `with_features` do.
    """
    return with_features(_load_given(settings, first), settings.features)


def _load_given(settings: DataSettings, first: FirstRows | None) -> Dataset:
    if settings.name is not None:
        return load_built_in(settings.name, settings.seed, settings.noise)
    if settings.path is not None:
        return read_data_file(Path(settings.path), replace(settings.file_options, first=first))
    return _load_rows(settings)


def _load_rows(settings: DataSettings) -> Dataset:
    assert settings.x is not None and settings.y is not None
    inputs = np.array(settings.x, dtype=np.float64)
    classes = [value for value in settings.y if not isinstance(value, tuple)]
    target = make_class_target(classes, "data.y") if classes else make_number_target(np.array(settings.y))
    outputs = 0 if target["targets"] is None else target["targets"].shape[1]
    return Dataset(
        name="rows",
        inputs=inputs,
        **target,
        feature_names=tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1)),
        target_names=tuple(f"y{number}" for number in range(1, outputs + 1)),
        source="the experiment file",
        auto_scale="none",
    )
