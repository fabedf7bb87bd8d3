"""Finds everything that keeps a table from being learnt: its rows, its names, and each of its columns."""

from collections import Counter
from functools import reduce

import numpy as np

from gradstep.data.file_options import FileOptions
from gradstep.data.table.choose_columns import ChosenColumns
from gradstep.data.table.column_problems import JudgedColumn, find_column_problems
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.number_style import find_style
from gradstep.data.table.problems import Problem
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value

FEWEST_INPUTS = 2
"""Columns that a row without any inputs leaves empty; a single empty one can be a value that is missing."""


def find_table_problems(table: RawTable, judged: JudgedTable, options: FileOptions) -> list[Problem]:
    """Return what is wrong with the rows, with the names, and then with each column, in their order."""
    problems = [*_find_ragged(table, options), *_find_duplicates(table, judged.chosen)]
    unclear = _find_unclear_decimals(table, judged)
    no_inputs = _has_rows_without_inputs(judged)
    for index, kind in judged.kinds.items():
        if index in unclear:
            problems.append(_describe_unclear(table, index))
        column = JudgedColumn(table, index, kind, judged.chosen, options, judged.rows, no_inputs)
        problems += find_column_problems(column)
    if not len(judged.rows) and options.missing == "drop":
        advice = "--missing mean fills them in"
        problems.append(Problem("no row has a value in every column", advice, cure=(("missing", "mean"),)))
    return problems


def _has_rows_without_inputs(judged: JudgedTable) -> bool:
    """Whether a row has a target, and a value in none of several inputs."""
    inputs = [judged.kinds[index].missing for index in judged.chosen.inputs if judged.kinds[index].kind != "empty"]
    if len(inputs) < FEWEST_INPUTS:
        return False
    empty = reduce(np.intersect1d, inputs)
    return len(np.setdiff1d(empty, judged.kinds[judged.chosen.target].missing)) > 0


def _find_ragged(table: RawTable, options: FileOptions) -> list[Problem]:
    """Find rows with another number of values."""
    if not table.ragged_count or options.missing == "drop":
        return []
    line, width = table.ragged[0]
    cure = (("missing", "drop"),)
    needed = f"the first line has {table.layout.width}"
    if table.ragged_count == 1:
        return [Problem(f"{width} values, but {needed}", "--missing drop leaves the row out", line, cure=cure)]
    others = ", ".join(f"line {line} has {width}" for line, width in table.ragged)
    more = ", …" if table.ragged_count > len(table.ragged) else ""
    what = f"{table.ragged_count} rows have another number of values: {needed}, but {others}{more}"
    return [Problem(what, "--missing drop leaves them out", cure=cure)]


def _find_duplicates(table: RawTable, chosen: ChosenColumns) -> list[Problem]:
    """Find names that several of the chosen columns have."""
    indices = sorted({*chosen.inputs, chosen.target})
    counts = Counter(table.names[index] for index in indices)
    problems = []
    for name in (name for name, count in counts.items() if count > 1):
        *others, last = (index + 1 for index in indices if table.names[index] == name)
        all_called = "both" if len(others) == 1 else "all"
        droppable = [number for number in (*others, last) if number - 1 != chosen.target]
        # one of them can stay if none is the target
        surplus = droppable[len(others) + 1 - len(droppable) == 0 :]
        numbers = ",".join(map(str, surplus))
        problems.append(
            Problem(
                f"columns {', '.join(map(str, others))} and {last} are {all_called} called {quote_value(name)}",
                f"--drop {numbers} leaves one of them",
                cure=tuple(("drop", str(number)) for number in surplus),
            )
        )
    return problems


def _find_unclear_decimals(table: RawTable, judged: JudgedTable) -> list[int]:
    """Find columns whose numbers the file leaves two ways to read."""
    if table.layout.delimiter == "," or _has_fractions(table, judged):
        return []
    return [index for index, kind in judged.kinds.items() if kind.other_decimal]


def _has_fractions(table: RawTable, judged: JudgedTable) -> bool:
    """Whether a column has plain numbers with a decimal point."""
    with np.errstate(invalid="ignore"):
        return any((table.columns[index].numbers % 1 > 0).any() for index in judged.kinds)


def _describe_unclear(table: RawTable, index: int) -> Problem:
    """Describe numbers such as 1,234 in a file that says nowhere which mark is the decimal one."""
    example = next(text for text in table.columns[index].texts if "," in text)
    readings = [found.style.parse(example) for mark in (".", ",") if (found := find_style([example], mark))]
    many, little = (f"{value:.15g}" for value in readings if value is not None)
    what = f"{quote_value(example)} can be {many} or {little}"
    advice = "--decimal . or --decimal , says which"
    return Problem(what, advice, None, table.names[index], (("decimal", "."),))
