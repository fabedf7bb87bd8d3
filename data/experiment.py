"""The experiment: everything that describes a run, and its TOML file."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator

from gradstep.core.errors import GradstepError
from gradstep.core.network.losses import output_loss
from gradstep.data.atomic_write import write_atomically
from gradstep.data.formats.file_content import decode_text, read_bytes
from gradstep.data.parse_toml import parse_toml
from gradstep.data.settings import FILE_FIELDS, DataSettings, NetworkSettings, TrainingSettings, read_path
from gradstep.data.toml_table import TomlTable
from gradstep.data.toml_value import quote_value, to_toml_value
from gradstep.data.validation_message import describe_validation_error

SOURCE_FIELDS = ("name", "noise", "path", *FILE_FIELDS, "x", "y")
"""The fields of [data] that say where the rows come from."""

PATHS = (("data", "path"), ("network", "start"))
"""The fields that name a file. A relative path in an experiment file starts from its folder."""

LARGEST_FILE = 1 << 26
"""Bytes of an experiment file."""

LINE = 100
"""Characters up to which a list stands on one line of a file."""


class Experiment(TomlTable):
    """The whole description of a run: the same experiment gives the same numbers."""

    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()

    @model_validator(mode="after")
    def _check_loss(self) -> Self:
        if self.training.loss is not None and self.network.output is not None:
            try:
                output_loss(self.training.loss, self.network.output)
            except GradstepError as error:
                raise ValueError(f"training.loss = {quote_value(self.training.loss)}: {error}") from None
        return self


def make_experiment(given: Mapping[str, Any]) -> Experiment:
    """Validate tables of fields.

    Raises GradstepError with one line: the field, its value and what is allowed.
    """
    try:
        return Experiment.model_validate(given)
    except ValidationError as error:
        raise GradstepError(describe_validation_error(error, Experiment, given)) from None


def load_experiment(path: Path, overrides: Mapping[str, object]) -> Experiment:
    """Read an experiment file; `overrides` are values by dotted field, such as "data.name", that win over it.

    An override of None is ignored. A relative data.path in the file starts from the file's folder. Raises
    GradstepError, with the file and the line for what is not TOML, and otherwise with the field.
    """
    tables = parse_toml(decode_text(read_bytes(path, LARGEST_FILE), path), str(path))
    for name, field in PATHS:
        table = tables.get(name)
        if isinstance(table, dict) and field in table:
            with suppress(ValueError):  # which the validation says in its own words
                table[field] = str(path.parent / read_path(table[field]))
    return make_experiment(apply_overrides(tables, overrides))


def apply_overrides(tables: Mapping[str, Any], overrides: Mapping[str, object]) -> dict[str, Any]:
    """Return the tables with other values for some dotted fields; a None is ignored.

    Another data set replaces every field that says where the rows come from.
    """
    values = {dotted: value for dotted, value in overrides.items() if value is not None}
    result = {name: dict(table) if isinstance(table, Mapping) else table for name, table in tables.items()}
    if {"data.name", "data.path"} & values.keys() and isinstance(result.get("data"), dict):
        result["data"] = {field: value for field, value in result["data"].items() if field not in SOURCE_FIELDS}
    for dotted, value in values.items():
        table, _, field = dotted.partition(".")
        if isinstance(fields := result.setdefault(table, {}), dict):
            fields[field] = value
    return result


def to_toml(experiment: Experiment) -> str:
    """Return the text of a file that is read as an equal experiment."""
    tables = experiment.model_dump(exclude_none=True)
    return "\n".join(
        f"[{name}]\n" + "".join(f"{field} = {_format_value(value)}\n" for field, value in table.items())
        for name, table in tables.items()
    )


def to_tables(experiment: Experiment) -> dict[str, Any]:
    """Return the tables of the file that `to_toml` writes, of values that JSON can hold."""
    return parse_toml(to_toml(experiment), "the experiment")


def save_experiment(path: Path, experiment: Experiment) -> None:
    """Write an experiment file, with its paths as they start from the file's folder. Raises WriteError."""
    write_atomically(path, format_experiment_for(path, experiment).encode())


def format_experiment_for(path: Path, experiment: Experiment) -> str:
    """Return the text of the experiment file at `path`, with its paths as they start from the file's folder."""
    return to_toml(_change_paths(experiment, lambda given: _relate_path(given, path.parent)))


def with_absolute_paths(experiment: Experiment) -> Experiment:
    """Return the same experiment with absolute paths."""
    return _change_paths(experiment, lambda given: str(Path(given).absolute()))


def _change_paths(experiment: Experiment, change: Callable[[str], str]) -> Experiment:
    tables = experiment.model_dump()
    for name, field in PATHS:
        if tables[name][field] is not None:
            tables[name][field] = change(tables[name][field])
    return make_experiment(tables)


def _relate_path(path: str, folder: Path) -> str:
    """Return a path as it starts from a folder; the whole path if the two have only the root in common."""
    # links of the folders are followed, because ".." leads from where a link leads to
    above, start = os.path.realpath(os.path.dirname(path)), os.path.realpath(folder)
    whole = os.path.join(above, os.path.basename(path))
    return whole if os.path.commonpath([above, start]) == os.sep else os.path.relpath(whole, start)


def _format_value(value: object) -> str:
    """Write a value as TOML, and a long list with one item on each line.

    TOML is UTF-8, so a path that is not is written as its bytes.
    """
    if isinstance(value, str) and value.encode(errors="ignore").decode() != value:
        value = tuple(os.fsencode(value))
    text = to_toml_value(value)
    if isinstance(value, tuple) and len(text) > LINE:
        return "[\n" + "".join(f"    {to_toml_value(item)},\n" for item in value) + "]"
    return text
