"""Reads a user's own data: a CSV file, an NPZ file, or a directory with MNIST's files."""

import os
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Dataset
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.formats.idx_folder import read_idx
from gradstep.data.formats.npz_file import read_npz
from gradstep.data.toml_value import quote_value


def read_data_file(
    path: Path,
    target: str | int | None = None,
    task: str = "auto",
    decimal: str = ".",
    most_rows: int | None = None,
) -> Dataset:
    """Read a directory as IDX, a file ending in .npz as NPZ, and any other file as CSV.

    `target` and `decimal` are for CSV files only. With `most_rows` only so many rows of a file are read.
    Raises GradstepError with the file and what is wrong in it.
    """
    is_idx, is_npz = os.path.isdir(path), path.suffix == ".npz"
    if (is_idx or is_npz) and target is not None:
        raise GradstepError(f"data.target = {quote_value(target)}: only a CSV file has columns, and {path} is none")
    if (is_idx or is_npz) and decimal != ".":
        raise GradstepError(f"data.decimal = {quote_value(decimal)}: only a CSV file is text, and {path} is none")
    if is_idx:
        return read_idx(path, task)
    return read_npz(path, task, most_rows) if is_npz else read_csv(path, target, task, decimal, most_rows)
