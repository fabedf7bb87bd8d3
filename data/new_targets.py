"""Reads the targets of rows that a trained network predicts, where their file has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.table.adapt import adapt_style
from gradstep.data.table.columns import TargetColumn
from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value


@dataclass(frozen=True, eq=False)
class NewTargets:
    """The targets in a file with new rows, and the name of their column or array.

    `values` (rows, outputs) has the index of the class of each row, or its numbers; NaN where it has none. `unseen`
    (rows,) says where a class stands that was not there in training. `notes` say what is not compared, and how numbers
    are read.
    """

    column: str
    values: Floats
    unseen: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def read_new_targets(table: RawTable, target: TargetColumn, inputs: Sequence[str], rows: Indices) -> NewTargets | None:
    """Return the targets of these rows of a table; None if no column, or more than one, has the name of the target.

    `inputs` are the names of the columns that are read as inputs.
    """
    wanted, taken = target.name.casefold(), {*inputs}
    alike = [index for index, name in enumerate(table.names) if name.casefold() == wanted and name not in taken]
    exact = [index for index in alike if table.names[index] == target.name]
    if len(found := exact or alike) != 1:
        return None
    index = found[0]
    all_cells = table.read_words([index])[index]
    cells = [all_cells[row] for row in rows.tolist()]
    name = table.names[index]
    if target.kind == "class":
        return compare_classes(target, name, f"column {quote_value(name)}", cells, table.lines[rows])
    return _compare_numbers(target, name, cells, table.lines[rows])


def compare_classes(
    target: TargetColumn, name: str, place: str, cells: Sequence[str], lines: Indices, unit: str = "line"
) -> NewTargets:
    """Return the classes that these words name.

    They stand in `lines` (rows,), each a `unit` of the `place` that notes name.
    """
    indices = _find_classes(target, cells)
    values = np.array([indices.get(cell, np.nan) for cell in cells], np.float64)
    missing = np.array([cell not in indices and is_missing(cell) for cell in cells], bool)
    unseen = np.isnan(values) & ~missing
    notes = _describe_missing(place, lines[missing], unit)
    if unseen.any():
        first = quote_value(cells[int(np.argmax(unseen))])
        what = f"a class that was not there in training, such as {first}: counted as wrong"
        notes.append(f"{place}: {say_where(lines[unseen], unit)} {what}")
    return NewTargets(name, values[:, None], unseen, tuple(notes))


def _compare_numbers(target: TargetColumn, name: str, cells: Sequence[str], lines: Indices) -> NewTargets:
    missing = np.array([is_missing_number(cell) for cell in cells], bool)
    style, note = adapt_style(target.style, name, list(dict.fromkeys(np.array(cells, object)[~missing].tolist())))
    numbers = [None if misses else style.parse(cell) for cell, misses in zip(cells, missing.tolist(), strict=True)]
    values = np.array([np.nan if number is None else number for number in numbers], np.float64)
    wrong = np.isnan(values) & ~missing
    place = f"column {quote_value(name)}"
    notes = [*([note] if note else []), *_describe_missing(place, lines[missing])]
    if wrong.any():
        first = quote_value(cells[int(np.argmax(wrong))])
        what = f"no number as a target, such as {first}, and no part in the scores"
        notes.append(f"{place}: {say_where(lines[wrong])} {what}")
    return NewTargets(name, values[:, None], np.zeros(len(cells), bool), tuple(notes))


def _find_classes(target: TargetColumn, cells: Sequence[str]) -> Mapping[str, int]:
    """Return the index of the class that each cell names; classes that are numbers may be written as 1.0 for 1."""
    indices = {name: index for index, name in enumerate(target.classes)}
    numbers = {_parse_name(name): index for name, index in indices.items()}
    found = {cell: indices.get(cell) for cell in {*cells}}
    if None not in numbers:
        found |= {cell: numbers.get(target.style.parse(cell)) for cell, index in found.items() if index is None}
    return {cell: index for cell, index in found.items() if index is not None}


def _parse_name(name: str) -> float | None:
    try:
        return float(name)
    except ValueError:
        return None


def _describe_missing(place: str, lines: Indices, unit: str = "line") -> list[str]:
    return [f"{place}: {say_where(lines, unit)} no target, and no part in the scores"] if len(lines) else []


def say_where(lines: Indices, unit: str = "line") -> str:
    """Say in which lines, or other units, something stands, as the beginning of a sentence; empty for none."""
    if not len(lines):
        return ""
    return f"{unit} {lines[0]} has" if len(lines) == 1 else f"{len(lines)} rows, the first in {unit} {lines[0]}, have"
