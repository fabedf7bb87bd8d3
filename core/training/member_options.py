"""The options of the members of a population: which of them may differ, and how they are laid out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.options import TrainingOptions

VARYING_OPTIONS = ("learning_rate", "l1", "l2", "shuffle_seed", "stop")
"""The options that may differ from member to member."""


def keep_common(options: TrainingOptions) -> TrainingOptions:
    """Return what all members have in common: these options, with defaults in place of VARYING_OPTIONS."""
    return replace(options, **{name: getattr(TrainingOptions(), name) for name in VARYING_OPTIONS})


@np.errstate(over="ignore")
def find_column(values: Sequence[float], dtype: np.dtype[np.floating]) -> float | Floats:
    """Return one value for all members, or an array (members, 1) where they differ.

    What is too large for the dtype becomes infinite, as in the products of a single value.
    """
    return values[0] if len(set(values)) == 1 else np.array(values, dtype)[:, None]
