"""What a form can offer for the data of a person's own: the files here, and the columns of a file."""

import csv
import os
from itertools import islice
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.formats.csv_text import guess_delimiter, is_header, iterate_lines, read_csv_content
from gradstep.data.given_source import DATA_SUFFIXES

SAMPLE = 50
"""Lines that are looked at."""


def list_data_files(folder: Path) -> list[str]:
    """Return the names of the files of data in a folder, in alphabetical order; none if it cannot be read."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [name for name in names if name.lower().endswith(DATA_SUFFIXES) and os.path.isfile(folder / name)]


def list_columns(path: Path, decimal: str = ".") -> list[str]:
    """Return the names of the columns of a text file; none if they have no names, or if it cannot be read."""
    if path.suffix.lower() == ".npz" or not os.path.isfile(path):
        return []
    try:
        lines = iterate_lines(read_csv_content(path), lambda _: None)
        sample = [line for line in islice(lines, SAMPLE) if not line.startswith("# ")]
        rows = list(csv.reader(sample, delimiter=guess_delimiter(sample, decimal)))
    except (GradstepError, csv.Error):
        return []
    names = [cell.strip() for cell in rows[0]] if len(rows) > 1 and is_header(rows[0], rows[1], decimal) else []
    return names if all(names) else []
