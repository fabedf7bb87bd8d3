"""Reads a user's own data: a table of text, an NPZ file, or a directory with MNIST's files."""

import os
from dataclasses import fields
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Dataset
from gradstep.data.file_options import DEFAULT_OPTIONS, FileOptions
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.formats.folder import refuse_folder_of_files
from gradstep.data.formats.idx_folder import read_idx
from gradstep.data.formats.npz_file import read_npz
from gradstep.data.toml_value import quote_value

FOR_ALL = ("task", "transposed", "first")
"""The options that are not for tables of text alone."""


def read_data_file(path: Path, options: FileOptions = DEFAULT_OPTIONS) -> Dataset:
    """Read a directory as IDX, a file ending in .npz as NPZ, and any other file as a table of text.

    Raises GradstepError with the file and what is wrong in it.
    """
    is_idx, is_npz = os.path.isdir(path), path.suffix.lower() == ".npz"
    if options.transposed and not (is_idx or is_npz):
        raise GradstepError(f"data.transposed = true: only images can be turned, and {path} holds a table")
    if is_idx:
        refuse_folder_of_files(path)
    if is_idx or is_npz:
        _refuse_options_of_tables(path, options)
    if is_idx:
        return read_idx(path, options)
    return read_npz(path, options) if is_npz else read_csv(path, options)


def _refuse_options_of_tables(path: Path, options: FileOptions) -> None:
    for field in fields(options):
        value = getattr(options, field.name)
        if field.name not in FOR_ALL and value != getattr(DEFAULT_OPTIONS, field.name):
            raise GradstepError(
                f"data.{field.name} = {quote_value(value)}: only a table of text has columns, and {path} is not one"
            )
