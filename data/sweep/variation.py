"""What a sweep varies: fields of the experiment, each with a list of values, or with a range to draw from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import Experiment
from gradstep.data.experiment_options import OPTION_PARSERS
from gradstep.data.validation_message import find_tables

RANGE = ".."
"""Stands between the ends of a range: 0.001..1."""

ITEM = "/"
"""Separates the items of one value that is a list: hidden=16/16 is one value, two hidden layers."""

MOST_DRAWS = 100
"""As often as asked for is drawn, times this, until there are enough different combinations."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A dotted field, and its values; or, if `low` and `high` are given, the ends of its range."""

    field: str
    values: tuple[object, ...] = ()
    low: float = 0.0
    high: float = 0.0

    @property
    def is_range(self) -> bool:
        """Whether values are drawn from a range."""
        return not self.values

    @property
    def is_whole(self) -> bool:
        """Whether the values of the range are whole numbers, because its ends are."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def count_values(self) -> int:
        """Return how many different values can be drawn: of a range the whole ones, or those with three digits."""
        if self.values:
            return len(self.values)
        if self.is_whole:
            return int(self.high - self.low) + 1
        return _count_rounded(self.high) - _count_rounded(self.low) + 1

    def draw(self, random: np.random.Generator) -> object:
        """Draw a value: any of the list alike; of a range evenly on a logarithmic scale, whole between whole ends."""
        if self.values:
            return self.values[int(random.integers(len(self.values)))]
        drawn = math.exp(random.uniform(math.log(self.low), math.log(self.high)))
        return round(drawn) if self.is_whole else min(max(float(_round(drawn)), self.low), self.high)


def _round(value: float) -> str:
    """Write a drawn number with its three digits, as 1.23e-02."""
    return f"{value:.2e}"


def _count_rounded(value: float) -> int:
    """Return how many numbers of three digits there are from 1 to this one; below 1 it is negative."""
    mantissa, _, exponent = _round(value).partition("e")
    return 900 * int(exponent) + round(100 * float(mantissa)) - 100


def read_axis(text: str) -> Axis:
    """Read `learning_rate=0.01,0.1`, `hidden=8/16,16` or `l2=1e-5..1e-2`.

    Raises GradstepError for what is no field or no value.
    """
    name, separator, values = text.partition("=")
    if not separator or not values.strip():
        raise GradstepError(f"--vary {text}: must be a field and its values, as learning_rate=0.01,0.1")
    field = find_field(name.strip())
    if RANGE in values:
        return _read_range(field, text, values)
    read = [_read_value(field, value.strip()) for value in values.split(",")]
    for index, value in enumerate(read):
        if value in read[:index]:
            listed = f"; {ITEM} joins the items of one value, as in 16/16" if isinstance(value, list) else ""
            raise GradstepError(f"--vary {text}: names {write_value(value)} twice{listed}")
    return Axis(field, tuple(read))


def find_field(name: str) -> str:
    """Return the dotted name of a field; raises GradstepError if there is none, or if several tables have it."""
    tables = find_tables(Experiment)
    table, dot, field = name.rpartition(".")
    found = [each for each, model in tables.items() if field in model.model_fields and (not dot or each == table)]
    if not found:
        raise GradstepError(f"--vary {name}: there is no such field; docs/experiment-file.md lists them all")
    if len(found) > 1:
        raise GradstepError(f"--vary {name}: say which, " + " or ".join(f"{each}.{field}" for each in found))
    return f"{found[0]}.{field}"


def _read_range(field: str, text: str, values: str) -> Axis:
    low, _, high = values.partition(RANGE)
    ends = [_read_value(field, end.strip()) for end in (low, high)]
    if not all(isinstance(end, int | float) for end in ends):
        raise GradstepError(f"--vary {text}: only a number has a range; list the values, separated by commas")
    numbers = [end for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    if len(numbers) < len(ends) or not 0 < numbers[0] < numbers[1] < math.inf:
        raise GradstepError(f"--vary {text}: a range goes from a number above 0 to a larger one")
    return Axis(field, (), *numbers)


def _read_value(field: str, text: str) -> object:
    """Read a value as the option of its name is read; whether the field allows it is checked with the experiment."""
    name = field.rpartition(".")[2]
    if name in OPTION_PARSERS:
        return OPTION_PARSERS[name](text.replace(ITEM, ","))
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def combine(axes: Sequence[Axis], draws: int | None) -> list[dict[str, object]]:
    """Return the combinations of values by dotted field: all of them, or so many `draws`, each other than the others.

    Raises GradstepError for a range without `draws`, and for a field that is named twice.
    """
    fields = [axis.field for axis in axes]
    for field in fields:
        if fields.count(field) > 1:
            raise GradstepError(f"--vary {field}: is named twice; list all its values at once")
    if draws is not None:
        return _draw(axes, draws)
    for axis in axes:
        if axis.is_range:
            raise GradstepError(f"--vary {axis.field}={axis.low}{RANGE}{axis.high}: a range needs --random N")
    combinations = product(*(axis.values for axis in axes))
    return [dict(zip(fields, values, strict=True)) for values in combinations]


def _draw(axes: Sequence[Axis], draws: int) -> list[dict[str, object]]:
    random, found = np.random.default_rng(0), dict[str, dict[str, object]]()
    for _ in range(MOST_DRAWS * draws):
        drawn = {axis.field: axis.draw(random) for axis in axes}
        found.setdefault(repr(drawn), drawn)
        if len(found) == draws:
            break
    return list(found.values())


def describe_draws(axes: Sequence[Axis], draws: int, drawn: int) -> str:
    """Say why fewer combinations were drawn than were asked for; empty if as many were."""
    if drawn == draws:
        return ""
    there = math.prod(axis.count_values() for axis in axes)
    if drawn == there:
        only = "there is only 1 combination" if there == 1 else f"there are only {there:,} different combinations"
        return f"--random {draws}: {only}, and {'it is' if there == 1 else 'all of them are'} trained"
    what = "1 different combination" if drawn == 1 else f"{drawn:,} different combinations"
    return f"--random {draws}: only {what} came in {MOST_DRAWS * draws:,} draws, of the {there:,} that there are"


def write_value(value: object) -> str:
    """Write a value as it is typed: a list with its separator, and none for an empty one."""
    if isinstance(value, list | tuple):
        return ITEM.join(map(str, value)) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def write_values(values: Mapping[str, object]) -> str:
    """Write a combination: `learning_rate=0.1 hidden=8/16`."""
    return " ".join(f"{field.rpartition('.')[2]}={write_value(value)}" for field, value in values.items())
