"""The edits that keys make on the form: the next value of a field, and a hidden layer more or less."""

from collections.abc import Iterable
from typing import Any

from gradstep.core.errors import GradstepError
from gradstep.data.data_defaults import fill_in_recipe
from gradstep.data.experiment import Experiment
from gradstep.data.recipe import CLASSIFICATION
from gradstep.tui.round_numbers import next_layer_size, next_round_count, next_round_number
from gradstep.tui.screens.experiment.fields import FIELDS, LISTS_OF_COLUMNS, ONLY_IN_A_FILE, FormField, with_value

FIRST = {int: 10, float: 0.01}
"""The first value of a field that was left open."""

SMALLEST = 1e-5
SHARE = 0.05


def step_value(
    experiment: Experiment,
    field: FormField,
    direction: int,
    rows: int | None = None,
    filled: Experiment | None = None,
) -> Experiment:
    """Return the experiment with the next (1) or previous (−1) sensible value of a field; itself if there is none.

    Values that are not allowed beside the other fields are skipped. With `rows` training examples, a batch of at least
    that many becomes "full". Numbers that are left open are counted from those of `filled`.
    """
    present = field.value(experiment)
    if present is None and (field.types or field.dotted == "network.hidden"):
        present = field.value(_fill_in(experiment, filled))
    for value in _list_next_values(field, present, direction, rows):
        try:
            other = with_value(experiment, field, value)
        except GradstepError:
            continue
        if other != experiment:
            return other
    return experiment


def _fill_in(experiment: Experiment, filled: Experiment | None) -> Experiment:
    """Return `filled`, or values to begin with where the data of the experiment are not loaded."""
    return filled or fill_in_recipe(experiment, CLASSIFICATION, rows=0)


def _list_next_values(field: FormField, value: Any, direction: int, rows: int | None) -> Iterable[object]:
    """List the values after (1) or before (−1) this one, the nearest first."""
    if field.dotted == "network.hidden":
        return [_resize_last_layer(value, direction)]
    if field.types == (bool,):
        return [not value]
    if str in field.types or field.name in (*ONLY_IN_A_FILE, "features", *LISTS_OF_COLUMNS):
        return []
    if not field.types:
        ring = ([None] if field.optional else []) + list(field.choices)
        index = ring.index(value) if value in ring else 0
        return [ring[(index + direction * far) % len(ring)] for far in range(1, len(ring) + 1)]
    return _list_next_numbers(field, value, direction, rows)


def _list_next_numbers(field: FormField, value: Any, direction: int, rows: int | None) -> list[object]:
    """List what is next on the scale of a number: open or 0, if allowed, then 1-2-5, and last a word such as `full`."""
    kind = float if float in field.types else int
    # a field that follows the data is left open with a key of its own, not below its smallest number
    optional = field.optional and not field.follows_data
    if value is None:
        return [1 - 2 * SHARE if field.bounded else FIRST[kind]] if direction > 0 else []
    if value in field.choices:
        return [next_round_count(rows, -1)] if rows and direction < 0 else []
    if field.bounded:
        lower = [None] if optional and direction < 0 and value <= SHARE else []
        return [*lower, round((round(value / SHARE) + direction) * SHARE, 2)]
    if kind is int and not field.optional:
        return [value + direction]  # a seed
    if kind is int:
        following = next_round_count(value, direction)
        full = direction > 0 and field.choices and rows and following >= rows
        if following == value:
            return [None] if optional and direction < 0 else []
        return [field.choices[0] if full else following]
    if direction > 0:
        return [next_round_number(value, 1) if value else SMALLEST]
    # below the smallest number comes an open field or 0
    return [*([None if optional else 0.0] if value <= SMALLEST else []), next_round_number(value, -1)]


def _resize_last_layer(hidden: tuple[int, ...], direction: int) -> tuple[int, ...]:
    """Return the layers with the last one a size larger (1) or smaller (−1). A first layer has 1 neuron."""
    if not hidden:
        return (1,) if direction > 0 else ()
    return (*hidden[:-1], next_layer_size(hidden[-1], direction))


def with_layer(experiment: Experiment, direction: int, filled: Experiment | None = None) -> Experiment:
    """Return the experiment with one more hidden layer (1), as large as the last one, or one less (−1)."""
    hidden = _fill_in(experiment, filled).network.hidden
    assert hidden is not None
    changed = (*hidden, *(hidden[-1:] or (8,))) if direction > 0 else hidden[:-1]
    return with_value(experiment, next(field for field in FIELDS if field.dotted == "network.hidden"), changed)
