"""The target of a table: the classes or the numbers of one column."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.targets import TargetFields, make_class_target, make_number_target, make_target
from gradstep.data.table.column_problems import JudgedColumn
from gradstep.data.table.columns import InputColumn, TargetColumn
from gradstep.data.table.fill_inputs import fill_numbers
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.problems import Problem
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value

FEWEST_ROWS = 5
"""In a shorter table it means nothing that each row has a class of its own."""

MANY_CLASSES = 20
"""More classes than this need at least two rows each, on average."""


def make_table_target(
    table: RawTable, judged: JudgedTable, words: Sequence[str] | None, options: FileOptions, problems: list[Problem]
) -> tuple[TargetFields, TargetColumn] | None:
    """Return the target fields, and the column as the encoder knows it; adds what keeps it from being learnt.

    `words` are the cells of a column of words, None for one of numbers.
    """
    name, kind = table.names[judged.chosen.target], judged.kinds[judged.chosen.target]
    # what is wrong with the other rows is said already
    rows = np.setdiff1d(judged.rows, np.concatenate([kind.missing, kind.wrong]))
    is_partly_known = len(rows) < len(judged.rows) or bool(problems and table.ragged_count)
    if kind.kind in ("empty", "date") or not len(rows) or is_partly_known:
        return None
    values = (
        _read_numbers(table, judged, rows) if words is None else np.array([words[row] for row in rows.tolist()], object)
    )
    if what := _find_problem(values, words is not None, options.task):
        advice, cure = JudgedColumn(table, judged.chosen.target, kind, judged.chosen, options, rows).learn_another()
        problems.append(Problem(what, advice, column=name, cure=cure))
    elif len(values) == 1 and options.task != "regression":
        line = int(table.lines[rows[0]])
        problems.append(
            Problem("this is the only row; at least two are needed, and many more to learn from", line=line)
        )
    if problems:
        return None
    where = f"{table.path}, column {quote_value(name)}"
    if words is not None:
        fields = make_class_target(values.tolist(), where)
    elif options.task == "regression":
        fields = make_number_target(values[:, None])
    else:
        fields = make_target(values, options.task, where)
    is_class = fields["task"] == "classification"
    return fields, TargetColumn(name, "class" if is_class else "number", fields["class_names"], kind.style)


def _find_problem(values: NDArray[Any], words: bool, task: str) -> str:
    """Return what keeps the values from being learnt; "" if nothing does."""
    if words and task == "regression":
        return "these are words, and --task regression needs numbers"
    different = Counter(values.tolist())
    if len(different) == 1 < len(values) and (words or task != "regression"):
        only = next(iter(different))
        only = f"{only:.15g}" if isinstance(only, float) else only
        return f"every row has the same class, {only}; at least two classes are needed"
    if words and len(different) == len(values) >= FEWEST_ROWS:
        return f"every row has a class of its own, such as {quote_value(values[0])}, and nothing can be learnt of that"
    if words and MANY_CLASSES < len(different) > len(values) / 2:
        return f"{len(different)} different words in {len(values)} rows are too many to learn"
    return ""


def _read_numbers(table: RawTable, judged: JudgedTable, rows: Indices) -> Floats:
    numbers = np.empty((len(rows), 1))
    kind = judged.kinds[judged.chosen.target]
    column = InputColumn(table.names[judged.chosen.target], style=kind.style)
    fill_numbers(numbers, column, table, judged.chosen.target, rows, [])
    return numbers[:, 0]
