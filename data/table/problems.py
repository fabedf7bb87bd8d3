"""What is wrong with a file, all of it at once: each problem with its place and what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.name_list import write_names
from gradstep.data.shell_words import join_words
from gradstep.data.toml_value import quote_value

LISTS = ("drop", "categories")
"""The options whose value is a list of columns."""

MOST_PROBLEMS = 20
"""Problems that are written out; a file can have thousands of columns."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `what` says it, and `advice` what would help. `line` and `column` say where, as far as it stands in one line or one
    column. `cure` is an option, by its name and a value, with which the file can be read.
    """

    what: str
    advice: str = ""
    line: int | None = None
    column: str | None = None
    cure: tuple[str, str] | None = None

    def describe(self, with_advice: bool = True) -> str:
        """Return the problem in one line that begins with its place."""
        place = self.place
        text = f"{place}: {self.what}" if place else self.what
        return f"{text}; {self.advice}" if self.advice and with_advice else text

    @property
    def place(self) -> str:
        """The line and the column, as far as they are known."""
        line = "" if self.line is None else f"line {self.line}"
        column = "" if self.column is None else f"column {quote_value(self.column)}"
        return ", ".join(filter(None, (line, column)))


class TableError(GradstepError):
    """A table cannot be used as it is: `problems` has everything that is wrong with it."""

    def __init__(
        self, path: Path, problems: Sequence[Problem], given: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """`given` are lists of columns that were given as options already, by their names."""
        self.problems = tuple(problems)
        super().__init__(_write_report(path, self.problems, given or {}))


def find_cure(problems: Sequence[Problem], given: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the options with which all problems are solved; nothing if there is one that no option solves."""
    if any(problem.cure is None for problem in problems):
        return []
    values: dict[str, list[str]] = {}
    for name, value in (problem.cure for problem in problems if problem.cure is not None):
        values.setdefault(name, list(given.get(name, ()))).append(value)
    words = []
    for name, chosen in values.items():
        words += [f"--{name}", write_names(dict.fromkeys(chosen)) if name in LISTS else chosen[0]]
    return words


def _write_report(path: Path, problems: Sequence[Problem], given: Mapping[str, Sequence[str]]) -> str:
    if len(problems) == 1:
        problem = problems[0]
        return f"{path}{', ' if problem.place else ': '}{problem.describe()}"
    lines, advised = [f"{path}: {len(problems)} problems"], set[str]()
    for problem in problems[:MOST_PROBLEMS]:
        # the same advice is given once
        lines.append(f"  {problem.describe(with_advice=problem.advice not in advised)}")
        advised.add(problem.advice)
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"  and {len(problems) - MOST_PROBLEMS} more")
    if words := find_cure(problems, given):
        lines.append(f"  with {join_words(words)} the file can be learnt")
    return "\n".join(lines)
