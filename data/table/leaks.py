"""Finds columns that give the target away, each by itself."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices, spread_evenly
from gradstep.data.formats.targets import TargetFields
from gradstep.data.table.columns import InputColumn

FEWEST_ROWS = 20
"""In a shorter table a column can tell the classes apart by chance."""

ROWS_OF_A_WORD = 2
"""Rows that a word needs, on average."""

SAMPLE = 500
"""Rows with which most columns are ruled out."""

MOST_SUMMANDS, LARGEST_SUMMAND = 200, 1e100
"""Sums are looked for among so many columns, of numbers that are no larger."""

NEAR_ONE = 1e-6

CELLS_AT_ONCE = 1 << 20

Flags = NDArray[np.bool_]

EXACT = 1e-9
"""The share of the spread of a target that is nothing but rounding."""


def find_leaks(columns: Sequence[tuple[InputColumn, slice]], inputs: Floats, target: TargetFields) -> list[str]:
    """Return the names of the columns of which each tells every class, or every number up to unit and zero point.

    `columns` are those that became the `inputs` (rows, features), each with the indices of its inputs.
    """
    if len(inputs) < FEWEST_ROWS:
        return []
    labels, targets = target["labels"], target["targets"]

    def give_away(values: Floats, rows: Indices) -> Flags:
        if labels is not None:
            return _tell_classes(values, labels[rows])
        assert targets is not None
        return _are_exact(values, targets[rows, 0])

    numbers = [(column.name, part.start) for column, part in columns if part.stop == part.start + 1]
    every_row = np.arange(len(inputs))
    found = [
        name
        for name, index in _rule_out(numbers, inputs, give_away)
        if give_away(inputs[:, index : index + 1], every_row).all()
    ]
    if labels is not None:
        found += [column.name for column, part in columns if _is_code(column, inputs[:, part], labels)]
    return found


def _rule_out(
    numbers: Sequence[tuple[str, int]], inputs: Floats, give_away: Callable[[Floats, Indices], Flags]
) -> list[tuple[str, int]]:
    """Return the columns, each a name and the index of its input, that a sample of the rows does not rule out."""
    rows = spread_evenly(len(inputs), SAMPLE)
    sample, left = inputs[rows], []
    at_once = max(1, CELLS_AT_ONCE // len(rows))
    for first in range(0, len(numbers), at_once):
        some = numbers[first : first + at_once]
        flags = give_away(sample[:, [index for _, index in some]], rows)
        left += [each for each, flag in zip(some, flags, strict=True) if flag]
    return left


def _is_code(column: InputColumn, inputs: Floats, labels: Indices) -> bool:
    """Whether a column of words has one class for each word."""
    words: int = inputs.shape[1]
    if column.kind != "category" or not 1 < words <= len(inputs) / ROWS_OF_A_WORD:
        return False
    pairs = set(zip(inputs.argmax(axis=1).tolist(), labels.tolist(), strict=True))
    return len(pairs) == words


def find_sum(columns: Sequence[tuple[InputColumn, slice]], inputs: Floats, target: TargetFields) -> list[str]:
    """Return the names of the columns of numbers, at least two but not all, whose sum or difference is the target."""
    numbers = [(column.name, part.start) for column, part in columns if column.kind == "number"]
    targets = target["targets"]
    if targets is None or not 2 < len(numbers) <= MOST_SUMMANDS or len(inputs) < max(FEWEST_ROWS, 2 * len(numbers)):
        return []
    rows = spread_evenly(len(inputs), SAMPLE)
    indices = [index for _, index in numbers]
    with np.errstate(all="ignore"):
        sample = np.column_stack([inputs[rows][:, indices], np.ones(len(rows))])
        if not np.isfinite(sample).all() or np.abs(sample).max() > LARGEST_SUMMAND:
            return []
        factors = np.linalg.lstsq(sample, targets[rows, 0])[0][:-1]
        chosen = np.abs(np.abs(factors) - 1) < NEAR_ONE
        total = inputs[:, indices] @ np.where(chosen, np.rint(factors), 0.0)
    if not 2 <= chosen.sum() < len(numbers) or not _are_exact(total[:, None], targets[:, 0]).all():
        return []
    return [name for (name, _), is_chosen in zip(numbers, chosen, strict=True) if is_chosen]


def _tell_classes(values: Floats, labels: Indices) -> Flags:
    """Whether each column (rows, columns) has a range of its own for every class (columns,)."""
    order = values.argsort(axis=0, kind="stable")
    ordered, classes = np.take_along_axis(values, order, axis=0), labels[order]
    changes = classes[1:] != classes[:-1]
    equal = ordered[1:] == ordered[:-1]
    told: Flags = (changes.sum(axis=0) == len(np.unique(labels)) - 1) & ~(changes & equal).any(axis=0)
    return told


def _are_exact(values: Floats, target: Floats) -> Flags:
    """Whether the target is each column (rows, columns) times a number plus a number (columns,)."""
    with np.errstate(all="ignore"):
        centred, wanted = values - values.mean(axis=0), target - target.mean()
        spread = (centred**2).sum(axis=0)
        slope = (centred * wanted[:, None]).sum(axis=0) / spread
        rest = np.abs(wanted[:, None] - slope * centred).max(axis=0)
        largest = float(np.abs(wanted).max())
    exact: Flags = np.asarray((spread > 0) & (rest <= EXACT * largest) & (largest > 0))
    return exact
