"""Points out columns and classes that can be read, and that will not teach what was meant."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.formats.targets import TargetFields
from gradstep.data.name_list import write_names
from gradstep.data.shell_words import quote_word
from gradstep.data.table.columns import InputColumn
from gradstep.data.table.date_warnings import (
    warn_of_few_dates,
    warn_of_mixed_dates,
    warn_of_short_years,
    warn_of_unclear_dates,
)
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.leaks import find_leaks, find_sum
from gradstep.data.table.listed_names import MOST_NAMES, list_names
from gradstep.data.table.number_warnings import warn_of_codes, warn_of_written_dates
from gradstep.data.table.raw_table import RawTable
from gradstep.data.table.same_order import find_same_order
from gradstep.data.table.word_warnings import warn_of_cases, warn_of_leading_zeros
from gradstep.data.toml_value import quote_value

FEWEST_ROWS = 10
"""In a shorter table it means nothing that a column counts the rows."""

ID_NAME = re.compile(r"(?i:(.*[_ .-])?(id|ids|index|idx|uuid|row|rowid|nr|unnamed.*))|.*[a-z](Id|ID)")
"""Names of columns that name the rows."""

RARE_ROWS, RARE_SHARE = 10, 0.1
"""A class with fewer rows, which are a smaller share of all, is rare."""


def find_warnings(
    table: RawTable, judged: JudgedTable, encoder: TableEncoder, inputs: Floats, target: TargetFields
) -> tuple[str, ...]:
    """Return what should be known before training, a line each.

    `inputs` (rows, features) and `target` are what is learnt.
    """
    numbers = _list_numbers(encoder, inputs, target)
    return (
        *_warn_of_counting_columns(encoder, inputs),
        *_warn_of_leaks(encoder, inputs, target),
        *_warn_of_constant_columns(encoder, inputs),
        *warn_of_codes(numbers),
        *warn_of_written_dates(numbers),
        *warn_of_leading_zeros(table, judged),
        *warn_of_cases(encoder),
        *warn_of_few_dates(table, judged),
        *warn_of_unclear_dates(table, judged),
        *warn_of_short_years(table, judged),
        *warn_of_mixed_dates(table, judged),
        *_warn_of_wrong_cells(table, judged),
        *warn_of_rare_classes(target),
    )


def _iterate_columns(encoder: TableEncoder) -> Iterator[tuple[InputColumn, slice]]:
    """Yield each column with the inputs that it becomes."""
    first = 0
    for column in encoder.columns:
        width = len(column.feature_names)
        yield column, slice(first, first + width)
        first += width


def _list_numbers(encoder: TableEncoder, inputs: Floats, target: TargetFields) -> list[tuple[str, Floats]]:
    """Return the names and the numbers (rows,) of the columns of numbers, and of a target of numbers."""
    numbers = [
        (column.name, inputs[:, part.start]) for column, part in _iterate_columns(encoder) if column.kind == "number"
    ]
    return numbers if target["targets"] is None else [*numbers, (encoder.target.name, target["targets"][:, 0])]


def _warn_of_counting_columns(encoder: TableEncoder, inputs: Floats) -> list[str]:
    """Find columns that count or name the rows, which say nothing about another row."""
    if len(inputs) < FEWEST_ROWS:
        return []
    steps = inputs[1] - inputs[0]
    counting, naming = [], []
    for column, part in _iterate_columns(encoder):
        if column.kind != "number" or column.marks_missing or steps[part.start] == 0:
            continue
        values = inputs[:, part.start]
        is_named_so = bool(ID_NAME.fullmatch(column.name)) or column.name == "column 1"
        if abs(steps[part.start]) == 1 and (len(encoder.columns) > 1 or is_named_so) and _counts(values):
            counting.append(column.name)
        elif is_named_so and (values % 1 == 0).all() and len(np.unique(values)) == len(values):
            naming.append(column.name)
    return [
        *_warn(encoder, counting, "counts the rows", "count the rows"),
        *_warn(encoder, naming, "has a number of its own in every row", "have a number of their own in every row"),
    ]


def _counts(values: Floats) -> bool:
    steps = np.diff(values)
    return bool((steps == steps[0]).all())


def _warn_of_leaks(encoder: TableEncoder, inputs: Floats, target: TargetFields) -> list[str]:
    if len(encoder.columns) < 2:
        return []
    name = quote_value(encoder.target.name)
    columns = list(_iterate_columns(encoder))
    if summands := find_sum(columns, inputs, target):
        return _warn(encoder, summands, "", f"give {name} away: they add up to it")
    leaks = find_leaks(columns, inputs, target)
    told = "tells every class" if target["labels"] is not None else "is an exact measure of it"
    ordered = [each for each in find_same_order(columns, inputs, target) if each not in leaks]
    sorted_too = f"are sorted by {name} as well, or nearly so"
    return [
        *_warn(encoder, leaks, f"gives {name} away: it alone {told}", f"give {name} away: each alone {told}"),
        *_warn(
            encoder,
            ordered,
            f"gives {name} away: rows sorted by it {sorted_too}",
            f"give {name} away: rows sorted by one of them {sorted_too}",
        ),
    ]


def _warn_of_constant_columns(encoder: TableEncoder, inputs: Floats) -> list[str]:
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    # rounding in the last digits makes no difference
    with np.errstate(over="ignore"):
        is_constant = high - low <= 8 * np.finfo(np.float64).eps * np.maximum(np.abs(low), np.abs(high))
    names = [column.name for column, part in _iterate_columns(encoder) if is_constant[part].all()]
    return _warn(encoder, names, "is the same in every row", "are the same in every row")


def _warn_of_wrong_cells(table: RawTable, judged: JudgedTable) -> list[str]:
    """Tell which rows are left out because of what is no number."""
    warnings = []
    for index, rows in judged.wrong.items():
        text = table.columns[index].read_cell(int(rows[0]))
        kind = judged.kinds[index].kind
        left = "its row is" if len(rows) == 1 else "their rows are"
        what = f"1 value is no {kind}" if len(rows) == 1 else f"{len(rows)} values are no {kind}s"
        where = f"{quote_value(text)} in line {table.lines[rows[0]]}"
        warnings.append(f"column {quote_value(table.names[index])}: {what}, such as {where}; {left} left out")
    return warnings


def warn_of_rare_classes(target: TargetFields) -> list[str]:
    """Return what should be known about classes with few rows."""
    if target["labels"] is None:
        return []
    names, counts = target["class_names"], np.bincount(target["labels"], minlength=len(target["class_names"]))
    warnings = []
    single = [name for name, count in zip(names, counts, strict=True) if count == 1]
    if single:
        has = "has" if len(single) == 1 else "have"
        warnings.append(
            f"{list_names('class', 'classes', single)} {has} one row, which cannot be both learnt and tested"
        )
    for name, count in zip(names, counts.tolist(), strict=True):
        if 1 < count < RARE_ROWS and count < RARE_SHARE * counts.sum():
            warnings.append(f"class {quote_value(name)} is rare: {count} of {counts.sum()} rows")
    if len(warnings) > MOST_NAMES:
        warnings = [*warnings[: MOST_NAMES - 1], f"and {len(warnings) - MOST_NAMES + 1} more classes are rare"]
    return warnings


def _warn(encoder: TableEncoder, names: Sequence[str], one: str, several: str) -> list[str]:
    """Return the warning about these columns, with the option that leaves them out if others are left."""
    if not names:
        return []
    what = f"{list_names('column', 'columns', names)} {one if len(names) == 1 else several}"
    if len(names) > MOST_NAMES or len(names) == len(encoder.columns):
        return [what]
    them = "it" if len(names) == 1 else "them"
    return [f"{what}; --drop {quote_word(write_names(names))} leaves {them} out"]
