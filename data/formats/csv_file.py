"""Reads data sets from CSV files, plain or gzipped, as programs and spreadsheets write them."""

from itertools import chain
from pathlib import Path

import numpy as np

from gradstep.core.errors import GradstepError, make_printable
from gradstep.core.network.arrays import Floats
from gradstep.data.choices import describe_choices
from gradstep.data.dataset import Dataset
from gradstep.data.formats.csv_columns import CsvColumns
from gradstep.data.formats.csv_text import iterate_lines, read_csv_content
from gradstep.data.formats.reading_progress import show_progress
from gradstep.data.formats.targets import make_target
from gradstep.data.toml_value import quote_value

SOURCE = "# source:"
MOST_DIGITS = 18
"""No column has a number of more digits."""

MOST_CATEGORIES = 50
"""A column with more different words than this holds names, dates or remarks, and no categories."""


def read_csv(
    path: Path,
    target: str | int | None = None,
    task: str = "auto",
    decimal: str = ".",
    most_rows: int | None = None,
) -> Dataset:
    """Read one column as the target, given by its name or its number from 1, else the last, and the others as features.

    Fields are separated by commas, semicolons or tabs, and the first line may name the columns. A column of words
    becomes one feature for each different word, 1 in its rows and 0 elsewhere. Lines at the top that start with "# "
    are comments, and `# source: ...` says where the data come from. With `most_rows` the rows after so many are as if
    they were not there. Raises GradstepError with the file, the line and the column.
    """
    content = read_csv_content(path)
    comments: list[str] = []
    with show_progress(path.name, len(content)) as report:
        lines = iterate_lines(content, report)
        for line in lines:
            if not line.startswith("# "):
                lines = chain([line], lines)
                break
            comments.append(line)
        columns = CsvColumns(path, lines, len(comments), decimal, most_rows)
    if len(columns.names) < 2:
        raise GradstepError(f"{path} has one column only; features and a target are needed")
    index = _find_target_column(path, columns.names, target)
    inputs, feature_names = _make_features(path, columns, index)
    values = columns.words[index] if index in columns.words else columns.numbers[:, columns.numeric.index(index)]
    named = (line.removeprefix(SOURCE).strip() for line in comments if line.startswith(SOURCE))
    source = next(named, make_printable(str(path)))
    return Dataset(
        name=make_printable(path.name.split(".")[0]),
        inputs=inputs,
        **make_target(np.asarray(values), task, f"{path}, column {quote_value(columns.names[index])}"),
        feature_names=feature_names,
        target_names=(columns.names[index],),
        source=source,
    )


def _find_target_column(path: Path, names: list[str], target: str | int | None) -> int:
    """Return the index of the target column. A name wins over a number written the same."""
    if target is None:
        return len(names) - 1
    if target in names:
        return names.index(str(target))
    if str(target).isdecimal() and len(str(target)) <= MOST_DIGITS:
        if not 1 <= int(target) <= len(names):
            raise GradstepError(f"{path} has no column {target}: data.target must be a number from 1 to {len(names)}")
        return int(target) - 1
    raise GradstepError(f"{path} has no column {quote_value(target)}: data.target {describe_choices(names, target)}")


def _make_features(path: Path, columns: CsvColumns, target: int) -> tuple[Floats, tuple[str, ...]]:
    """Return all columns but the target, in order, as inputs (rows, features) and their names."""
    categories = {index: _find_categories(path, columns, index) for index in columns.words if index != target}
    names = [
        f"{name}={word}" if index in categories else name
        for index, name in enumerate(columns.names)
        if index != target
        for word in categories.get(index, [""])
    ]
    inputs = np.empty((len(columns.numbers), len(names)))
    columns_of_numbers = {index: column for column, index in enumerate(columns.numeric)}
    filled = 0
    for index in range(len(columns.names)):
        if index in categories:
            words = np.asarray(columns.words[index])
            for word in categories[index]:
                inputs[:, filled] = words == word
                filled += 1
        elif index != target:
            inputs[:, filled] = columns.numbers[:, columns_of_numbers[index]]
            filled += 1
    return inputs, tuple(names)


def _find_categories(path: Path, columns: CsvColumns, index: int) -> list[str]:
    """Return the different words of a column, sorted."""
    words = sorted(set(columns.words[index]))
    if len(words) > MOST_CATEGORIES:
        raise GradstepError(
            f"{path}, column {quote_value(columns.names[index])}: {len(words)} different words, "
            f"such as {quote_value(words[0])}, and at most {MOST_CATEGORIES} can be categories; leave the column out"
        )
    return words
