"""What a form can offer for the data of a person's own: the files here, and the columns of a file."""

import os
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.file_options import FileOptions
from gradstep.data.given_source import DATA_SUFFIXES
from gradstep.data.table.raw_table import read_raw_table


def list_data_files(folder: Path) -> list[str]:
    """Return the names of the files of data in a folder, in alphabetical order; none if it cannot be read."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [name for name in names if name.lower().endswith(DATA_SUFFIXES) and os.path.isfile(folder / name)]


def list_columns(path: Path, options: FileOptions) -> list[str]:
    """Return the names of the columns of a text file; none if they have no names, or if it cannot be read."""
    if path.suffix.lower() == ".npz" or not os.path.isfile(path):
        return []
    try:
        table = read_raw_table(path, options.delimiter, options.header)
    except GradstepError:
        return []
    return table.names if table.header_line else []
