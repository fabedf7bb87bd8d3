"""The form of an experiment as data: its fields, their values as text, and the experiment with another value.

The fields are read from the models of `gradstep.data.settings`: a new field there is a new line of the form.
"""

from dataclasses import dataclass
from types import NoneType
from typing import Any

from pydantic.fields import FieldInfo

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.data_defaults import FOLLOWING
from gradstep.data.experiment import SOURCE_FIELDS, Experiment, apply_overrides, make_experiment
from gradstep.data.experiment_options import OPTION_PARSERS
from gradstep.data.field_types import find_simple_types
from gradstep.data.name_list import write_names
from gradstep.data.toml_value import to_toml_value
from gradstep.data.validation_message import find_tables
from gradstep.tui.numbers import MINUS, NOT_COMPUTED, typeset_minus
from gradstep.tui.screen_keys import name_key

NEW_START = ("loss", "class_weights", "shuffle")
"""The fields of [training] that need a new start, as all other tables do. The others can change live."""

ONLY_IN_A_FILE = ("x", "y", "weights", "biases", "start")
"""Fields that the form shows only if they are given: those too large for a line, and the file of first weights."""

LISTS_OF_COLUMNS = ("drop", "columns", "categories")
"""Fields that name columns of a file."""

ONLY_WITH_A_FILE = (*LISTS_OF_COLUMNS, "missing", "dates", "header", "delimiter", "transposed")
"""Fields that the form shows only for data from a file."""

OF_FILES = ("data.path", "data.target")
"""The fields whose values are read from files: see `file_values`."""

SHORT_LABELS = {"validation_fraction": "validation part"}
"""The names that are too long for the form."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One line of the form: field `name` of a table, the names to choose from, and its simple types.

    `bounded` says that its numbers have both a least and a largest value. `allowed` describes the allowed values.
    """

    table: str
    name: str
    choices: tuple[str, ...]
    types: tuple[type, ...]
    optional: bool
    bounded: bool
    allowed: str

    @property
    def dotted(self) -> str:
        """The name with its table, as in `training.loss`."""
        return f"{self.table}.{self.name}"

    @property
    def follows_data(self) -> bool:
        """Whether the field, left open, follows the data. Other fields that are left open set no limit."""
        return self.dotted in FOLLOWING

    @property
    def label(self) -> str:
        """The name as the form shows it."""
        return SHORT_LABELS.get(self.name, self.name.replace("_", " "))

    @property
    def has_next(self) -> bool:
        """Whether keys and the mouse can go through its values: a name or a number, or what files there are."""
        return (
            self.dotted in OF_FILES
            or self.dotted == "network.hidden"
            or not (str in self.types or self.name in (*ONLY_IN_A_FILE, "features"))
        )

    def value(self, experiment: Experiment) -> Any:
        """Return the field's value; None if it is left open."""
        return getattr(getattr(experiment, self.table), self.name)


def _make_form_field(table: str, name: str, info: FieldInfo) -> FormField:
    leaves = list(find_simple_types(info.annotation, info.metadata))
    choices = tuple(each for leaf in leaves if isinstance(leaf, tuple) for each in leaf)
    types = tuple(leaf for leaf in leaves if isinstance(leaf, type))
    # annotated-types' names for the two ends of a range
    bounds = {name for mark in info.metadata for name in ("ge", "gt", "le", "lt") if hasattr(mark, name)}
    return FormField(
        table,
        name,
        choices,
        tuple(each for each in types if each is not NoneType),
        optional=NoneType in types,
        bounded=bool(bounds & {"ge", "gt"}) and bool(bounds & {"le", "lt"}),
        allowed=info.description or ", ".join(choices),
    )


FIELDS: tuple[FormField, ...] = tuple(
    _make_form_field(table, name, info)
    for table, model in find_tables(Experiment).items()
    # the name of the data set comes before the other sources
    for name, info in sorted(model.model_fields.items(), key=lambda item: item[0] != "name")
)
"""The fields of the experiment file."""


def list_fields(experiment: Experiment) -> tuple[FormField, ...]:
    """Return the lines of the form for this experiment. For data from a file, its path and target come first."""
    from_file = experiment.data.path is not None
    hidden = () if from_file else ONLY_WITH_A_FILE
    return tuple(
        field
        for field in sorted(FIELDS, key=lambda field: from_file and field.dotted not in OF_FILES)
        if field.name not in hidden and (field.name not in ONLY_IN_A_FILE or field.value(experiment) is not None)
    )


def format_editable(field: FormField, experiment: Experiment) -> str:
    """Return the value as it is typed; empty if it is left open."""
    value = field.value(experiment)
    if value is None:
        return ""
    if field.name in ONLY_IN_A_FILE:
        return f"{len(value)} given"
    if isinstance(value, tuple):
        return make_printable(write_names(map(str, value))) or "none"
    if isinstance(value, bool):
        return to_toml_value(value)
    if isinstance(value, float):
        value += 0.0  # −0 is 0
        return f"{value:g}" if float(f"{value:g}") == value else str(value)
    # a path can hold anything
    return make_printable(str(value))


DEFAULT = " (default)"
"""What follows a value by default, where there is room for it."""


def format_displayed(field: FormField, experiment: Experiment, filled: Experiment | None = None) -> str:
    """Return the value as the form shows it.

    `filled` is the experiment with its defaults filled in; None if its data are not loaded.
    """
    text = format_editable(field, experiment)
    if text:
        return typeset_minus(text) if isinstance(field.value(experiment), float) else text
    if not field.follows_data:
        return NOT_COMPUTED
    if filled is None:
        return "as the data need"
    return NOT_COMPUTED if field.value(filled) is None else format_displayed(field, filled) + DEFAULT


def parse_typed(experiment: Experiment, field: FormField, text: str) -> Experiment:
    """Return the experiment with the text typed in a field, read as on the command line. No text leaves it open.

    Raises GradstepError, whose message begins with the field.
    """
    text = text.strip()
    if text == format_editable(field, experiment):
        return experiment
    if field.name in ONLY_IN_A_FILE and text:
        raise GradstepError(f"{field.dotted}: cannot be typed here; {name_key('default')} leaves it out")
    return with_value(experiment, field, _read_typed(field, text) if text else None)


def _read_typed(field: FormField, text: str) -> object:
    if field.name in OPTION_PARSERS:
        return OPTION_PARSERS[field.name](text)
    if bool in field.types:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    for kind in (int, float):
        if kind in field.types or float in field.types:
            try:
                return kind(text.replace(MINUS, "-"))
            except ValueError:
                pass
    return text


def with_value(experiment: Experiment, field: FormField, value: object) -> Experiment:
    """Return the experiment with another value of a field, None to leave it open. Raises GradstepError."""
    tables = experiment.model_dump(exclude_none=True)
    if value is None:
        # without its path, the other settings of a file mean nothing
        gone = SOURCE_FIELDS if field.dotted == "data.path" and field.value(experiment) else (field.name,)
        tables[field.table] = {name: kept for name, kept in tables[field.table].items() if name not in gone}
    else:
        tables = apply_overrides(tables, {field.dotted: value})
    names = tables["network"].get("activation")
    if field.dotted == "network.hidden" and isinstance(names, tuple) and isinstance(value, list | tuple):
        # keep one activation a layer; a new layer gets that of the last one
        tables["network"]["activation"] = (names + names[-1:] * len(value))[: len(value)] or "relu"
    return make_experiment(tables)


def find_changed_fields(before: Experiment, after: Experiment) -> tuple[FormField, ...]:
    """Return the fields whose values differ."""
    return tuple(field for field in FIELDS if field.value(before) != field.value(after))


def can_change_live(field: FormField) -> bool:
    """Whether a run can go on with another value of this field."""
    return field.table == "training" and field.name not in NEW_START
