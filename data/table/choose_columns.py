"""Finds the columns that a user names: the target, and those that are inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.choices import describe_choices
from gradstep.data.file_options import FileOptions
from gradstep.data.table.problems import NoColumnError
from gradstep.data.toml_value import quote_value

MOST_DIGITS = 18
"""No column has a number of more digits."""


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """The index of the target column, those of the inputs, and those of the columns that hold words, all from 0."""

    target: int
    inputs: tuple[int, ...]
    words: frozenset[int]


def choose_columns(path: Path, names: Sequence[str], options: FileOptions) -> ChosenColumns:
    """Return the columns that are inputs and target; raises NoColumnError for one that is not there."""
    dropped = {find_column(path, names, name, "drop") for name in options.drop}
    wanted = [find_column(path, names, name, "columns") for name in options.columns]
    words = frozenset(find_column(path, names, name, "categories") for name in options.categories)
    left = [index for index in range(len(names)) if index not in dropped]
    if options.target is not None:
        target = find_column(path, names, options.target, "target")
    elif not left:
        raise NoColumnError(f"no column of {path} is left to learn", "drop", "leaves all of them out")
    else:
        target = left[-1]
    if target in dropped:
        raise NoColumnError(
            f"column {quote_value(names[target])} of {path} is the target", "drop", "cannot leave it out"
        )
    inputs = [index for index in left if index != target and (not wanted or index in wanted)]
    if not inputs:
        if len(names) > 1:
            raise GradstepError(f"{path} has no column left for the inputs; features and a target are needed")
        raise GradstepError(
            f"{path} has one column only; features and a target are needed: --delimiter says what separates the values"
        )
    return ChosenColumns(target, tuple(inputs), words)


def find_column(path: Path, names: Sequence[str], name: str | int, field: str) -> int:
    """Return the index of a column, given by its name or its number from 1. A name wins over a number."""
    if name in names and names.count(name) == 1:
        return names.index(str(name))
    if str(name).isdecimal() and len(str(name)) <= MOST_DIGITS:
        if not 1 <= int(name) <= len(names):
            raise NoColumnError(f"{path} has no column {name}", field, f"must be a number from 1 to {len(names)}")
        return int(name) - 1
    if name in names:
        first, second, *_ = (index + 1 for index, each in enumerate(names) if each == name)
        what = f"{path}: columns {first} and {second} are both called {quote_value(name)}"
        raise NoColumnError(what, field, f"= {second} means the second one")
    raise NoColumnError(f"{path} has no column {quote_value(name)}", field, describe_choices(names, name))
