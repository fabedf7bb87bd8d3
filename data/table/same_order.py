"""Finds columns that give a target of numbers away by their order, such as its logarithm."""

from collections.abc import Sequence

import numpy as np

from gradstep.core.network.arrays import Floats, spread_evenly
from gradstep.data.formats.targets import TargetFields
from gradstep.data.table.columns import InputColumn

FEWEST_ROWS = 50
FEWEST_VALUES = 20
"""Fewer rows, or fewer different values, can be in the same order by chance."""

SAMPLE, SAMPLE_CORRELATION = 500, 0.999
"""Rows with which most columns are ruled out, and the rank correlation that rules them out."""

SAME_ORDER = 0.9999
"""The rank correlation from which two orders are the same but for rounding."""


def find_same_order(columns: Sequence[tuple[InputColumn, slice]], inputs: Floats, target: TargetFields) -> list[str]:
    """Return the names of the columns of numbers that have the order of the target, or the opposite one.

    `columns` are those that became the `inputs` (rows, features), each with the indices of its inputs. A column that
    grows by the same in each row is not one of them: anything that grows with time has its order.
    """
    if target["targets"] is None or len(inputs) < FEWEST_ROWS:
        return []
    targets = target["targets"][:, 0]
    rows = spread_evenly(len(inputs), SAMPLE)
    return [
        column.name
        for column, part in columns
        if column.kind == "number"
        and _correlate_ranks(inputs[rows, part.start], targets[rows]) >= SAMPLE_CORRELATION
        and _correlate_ranks(inputs[:, part.start], targets) >= SAME_ORDER
        and not _grows_evenly(inputs[:, part.start])
    ]


def _correlate_ranks(values: Floats, targets: Floats) -> float:
    """Return Spearman's rank correlation without its sign; 0 where there are few different values."""
    ranks = []
    for each in (values, targets):
        different, indices, counts = np.unique(each, return_inverse=True, return_counts=True)
        if len(different) < FEWEST_VALUES:
            return 0.0
        # equal values share the mean of their ranks
        ranks.append((counts.cumsum() - (counts - 1) / 2)[indices])
    return float(abs(np.corrcoef(ranks[0], ranks[1])[0, 1]))


def _grows_evenly(values: Floats) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.diff(values)
        return bool(np.allclose(steps, steps[0]))
