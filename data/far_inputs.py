"""Finds the inputs of new rows that are far outside those that a network learnt from."""

import numpy as np

from gradstep.data.new_rows import NewRows
from gradstep.data.preprocessing import Preprocessing
from gradstep.data.table.dates import from_days
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.toml_value import quote_value

MARGIN = 0.5
"""How far outside is far, as a fraction of the range that was learnt."""

MOST_COLUMNS = 5
"""Columns that are told; an image has hundreds."""


def describe_far_inputs(preprocessing: Preprocessing, rows: NewRows) -> tuple[str, ...]:
    """Return a line for each column with a number far outside the range that was learnt.

    Nothing is known of the ranges of a model of an earlier gradstep.
    """
    if preprocessing.lowest is None or preprocessing.highest is None:
        return ()
    notes = []
    for name, index, is_date in _list_numbers(preprocessing):
        low, high, values = preprocessing.lowest[index], preprocessing.highest[index], rows.inputs[:, index]
        margin = MARGIN * (high - low)
        far = values[(values < low - margin) | (values > high + margin)]
        if len(far):
            value, *ends = (_write(each, is_date) for each in (far[0], low, high))
            what = f"{value} is" if len(far) == 1 else f"{len(far)} values, such as {value}, are"
            notes.append(f"column {quote_value(name)}: {what} far outside {ends[0]} to {ends[1]} of training")
    more = len(notes) - MOST_COLUMNS
    return (*notes[:MOST_COLUMNS], *([f"and so it is in {more} more column{'s' * (more > 1)}"] if more > 0 else []))


def _list_numbers(preprocessing: Preprocessing) -> list[tuple[str, int, bool]]:
    """Return the columns of numbers and of whole dates: the name, the index of the input, and whether it is a date."""
    encoder = preprocessing.encoder
    if not isinstance(encoder, TableEncoder):
        return [(name, index, False) for index, name in enumerate(encoder.feature_names)]
    columns, index = [], 0
    for column in encoder.columns:
        if column.kind == "number" or (column.kind == "date" and not column.date_parts):
            columns.append((column.name, index, column.kind == "date"))
        index += len(column.feature_names)
    return columns


def _write(value: np.float64, is_date: bool) -> str:
    return f"{from_days(float(value)):%Y-%m-%d}" if is_date else f"{value:.6g}"
