"""Makes the experiment that a command line asks for."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gradstep.data.experiment import Experiment, apply_overrides, make_experiment
from gradstep.data.given_source import load_given
from gradstep.data.lesson import Lesson, lesson_names, load_lesson
from gradstep.data.name_list import read_names
from gradstep.data.registry import BUILT_IN
from gradstep.data.validation_message import find_tables


def load_experiment_or_lesson(what: str) -> tuple[Experiment, Lesson | None]:
    """Read the lesson of this name, or an experiment or data as `load_given` does.

    An empty name is the default experiment.
    """
    if not what:
        return make_experiment({}), None
    is_lesson = what in lesson_names()
    if os.sep in what or "." in what or (not is_lesson and (what in BUILT_IN or os.path.exists(what))):
        return load_given(what, {}), None
    lesson = load_lesson(what)
    return lesson.experiment, lesson


def make_experiment_from_options(file: Path | None, data: str | None, options: Mapping[str, Any]) -> Experiment:
    """Read the experiment or the data of `file`, if any, and set the fields that have an option of their name.

    --seed sets every field called seed. `data` is the name of a built-in set or a path.
    """
    given = parse_options(options)
    overrides = {
        f"{table}.{field}": given.get(field)
        for table, model in find_tables(Experiment).items()
        for field in model.model_fields
    }
    if data is not None:
        is_path = data not in BUILT_IN and (os.sep in data or "." in data or os.path.exists(data))
        overrides["data.path" if is_path else "data.name"] = data
    return load_given(str(file), overrides) if file else make_experiment(apply_overrides({}, overrides))


def parse_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the options that are given, read as the fields of their names are."""
    return {
        name: OPTION_PARSERS[name](value) if name in OPTION_PARSERS else value
        for name, value in options.items()
        if value is not None
    }


def _parse_number_or_word(text: str) -> int | str:
    """Read `32` and `full`; whether the field allows them is checked with the experiment."""
    try:
        return int(text)
    except ValueError:
        return text.strip()


def _parse_list(text: str) -> list[int | str]:
    """Read `16,16`; `none` is the empty list, and so is `[]`, as a file has it."""
    return [] if text in ("", "none", "[]") else [_parse_number_or_word(item) for item in text.split(",")]


def _parse_name_or_list(text: str) -> int | str | list[int | str]:
    """Read `relu` and `relu,tanh`."""
    return _parse_list(text) if "," in text else text


def _parse_word_or_numbers(text: str) -> str | list[float | str]:
    """Read `balanced` and `1,5`; whether the field allows them is checked with the experiment."""
    return [_parse_number(item) for item in text.split(",")] if any(map(str.isdigit, text)) else text.strip()


def _parse_number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text.strip()


OPTION_PARSERS: dict[str, Callable[[str], object]] = {
    "drop": read_names,
    "columns": read_names,
    "categories": read_names,
    "features": lambda text: [name.strip() for name in text.split(",")],
    "hidden": _parse_list,
    "activation": _parse_name_or_list,
    "batch_size": _parse_number_or_word,
    "class_weights": _parse_word_or_numbers,
}
"""Options whose text stands for more than one type; typer reads the others."""
