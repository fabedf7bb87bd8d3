"""Data sets from CSV files, plain or gzipped, as programs and spreadsheets write them."""

from itertools import chain
from pathlib import Path

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Array, Dataset
from gradstep.data.formats.csv_columns import CsvColumns
from gradstep.data.formats.csv_text import iterate_lines, read_csv_content
from gradstep.data.formats.reading_progress import reading_progress
from gradstep.data.formats.targets import target_from
from gradstep.data.value_text import allowed_names, quote_value

SOURCE = "# source:"
# a column with more different words than this is no category, but names, dates or remarks
MOST_CATEGORIES = 50


def read_csv(path: Path, target: str | int | None = None, task: str = "auto", decimal: str = ".") -> Dataset:
    """Read columns as features, and one as the target: by its name, its number from 1, or the last.

    Fields stand between commas, semicolons or tabs, and the first line may name the columns. A column of words becomes
    a feature for each word, 1 where it stands and 0 elsewhere. Lines in front that start with "# " are comments, and
    `# source: ...` says where the data come from. Raises GradstepError with the file, the line and the column.
    """
    content = read_csv_content(path)
    comments: list[str] = []
    with reading_progress(path.name, len(content)) as report:
        lines = iterate_lines(content, report)
        for line in lines:
            if not line.startswith("# "):
                lines = chain([line], lines)
                break
            comments.append(line)
        table = CsvColumns(path, lines, len(comments), decimal)
    if len(table.names) < 2:
        raise GradstepError(f"{path} has one column only; features and a target are needed")
    column = _target_column(path, table.names, target)
    inputs, feature_names = _features(path, table, column)
    learnt = table.words[column] if column in table.words else table.numbers[:, table.numeric.index(column)]
    return Dataset(
        name=path.name.split(".")[0],
        inputs=inputs,
        **target_from(np.asarray(learnt), task, f"{path}, column {quote_value(table.names[column])}"),
        feature_names=feature_names,
        target_names=(table.names[column],),
        source=next((line.removeprefix(SOURCE).strip() for line in comments if line.startswith(SOURCE)), str(path)),
    )


def _target_column(path: Path, names: list[str], target: str | int | None) -> int:
    """The place of the target. A name wins over the number that it looks like."""
    if target is None:
        return len(names) - 1
    if target in names:
        return names.index(str(target))
    if str(target).isdecimal():
        if not 1 <= int(target) <= len(names):
            raise GradstepError(f"{path} has no column {target}: data.target must be a number from 1 to {len(names)}")
        return int(target) - 1
    raise GradstepError(f"{path} has no column {quote_value(target)}: data.target {allowed_names(names, target)}")


def _features(path: Path, table: CsvColumns, target: int) -> tuple[Array, tuple[str, ...]]:
    """All columns but the target, in their order: inputs (rows, features) and their names."""
    categories = {index: _categories(path, table, index) for index in table.words if index != target}
    names = [
        f"{name}={word}" if index in categories else name
        for index, name in enumerate(table.names)
        if index != target
        for word in categories.get(index, [""])
    ]
    inputs = np.empty((len(table.numbers), len(names)))
    filled = 0
    for index in range(len(table.names)):
        if index in categories:
            words = np.asarray(table.words[index])
            for word in categories[index]:
                inputs[:, filled] = words == word
                filled += 1
        elif index != target:
            inputs[:, filled] = table.numbers[:, table.numeric.index(index)]
            filled += 1
    return inputs, tuple(names)


def _categories(path: Path, table: CsvColumns, index: int) -> list[str]:
    """The different words of a column, sorted."""
    words = sorted(set(table.words[index]))
    if len(words) > MOST_CATEGORIES:
        raise GradstepError(
            f"{path}, column {quote_value(table.names[index])}: {len(words)} different words, "
            f"such as {quote_value(words[0])}, and at most {MOST_CATEGORIES} can be categories; leave the column out"
        )
    return words
