"""What a word of the command line stands for: an experiment file, a file of data, or a built-in data set."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.experiment import Experiment, apply_overrides, load_experiment, make_experiment
from gradstep.data.formats.file_content import open_file
from gradstep.data.registry import BUILT_IN

EXPERIMENT_SUFFIX = ".toml"
DATA_SUFFIXES = (".csv", ".tsv", ".data", ".npz", ".gz")

BEGINNING = 1 << 16
"""Bytes in which the first line that says something is looked for."""

TOML_LINE = re.compile(rb"\[[^\[\],;]*\]\s*(#.*)?$|[A-Za-z_][\w.-]*\s*=")
"""Matches the head of a table, and a key with its equals sign. No table of data begins with either."""


def load_given(given: str, overrides: Mapping[str, object]) -> Experiment:
    """Read an experiment file, or make the experiment that learns a file of data or a built-in set.

    `overrides` are values by dotted field that win. Raises GradstepError, also if they name other data than `given`.
    """
    path = Path(given)
    if given in BUILT_IN and not os.path.exists(path):
        source = {"data.name": given}
    elif is_experiment_file(path):
        return load_experiment(path, overrides)
    else:
        source = {"data.path": given}
    if any(overrides.get(dotted) is not None for dotted in ("data.name", "data.path")):
        raise GradstepError(f"{make_printable(given)} says already what the data are; leave out --data")
    return make_experiment(apply_overrides({}, {**overrides, **source}))


def is_experiment_file(path: Path) -> bool:
    """Whether a path is to be read as an experiment: by its suffix, else by how its text begins.

    So is a pipe, which can be read only once. Raises GradstepError for a file that is not there or cannot be read.
    """
    if path.suffix.lower() == EXPERIMENT_SUFFIX:
        return True
    if not os.path.exists(path):
        raise GradstepError(f"{make_printable(str(path))}: no such file{_suggest(str(path))}")
    if path.suffix.lower() in DATA_SUFFIXES or os.path.isdir(path):
        return False
    if not os.path.isfile(path):
        return True
    with open_file(path) as file:
        beginning = file.read(BEGINNING).removeprefix(b"\xef\xbb\xbf")
    lines = (line.strip() for line in beginning.splitlines())
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    # an experiment may be empty, and then leaves everything to the defaults
    return bool(TOML_LINE.match(first)) if first else not path.suffix


def _suggest(given: str) -> str:
    """Return what else could have been meant by the name of a file that is not there; empty for nothing."""
    if os.sep in given or "." in given:
        return ""
    near = get_close_matches(given, BUILT_IN, n=1)
    return (
        f'; did you mean the built-in data set "{near[0]}"?' if near else "; gradstep datasets lists the built-in sets"
    )
