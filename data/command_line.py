"""Writes the command line that makes an experiment: the inverse of `experiment_options`."""

import os
from typing import Any

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.name_list import write_names
from gradstep.data.shell_words import join_words

NO_OPTION = ("x", "y", "weights", "biases")
"""Fields that have no option: only a file can hold them."""


def write_command_line(experiment: Experiment) -> str | None:
    """Return `gradstep train` with an option for each field that differs from its default.

    None where no options make this experiment, because it has rows or weights of its own, or two different seeds.
    """
    tables = _drop_defaults(_name_one_activation(experiment))
    words = ["gradstep", "train"]
    seeds = {experiment.data.seed, experiment.network.seed}
    if len(seeds) > 1:
        return None
    for fields in tables.values():
        for name, value in fields.items():
            if name in NO_OPTION:
                return None
            if name != "seed":
                words += _write_option(name, value)
    if seeds != {0}:
        words += ["--seed", str(*seeds)]
    return join_words(words)


def _write_option(name: str, value: Any) -> list[str]:
    option = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        return [option if value else option.replace("--", "--no-", 1)]
    if isinstance(value, tuple):
        value = write_names(map(str, value)) or "none"
    if name == "path" and os.sep not in value and "." not in value:
        value = os.path.join(os.curdir, value)
    option = {"name": "--data", "path": "--data", "start": "--from"}.get(name, option)
    # a value that begins with a dash would be taken for an option
    return [f"{option}={value}"] if str(value).startswith("-") else [option, str(value)]


def _name_one_activation(experiment: Experiment) -> Experiment:
    """Return the same experiment with one activation where its list names the same for every layer."""
    network, tables = experiment.network, experiment.model_dump(exclude_none=True)
    names = set(network.hidden_activations)
    if network.hidden is not None and len(names) < 2:
        tables["network"]["activation"] = next(iter(names), None)
    return make_experiment(tables)


def _drop_defaults(experiment: Experiment) -> dict[str, dict[str, Any]]:
    """Return the tables without the fields that have their default, which can depend on another field."""
    tables = experiment.model_dump(exclude_none=True)
    for table in tables:
        for name in list(tables[table]):
            without = {field: value for field, value in tables[table].items() if field != name}
            if _is_experiment(tables | {table: without}, experiment):
                tables[table] = without
    return tables


def _is_experiment(tables: dict[str, dict[str, Any]], experiment: Experiment) -> bool:
    try:
        return make_experiment(tables) == experiment
    except GradstepError:
        return False
