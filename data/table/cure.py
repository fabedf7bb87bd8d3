"""Finds options with which a table can be learnt in spite of all its problems, and tries them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from gradstep.core.errors import GradstepError
from gradstep.data.file_options import FileOptions
from gradstep.data.name_list import write_names
from gradstep.data.table.problems import Problem

LISTS = ("drop", "categories")
"""The options whose value is a list of columns."""

ANY_BUT_REFUSE = "any"
"""What cures missing values in the target: they are left out with any choice but one."""

MOST_ROUNDS = 4
"""How often the options are completed because they bring other problems to light."""


def find_cure(
    problems: Sequence[Problem], options: FileOptions, find_problems: Callable[[FileOptions], Sequence[Problem]]
) -> dict[str, str]:
    """Return the options, by their names, that solve these problems, and those that come to light with them.

    `find_problems` tries options. Nothing is returned where a problem can be solved in the file alone.
    """
    wanted: dict[str, list[str]] = {}
    for _ in range(MOST_ROUNDS):
        if not all(problem.cure for problem in problems):
            return {}
        _add(wanted, (option for problem in problems for option in problem.cure))
        try:
            problems = find_problems(_apply(options, wanted))
        except GradstepError:
            return {}
        if not problems:
            return {name: _write(options, name, values) for name, values in wanted.items()}
    return {}


def _add(wanted: dict[str, list[str]], pairs: Iterable[tuple[str, str]]) -> None:
    for name, value in pairs:
        values = wanted.setdefault(name, [])
        if name == "target":
            # the one before has turned out to be no better
            values.clear()
        if value not in values:
            values.append(value)
    # a target is no longer left out, and what is no number can only be left out with its row
    if "drop" in wanted:
        wanted["drop"] = [name for name in wanted["drop"] if name not in wanted.get("target", [])]
    if "missing" in wanted:
        chosen = set(wanted["missing"]) - {ANY_BUT_REFUSE}
        wanted["missing"] = ["drop" if "drop" in chosen or not chosen else chosen.pop()]


def _apply(options: FileOptions, wanted: Mapping[str, Sequence[str]]) -> FileOptions:
    """Return the options together with those that are wanted."""
    values: dict[str, object] = {
        name: tuple(_join(options, name, chosen)) if name in LISTS else chosen[0]
        for name, chosen in wanted.items()
        if chosen
    }
    return replace(options, **values)  # type: ignore[arg-type]


def _join(options: FileOptions, name: str, chosen: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*getattr(options, name), *chosen]))


def _write(options: FileOptions, name: str, chosen: Sequence[str]) -> str:
    """Return the value of an option as a command line has it."""
    return write_names(_join(options, name, chosen)) if name in LISTS else chosen[0]
