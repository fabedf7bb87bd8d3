"""Tells a folder of tables, of which one is to be named, from a folder that is a data set."""

import os
import re
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.toml_value import quote_value

MOST_NAMES = 5
"""Files that are named."""

DATA_FILE = re.compile(r".+\.(csv|tsv|tab|txt|dat|data|npz)(\.gz)?", re.IGNORECASE)
PART_OF_MNIST = "ubyte"


def refuse_folder_of_files(directory: Path) -> None:
    """Raise GradstepError, which names the files to choose from, for a folder with data files and none of MNIST's."""
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return
    files = [name for name in names if DATA_FILE.fullmatch(name) and os.path.isfile(directory / name)]
    if not files or any(PART_OF_MNIST in name.lower() for name in names):
        return
    shown = ", ".join(map(quote_value, files[:MOST_NAMES]))
    more = f" and {len(files) - MOST_NAMES} more" if len(files) > MOST_NAMES else ""
    which = "the file in it" if len(files) == 1 else "one of the files in it"
    raise GradstepError(f"{directory} is a folder: give {which}: {shown}{more}")
