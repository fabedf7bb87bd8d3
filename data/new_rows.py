"""Reads the rows that a trained network is to predict: by the names of their columns, as its own data were read."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.file_options import DEFAULT_OPTIONS, FileOptions
from gradstep.data.formats.npz_inputs import read_npz_rows
from gradstep.data.new_array_targets import read_array_targets
from gradstep.data.new_targets import NewTargets, read_new_targets
from gradstep.data.preprocessing import as_arrays, as_table, find_target
from gradstep.data.table.adapt import adapt_encoder
from gradstep.data.table.encoder import MOST_NAMES, Encoder, TableEncoder, find_columns, list_some
from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.problems import Problem, TableError
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value

MOST_LINES = 5
"""Numbers of lines that a note lists."""


@dataclass(frozen=True, eq=False)
class NewRows:
    """The rows of a file as a network reads them.

    `inputs` (rows, given inputs) are not scaled. `indices` (rows,) says which of the `count` rows of the file they are:
    those without a missing value, where training left out the others. `targets` are theirs; None in a file without.
    `notes` say what was not read.
    """

    inputs: Floats
    indices: Indices
    count: int
    notes: tuple[str, ...] = ()
    targets: NewTargets | None = None


def read_new_rows(path: Path, encoder: Encoder, options: FileOptions = DEFAULT_OPTIONS) -> NewRows:
    """Read a table of text, or an NPZ file with `x`; `options` are those that the network's own data were read with.

    Raises GradstepError with everything that keeps the file from being read: the column, the line, and what is wrong.
    """
    if os.path.isdir(path):
        raise GradstepError(f"{path} is a folder; must be a table of text or an NPZ file")
    if path.suffix.lower() != ".npz":
        return _read_table(path, as_table(encoder), options)
    arrays = as_arrays(encoder)
    if arrays is None:
        raise GradstepError(f"{path}: the network reads columns with words or dates, and an NPZ file has numbers alone")
    found = read_npz_rows(path, options.transposed)
    inputs = arrays.encode(found.inputs, f"{path}, {found.x_name}")
    targets, notes = read_array_targets(found, find_target(encoder), max(1, len(arrays.target_names)))
    extra = (f"not read: {list_some(found.others, MOST_NAMES)}",) if found.others else ()
    return NewRows(inputs, np.arange(len(inputs)), len(inputs), (*extra, *notes), targets)


def _read_table(path: Path, encoder: TableEncoder, options: FileOptions) -> NewRows:
    # columns of a file without a header are called by their numbers
    is_named = any(not re.fullmatch(r"column \d+", column.name) for column in encoder.columns)
    header = "auto" if is_named else "no"
    table, reads_points = encoder.read_table(path, options.delimiter, header), encoder.reads_points
    encoder, adapted = adapt_encoder(encoder, table)
    if encoder.reads_points != reads_points:
        table = encoder.read_table(path, options.delimiter, header)
    leaves_out = options.missing == "drop"
    notes = list(adapted)
    if table.ragged_count:
        line, width = table.ragged[0]
        problem = Problem(f"{width} values, and {len(table.names)} are needed", line=line)
        if not leaves_out:
            raise TableError(path, [problem])
        notes.append(f"{problem.describe()}; left out, as {table.ragged_count} rows are")
    missing = _find_missing(table, encoder)
    rows = np.flatnonzero(~missing.any(axis=1)) if leaves_out else np.arange(len(table.lines))
    inputs = encoder.encode(table, rows)
    if len(empty := table.lines[missing.all(axis=1)].tolist()) and not leaves_out:
        where = f"line {empty[0]}" if len(empty) == 1 else f"lines {list_some(empty, MOST_LINES)}"
        notes.append(f"every input is missing in {where}: the prediction is that of what stands for missing values")
    if left_out := sorted({*range(len(table.lines))} - {*rows.tolist()}):
        lines = table.lines[left_out].tolist()
        which = (
            "1 row with a missing value: line" if len(lines) == 1 else f"{len(lines)} rows with missing values: lines"
        )
        notes.append(f"no prediction for {which} {list_some(lines, MOST_LINES)}")
    targets = read_new_targets(table, encoder.target, [column.name for column in encoder.columns], rows)
    read = {column.name for column in encoder.columns} | ({targets.column} if targets else set())
    if extra := [quote_value(name) for name in table.names if name not in read]:
        notes.append(f"not read: {list_some(extra, MOST_NAMES)}")
    return NewRows(inputs, rows, len(table.lines), (*notes, *(targets.notes if targets else ())), targets)


def _find_missing(table: RawTable, encoder: TableEncoder) -> np.ndarray:
    """Return whether a value is missing (rows, columns), for each column that the network reads."""
    missing = np.zeros((len(table.lines), len(encoder.columns)), bool)
    for number, (column, index) in enumerate(find_columns(table, encoder.columns, [])):
        raw = table.columns[index]
        misses = is_missing if column.kind == "category" else is_missing_number
        for row, text in zip(raw.text_rows, raw.texts, strict=True):
            missing[row, number] = misses(text)
    return missing
