"""The columns of a table that a network reads and learns, and how."""

from dataclasses import dataclass
from typing import Literal

from gradstep.data.table.number_style import PLAIN, NumberStyle

MISSING = "missing"
"""The word of the category that stands for a missing value."""


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column that the network reads, and how.

    - A number is written in `style`.
    - A category is one of `categories`, each of which is an input: 1 in the rows with this word, and 0 elsewhere.
    - A date is written in `date_format`. Each of `date_parts` is an input; without any, the days since 1970 are one.
    - `fill` stands for a missing value; None if there is nothing for it. With `marks_missing`, one more input is 1
      where the value is missing.
    """

    name: str
    kind: Literal["number", "category", "date"] = "number"
    style: NumberStyle = PLAIN
    categories: tuple[str, ...] = ()
    date_format: str = ""
    date_parts: tuple[str, ...] = ()
    fill: float | str | None = None
    marks_missing: bool = False

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of the inputs that the column becomes."""
        if self.kind == "category":
            names = [f"{self.name}={word}" for word in self.categories]
        else:
            names = [f"{self.name} {part}" for part in self.date_parts] or [self.name]
        return (*names, f"{self.name}={MISSING}") if self.marks_missing else tuple(names)


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """The column that is learnt: one of `classes`, or a number that is written in `style`."""

    name: str
    kind: Literal["class", "number"] = "class"
    classes: tuple[str, ...] = ()
    style: NumberStyle = PLAIN
