"""How the columns of a table become the inputs of a network: what a new table needs to be read as the first one was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import TypeAdapter, ValidationError

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.choices import describe_choices
from gradstep.data.table.columns import InputColumn, TargetColumn
from gradstep.data.table.fill_inputs import fill_categories, fill_dates, fill_numbers
from gradstep.data.table.problems import Problem, TableError
from gradstep.data.table.raw_table import RawTable, read_raw_table
from gradstep.data.toml_value import quote_value

MOST_NAMES = 8
"""Names of columns that a line lists."""


class JsonValues:
    """What is written as values that JSON has, such as into the metadata of a model file, and read from them."""

    def to_json(self) -> dict[str, Any]:
        """Return the values."""
        values: dict[str, Any] = TypeAdapter(type(self)).dump_python(self, mode="json")
        return values

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Return what `to_json` wrote; raises GradstepError if it is damaged."""
        try:
            read: Self = (
                TypeAdapter(cls).validate_json(values)
                if isinstance(values, str | bytes)
                else TypeAdapter(cls).validate_python(values)
            )
        except (ValidationError, RecursionError):
            raise GradstepError("how the columns become inputs cannot be read: it is damaged") from None
        return read


@dataclass(frozen=True, slots=True)
class TableEncoder(JsonValues):
    """How the columns of a table become inputs and a target.

    `columns` become the inputs, in this order; `dropped` are the names of those that were left out. `delimiter`
    separated the values in the file that was learnt, and `column_count` is the number of its columns.
    """

    columns: tuple[InputColumn, ...]
    target: TargetColumn
    dropped: tuple[str, ...] = ()
    delimiter: str = ","
    column_count: int = 0

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return tuple(name for column in self.columns for name in column.feature_names)

    @property
    def reads_points(self) -> bool:
        """Whether a point is the decimal mark in all columns of numbers."""
        styles = [column.style for column in self.columns if column.kind == "number"] + [self.target.style]
        return all(style.decimal == "." for style in styles)

    def read_table(self, path: Path, delimiter: str | None = None, header: str = "auto") -> RawTable:
        """Read a file that has these columns, and maybe others; raises GradstepError as `read_raw_table` does."""
        names = [column.name for column in self.columns]
        return read_raw_table(path, delimiter, header, self.reads_points, expected_names=names)

    def encode(self, table: RawTable, rows: Indices | None = None, indices: Sequence[int] | None = None) -> Floats:
        """Return the inputs (rows, features) of these rows, or of all.

        Columns are found by their names, unless their `indices` are given, and others are not looked at. Raises
        TableError with every column that is not there, every word that is no category, and every missing value that
        nothing stands for.
        """
        rows = np.arange(len(table.lines)) if rows is None else rows
        problems: list[Problem] = []
        if indices is None:
            columns = find_columns(table, self.columns, problems)
        else:
            columns = list(zip(self.columns, indices, strict=True))
        inputs = np.empty((len(rows), len(self.feature_names)))
        words = table.read_words([index for column, index in columns if column.kind != "number"])
        filled = 0
        for column, index in columns:
            width = len(column.feature_names)
            part = inputs[:, filled : filled + width]
            if column.kind == "number":
                fill_numbers(part, column, table, index, rows, problems)
            else:
                cells = words.pop(index)
                (fill_categories if column.kind == "category" else fill_dates)(
                    part, column, [cells[row] for row in rows.tolist()], table.lines[rows], problems
                )
            filled += width
        if problems:
            raise TableError(table.path, problems)
        return inputs


def find_columns(
    table: RawTable, columns: Sequence[InputColumn], problems: list[Problem]
) -> list[tuple[InputColumn, int]]:
    """Return the columns with their indices in the table; adds a problem for those that are not there, or twice."""
    found, missing = [], []
    places: dict[str, list[int]] = {}
    for index, name in enumerate(table.names):
        places.setdefault(name, []).append(index)
    for column in columns:
        indices = places.get(column.name, [])
        if len(indices) == 1:
            found.append((column, indices[0]))
        elif indices:
            numbers = " and ".join(str(index + 1) for index in indices)
            problems.append(Problem(f"columns {numbers} are both called {quote_value(column.name)}"))
        else:
            missing.append(column.name)
    if missing:
        problems.append(Problem(_describe_missing(table, missing)))
    return found


def _describe_missing(table: RawTable, missing: Sequence[str]) -> str:
    """Say in one line which columns are not there, and which are; of a single one also the nearest to its name."""
    if len(missing) == 1:
        there = describe_choices(table.names, missing[0]).replace("must be", "there are")
        return f"there is no column {quote_value(missing[0])}: {there}"
    names, there = (list_some([quote_value(name) for name in each], MOST_NAMES) for each in (missing, table.names))
    return f"there are no columns {names}; the columns there are {there}"


def list_some(items: Sequence[object], most: int) -> str:
    """Return the first few of them, with how many more there are."""
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(map(str, items[:most])) + more


@dataclass(frozen=True, slots=True)
class ArrayEncoder(JsonValues):
    """How the arrays of a file become inputs: a row or an image for each example, as it is.

    `feature_names` are the names of the inputs, and `image_shape` is (height, width) if a row is an image.
    """

    feature_names: tuple[str, ...]
    image_shape: tuple[int, int] | None = None
    classes: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()

    def encode(self, inputs: np.ndarray[Any, Any], where: str) -> Floats:
        """Return the inputs (rows, features) of an array of rows or images; `where` is for the error."""
        rows = inputs.reshape(len(inputs), -1)
        if rows.shape[1] != len(self.feature_names):
            raise GradstepError(f"{where}: has {rows.shape[1]} inputs a row, and {len(self.feature_names)} are needed")
        return rows.astype(np.float64)


Encoder = TableEncoder | ArrayEncoder


def encoder_from_json(values: object) -> Encoder:
    """Return the encoder of either kind that `to_json` wrote; raises GradstepError if it is damaged."""
    is_table = isinstance(values, Mapping) and "columns" in values
    return TableEncoder.from_json(values) if is_table else ArrayEncoder.from_json(values)
