"""Turns the cells of one column into inputs of the network."""

from collections.abc import Sequence

import numpy as np

from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.choices import describe_choices
from gradstep.data.table.columns import InputColumn
from gradstep.data.table.dates import EPOCH, count_days, from_days, parse_date, read_date_part, write_example
from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.no_number import describe_no_number
from gradstep.data.table.problems import Problem
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value


def fill_numbers(
    part: Floats, column: InputColumn, table: RawTable, index: int, rows: Indices, problems: list[Problem]
) -> None:
    """Fill in the inputs of a column of numbers (rows, inputs), for these rows of a table; adds what is wrong."""
    raw = table.columns[index]
    numbers, missing = raw.numbers.copy(), np.zeros(len(raw), bool)
    chosen = np.zeros(len(raw), bool)
    chosen[rows] = True
    wrong = []
    for row, text in zip(raw.text_rows, raw.texts, strict=True):
        value = None if is_missing_number(text) else column.style.parse(text)
        if value is not None:
            numbers[row] = value
        elif is_missing_number(text):
            missing[row] = True
        elif chosen[row]:
            wrong.append((int(table.lines[row]), text))
    if wrong:
        expected = f"a number is expected as {column.style.write_example()}"
        problems.append(_describe_wrong(column, wrong, *describe_no_number(wrong[0][1]), expected))
    if missing[rows].any():
        _use_fill(column, table.lines[rows][missing[rows]], problems)
        numbers[missing] = column.fill if isinstance(column.fill, float) else np.nan
    part[:, 0] = numbers[rows]
    if column.marks_missing:
        part[:, 1] = missing[rows]


def fill_categories(
    part: Floats, column: InputColumn, words: Sequence[str], lines: Indices, problems: list[Problem]
) -> None:
    """Fill in the inputs of a column of categories (rows, inputs) of its words, in these lines; adds what is wrong."""
    numbers = {word: number for number, word in enumerate(column.categories)}
    fill = numbers.get(column.fill, -1) if isinstance(column.fill, str) else -1
    codes = np.fromiter((numbers.get(word, -2 if is_missing(word) else -1) for word in words), np.int32, len(words))
    if (codes == -2).any():
        _use_fill(column, lines[codes == -2], problems)
        codes[codes == -2] = fill if column.fill is not None else -3
    if (codes == -1).any():
        unseen = [(int(lines[row]), words[row]) for row in np.flatnonzero(codes == -1).tolist()]
        allowed = describe_choices(column.categories, unseen[0][1]).replace("must be", "known are")
        problem = _describe_wrong(column, unseen, "was not there in training", "were not there in training")
        problems.append(Problem(problem.what, allowed, problem.line, problem.column))
    for number in range(len(column.categories)):
        part[:, number] = codes == number


def fill_dates(
    part: Floats, column: InputColumn, cells: Sequence[str], lines: Indices, problems: list[Problem]
) -> None:
    """Fill in the inputs of a column of dates (rows, inputs) of its cells, in these lines; adds what is wrong."""
    dates = {cell: parse_date(cell, column.date_format) for cell in set(cells)}
    missing = np.array([dates[cell] is None and is_missing_number(cell) for cell in cells], bool)
    wrong = [
        (int(line), cell)
        for line, cell in zip(lines, cells, strict=True)
        if dates[cell] is None and not is_missing_number(cell)
    ]
    if wrong:
        expected = f"a date is expected as {write_example(column.date_format)}"
        problems.append(
            _describe_wrong(column, wrong, "is no date like the others", "are no dates like the others", expected)
        )
    if missing.any():
        _use_fill(column, lines[missing], problems)
    fill = from_days(column.fill) if isinstance(column.fill, float) else EPOCH
    for number, name in enumerate(column.date_parts or ("days",)):
        values = {
            cell: count_days(date or fill) if name == "days" else read_date_part(date or fill, name)
            for cell, date in dates.items()
        }
        part[:, number] = [values[cell] for cell in cells]
    if column.marks_missing:
        part[:, -1] = missing


def _use_fill(column: InputColumn, lines: Indices, problems: list[Problem]) -> None:
    """Add a problem if nothing stands for the missing values in these lines."""
    if column.fill is None:
        line = int(lines[0]) if len(lines) == 1 else None
        problems.append(Problem(count_missing(lines), "none was missing in training", line, column.name))


def count_missing(lines: Indices) -> str:
    """Say how many values are missing, and where the first one is."""
    if len(lines) == 1:
        return "the value is missing"
    return f"missing in {len(lines)} rows, first line {lines[0]}"


def _describe_wrong(
    column: InputColumn, wrong: Sequence[tuple[int, str]], one: str, several: str, advice: str = ""
) -> Problem:
    line, cell = wrong[0]
    if len(wrong) == 1:
        return Problem(f"{quote_value(cell)} {one}", advice, line, column.name)
    what = f"{len(wrong)} values {several}, first {quote_value(cell)} in line {line}"
    return Problem(what, advice, None, column.name)
