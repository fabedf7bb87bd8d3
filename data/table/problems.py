"""What is wrong with a file, all of it at once: each problem with its place and what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.shell_words import join_words
from gradstep.data.toml_value import quote_value

MOST_PROBLEMS = 20
"""Problems that are written out; a file can have thousands of columns."""

Cure = tuple[tuple[str, str], ...]
"""Options, each by its name and a value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `what` says it, and `advice` what would help. `line` and `column` say where, as far as it stands in one line or one
    column. With the options of `cure` the file can be read; without any, the file itself must be changed.
    """

    what: str
    advice: str = ""
    line: int | None = None
    column: str | None = None
    cure: Cure = ()

    def describe(self, with_advice: bool = True) -> str:
        """Return the problem in one line that begins with its place."""
        text = f"{self.place}: {self.what}" if self.place else self.what
        return f"{text}; {self.advice}" if self.advice and with_advice else text

    @property
    def place(self) -> str:
        """The line and the column, as far as they are known."""
        line = "" if self.line is None else f"line {self.line}"
        column = "" if self.column is None else f"column {quote_value(self.column)}"
        return ", ".join(filter(None, (line, column)))


class NoColumnError(GradstepError):
    """A field of the data, or its option, names a column that is not there, that is there twice or that is needed."""

    def __init__(self, what: str, field: str, allowed: str) -> None:
        self.what, self.field, self.allowed = what, field, allowed
        super().__init__(f"{what}: data.{field} {allowed}")

    def describe_option(self) -> str:
        """Return the message with the name of the option in place of that of the field."""
        return f"{self.what}: --{self.field} {self.allowed.removeprefix('= ')}"


class TableError(GradstepError):
    """A table cannot be used as it is.

    `problems` has everything that is wrong with it, and `lines` says it. `cure` are the options with which it can be
    used, by their names; none if the file itself must be changed.
    """

    def __init__(self, path: Path, problems: Sequence[Problem], cure: Mapping[str, str] | None = None) -> None:
        self.problems = tuple(problems)
        self.cure = dict(cure or {})
        self.lines = _write_report(path, self.problems, self.cure_words)
        super().__init__("\n".join(self.lines))

    @property
    def cure_words(self) -> list[str]:
        """The options of `cure` as the words of a command line."""
        return [word for name, value in self.cure.items() for word in (f"--{name}", value)]


def _write_report(path: Path, problems: Sequence[Problem], cure: Sequence[str]) -> list[str]:
    if len(problems) == 1:
        problem = problems[0]
        return [f"{path}{', ' if problem.place else ': '}{problem.describe()}"]
    lines, advised = [f"{path}: {len(problems)} problems"], set[str]()
    for problem in problems[:MOST_PROBLEMS]:
        # the same advice is given once
        lines.append(f"  {problem.describe(with_advice=problem.advice not in advised)}")
        advised.add(problem.advice)
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"  and {len(problems) - MOST_PROBLEMS} more")
    if cure:
        lines.append(f"  with {join_words(cure)} the file can be learnt")
    return lines
