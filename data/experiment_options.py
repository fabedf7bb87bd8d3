"""The experiment that a command line asks for."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gradstep.data.experiment import Experiment, experiment_from, load_experiment, with_overrides
from gradstep.data.lesson import Lesson, load_lesson
from gradstep.data.registry import BUILT_IN
from gradstep.data.validation_message import tables_of


def experiment_or_lesson(what: str) -> tuple[Experiment, Lesson | None]:
    """Read the file, or the lesson of that name; the digits for an empty name."""
    if not what:
        return experiment_from({}), None
    if os.sep in what or "." in what:
        return load_experiment(Path(what), {}), None
    lesson = load_lesson(what)
    return lesson.experiment, lesson


def experiment_from_options(file: Path | None, data: str | None, options: Mapping[str, Any]) -> Experiment:
    """Read the experiment, and set every field that has an option of its name; --seed is the name of several."""
    given = {
        name: READ_AS[name](value) if name in READ_AS else value for name, value in options.items() if value is not None
    }
    overrides = {
        f"{table}.{field}": given.get(field)
        for table, model in tables_of(Experiment).items()
        for field in model.model_fields
    }
    if data is not None:
        is_path = data not in BUILT_IN and (os.sep in data or "." in data or Path(data).exists())
        overrides["data.path" if is_path else "data.name"] = data
    return load_experiment(file, overrides) if file else experiment_from(with_overrides({}, overrides))


def _number_or_word(text: str) -> int | str:
    """Read `32` and `full`; what a field does not allow is for the experiment to say."""
    try:
        return int(text)
    except ValueError:
        return text.strip()


def _list(text: str) -> list[int | str]:
    """Read `16,16`; `none` is the empty list."""
    return [] if text in ("", "none") else [_number_or_word(item) for item in text.split(",")]


def _name_or_list(text: str) -> int | str | list[int | str]:
    """Read `relu` and `relu,tanh`."""
    return _list(text) if "," in text else text


READ_AS: dict[str, Callable[[str], object]] = {
    "hidden": _list,
    "activation": _name_or_list,
    "batch_size": _number_or_word,
}
