"""Whether a condition of a chapter holds: each of its facts, looked up in the session and on the screen."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradstep.data.course.condition import Condition
from gradstep.tui.session.course.facts import Facts
from gradstep.tui.session.course.named_numbers import NotThere, compute_outputs, find_number

SAME = 1e-9
"""The relative difference up to which a learning rate is the one that was named."""


def holds(condition: Condition, now: Facts, began: Facts, guessed: int = 0, guessed_right: int = 0) -> bool:
    """Whether all facts of the condition hold now.

    `began` are the facts of the moment from which steps, edits and changes count. `guessed` and `guessed_right` are the
    numbers of guesses since then.
    """
    given = {name: wanted for name in type(condition).model_fields if (wanted := getattr(condition, name)) is not None}
    guesses = {"guesses": guessed, "right_guesses": guessed_right}
    return all(
        guesses[name] >= wanted if name in guesses else FACTS[name](wanted, now, began)
        for name, wanted in given.items()
    )


def _is_same(number: float, wanted: float) -> bool:
    return math.isclose(number, wanted, rel_tol=SAME)


def _compare(name: str, wanted: float, now: Facts, direction: int) -> bool:
    """Whether a named number is at least (1) or at most (−1) the wanted one; no, while there is no such number."""
    try:
        return direction * (find_number(name, now) - wanted) >= 0
    except NotThere:
        return False


def _at_least(name: str) -> "Fact":
    return lambda wanted, now, _: _compare(name, wanted, now, 1)


def _at_most(name: str) -> "Fact":
    return lambda wanted, now, _: _compare(name, wanted, now, -1)


def _is_on_screen(name: str) -> "Fact":
    """Whether the fact of the screen is the one that is wanted."""
    return lambda wanted, now, _: bool(getattr(now.screen, name) == wanted)


def _outputs_are_within(wanted: Any, now: Facts, began: Facts) -> bool:
    """Whether the outputs for each training row are in its interval, or each output in its own."""
    outputs = compute_outputs(now.snapshot.layers, now.run.trainer.training_part.with_ones[:, :-1])[1]
    intervals: list[Any] = [[each] if isinstance(each[0], float | int) else each for each in wanted]
    if len(intervals) != len(outputs):
        return False
    return all(
        low <= output <= high
        for row, of_row in zip(outputs, intervals, strict=True)
        for output, (low, high) in zip(row, of_row, strict=False)
    )


def _fields_are(wanted: dict[str, Any], now: Facts, _: Facts) -> bool:
    tables = now.run.experiment.model_dump()
    return all(_find_field(tables, dotted) == _as_compared(value) for dotted, value in wanted.items())


def _find_field(tables: dict[str, Any], dotted: str) -> Any:
    table, _, name = dotted.partition(".")
    return _as_compared(tables[table][name])


def _as_compared(value: Any) -> Any:
    return tuple(map(_as_compared, value)) if isinstance(value, list | tuple) else value


def _is_right(now: Facts) -> bool | None:
    example = now.snapshot.example
    return None if example.target_class is None else example.predicted_class == example.target_class


Fact = Callable[[Any, Facts, Facts], bool]

FACTS: dict[str, Fact] = {
    "screen": lambda wanted, now, _: now.screen.screen == wanted,
    "phase": lambda wanted, now, _: now.phase == wanted,
    "step": lambda wanted, now, _: now.snapshot.step == wanted,
    "step_at_least": lambda wanted, now, _: now.snapshot.step >= wanted,
    "steps_made": lambda wanted, now, began: now.snapshot.step - began.snapshot.step >= wanted,
    "epoch_at_least": lambda wanted, now, _: now.snapshot.epoch >= wanted,
    "learning_rate": lambda wanted, now, _: _is_same(now.snapshot.learning_rate, wanted),
    "learning_rate_at_least": _at_least("learning_rate"),
    "learning_rate_at_most": _at_most("learning_rate"),
    "train_loss_at_least": _at_least("train_loss"),
    "train_loss_at_most": _at_most("train_loss"),
    "train_accuracy_at_least": _at_least("train_accuracy"),
    "test_accuracy_at_least": _at_least("test_accuracy"),
    "outputs": _outputs_are_within,
    "weight_set": lambda _, now, began: _has_other_parameters(now, began) and now.view.edits > 0,
    "run_restarted": lambda _, now, began: now.snapshot.step < began.snapshot.step or now.run is not began.run,
    "field": _fields_are,
    "example_changed": lambda _, now, began: now.snapshot.example.index != began.snapshot.example.index,
    "example_right": lambda wanted, now, _: _is_right(now) is wanted,
    "micro_step": _is_on_screen("micro_step"),
    "walk_phase": _is_on_screen("walk_phase"),
    "update": lambda wanted, now, _: now.screen.update is not None and now.screen.update.step == wanted,
    **{
        name: _is_on_screen(name)
        for name in ("panel", "enlarged", "maps", "batch_table", "gradient_checked", "bug", "valley", "landing")
    },
    **{name: _is_on_screen(name) for name in ("race_ended", "race_contest", "activation")},
}
"""How each fact is looked up: whether what is wanted holds now, given how it began."""


def _has_other_parameters(now: Facts, began: Facts) -> bool:
    return any(
        not (np.array_equal(new.weights, old.weights) and np.array_equal(new.biases, old.biases))
        for new, old in zip(now.snapshot.layers, began.snapshot.layers, strict=False)
    )
