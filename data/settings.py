"""The three tables of an experiment, with each field's type, default and allowed values."""

import os
from collections.abc import Collection
from dataclasses import fields
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StrictBool,
    StrictStr,
    model_validator,
)

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.choices import NamesWhere, OneOf
from gradstep.data.features import FEATURES
from gradstep.data.file_options import (
    DATE_CHOICES,
    DECIMAL_CHOICES,
    HEADER_CHOICES,
    MISSING_CHOICES,
    FileOptions,
)
from gradstep.data.formats.targets import TASKS
from gradstep.data.registry import BUILT_IN, GENERATED, MOST_NOISE, ONLY_WITH_NOISE
from gradstep.data.table.delimiter import DELIMITER_WORDS, NO_DELIMITERS
from gradstep.data.toml_table import TomlTable
from gradstep.data.toml_value import quote_value


def _choice(names: Collection[str]) -> BeforeValidator:
    return BeforeValidator(OneOf(names))


def _refuse_many_digits(given: object) -> object:
    if isinstance(given, int) and abs(given) > LARGEST_WHOLE:
        raise ValueError(f"must have at most {len(str(LARGEST_WHOLE))} digits")
    return given


def _read_column_name(given: object) -> object:
    """Return the name of a column, which can be given by its number as well, as text."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) and 0 < given < LARGEST_WHOLE else given


def _read_delimiter(given: str) -> str:
    if given != "auto" and given not in DELIMITER_WORDS and (len(given) != 1 or given in NO_DELIMITERS):
        raise ValueError(f"must be auto, one character, or one of {', '.join(DELIMITER_WORDS)}")
    return given


def read_path(given: object) -> str:
    """Return a path as text. A file holds one that is not UTF-8 as the list of its bytes."""
    if isinstance(given, str) and given:
        return given
    if isinstance(given, list | tuple) and given and all(byte in range(1, 256) for byte in given):
        return os.fsdecode(bytes(given))
    raise ValueError("must be the path of a file")


LARGEST_WHOLE = 10**300 - 1
"""The largest whole number. It has fewer digits than Python reads and writes, and is in the range of a float."""

Whole = Annotated[int, BeforeValidator(_refuse_many_digits), Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Weight = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Row = Annotated[tuple[Number, ...], Field(min_length=1)]
Count = Annotated[Whole, Field(ge=1)]
Units = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
ColumnName = Annotated[StrictStr, BeforeValidator(_read_column_name)]
ColumnNames = Annotated[tuple[ColumnName, ...], Field(min_length=1)]
ScaleChoice = Literal["auto", "none", "standard", "minmax"]
FeatureName = Annotated[str, _choice(FEATURES)]
ActivationName = Annotated[str, _choice(ACTIVATIONS)]
HiddenActivationName = Annotated[
    str,
    BeforeValidator(OneOf(NamesWhere(ACTIVATIONS, lambda name: ACTIVATIONS[name].is_elementwise), ACTIVATIONS)),
]


COLUMNS_OF_A_FILE = "a list of columns of the file, by name or number from 1"
FILE_FIELDS = tuple(field.name for field in fields(FileOptions) if field.name != "first")
"""The fields of [data] that say how a file is read."""


class DataSettings(TomlTable):
    """Where the rows come from, and how they are split and scaled.

    They come from a built-in set, from a file, or from the experiment itself.
    """

    path: Annotated[str, PlainValidator(read_path)] | None = Field(default=None, description="the path of a file")
    target: StrictStr | Count | None = Field(
        default=None, description="the name of a column of the file, or its number from 1"
    )
    x: Annotated[tuple[Row, ...], Field(min_length=1)] | None = Field(
        default=None, description="rows of finite numbers, at least one: [[...], ...]"
    )
    y: tuple[Row, ...] | tuple[StrictStr, ...] | tuple[Whole, ...] | None = Field(
        default=None, description="rows of finite numbers, or one class a row, all whole numbers or all words"
    )
    name: Annotated[str, _choice(BUILT_IN)] | None = Field(
        default_factory=lambda given: "digits" if given.get("path") is None and given.get("x") is None else None
    )
    noise: Number = Field(default=0.0, ge=0, le=MOST_NOISE, description=f"a number from 0 to {MOST_NOISE}")
    task: Annotated[str, _choice(TASKS)] = "auto"
    drop: ColumnNames | None = Field(default=None, description=COLUMNS_OF_A_FILE)
    columns: ColumnNames | None = Field(default=None, description=COLUMNS_OF_A_FILE)
    categories: ColumnNames | None = Field(default=None, description=COLUMNS_OF_A_FILE)
    missing: Annotated[str, _choice(MISSING_CHOICES)] = "refuse"
    dates: Annotated[str, _choice(DATE_CHOICES)] = "refuse"
    header: Annotated[str, _choice(HEADER_CHOICES)] = "auto"
    delimiter: Annotated[str, AfterValidator(_read_delimiter)] = Field(
        default="auto", description=f"auto, one character, or {', '.join(DELIMITER_WORDS)}"
    )
    decimal: Annotated[str, _choice(DECIMAL_CHOICES)] = "auto"
    transposed: StrictBool = Field(default=False, description="true or false")
    test_fraction: Number = Field(
        default_factory=lambda given: 0.2 if given.get("x") is None else 0.0,
        ge=0,
        lt=1,
        description="a number from 0 to below 1",
    )
    validation_fraction: Number | None = Field(default=None, ge=0, lt=1, description="a number from 0 to below 1")
    stratify: StrictBool | None = Field(default=None, description="true or false")
    features: Annotated[tuple[FeatureName, ...], Field(min_length=1)] | None = Field(
        default=None, description=f"a list of {', '.join(FEATURES)}; only for data with two inputs"
    )
    scale: Annotated[ScaleChoice, _choice(get_args(ScaleChoice))] = "auto"
    seed: Whole = Field(default=0, ge=0, description="a whole number from 0")

    @property
    def file_options(self) -> FileOptions:
        """How the file is to be read, if it is a table of text."""
        given = {field: getattr(self, field) for field in FILE_FIELDS}
        lists = {field: tuple(given[field] or ()) for field in ("drop", "columns", "categories")}
        delimiter = None if self.delimiter == "auto" else DELIMITER_WORDS.get(self.delimiter, self.delimiter)
        return FileOptions(**given | lists | {"delimiter": delimiter})

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        given = [field for field in ("name", "path", "x") if getattr(self, field) is not None]
        if len(given) > 1:
            raise ValueError(f"data.{given[0]} and data.{given[1]}: only one of them can say what the data are")
        if self.target is not None and self.path is None:
            raise ValueError(
                f"data.target = {quote_value(self.target)}: only a file has columns, and the data are not from one"
            )
        for field in FILE_FIELDS:
            value = getattr(self, field)
            # a point was the default once, and files say so
            if self.path is None and value not in (type(self).model_fields[field].default, "."):
                raise ValueError(f"data.{field} = {quote_value(value)}: is about a file, and the data are not from one")
        if self.noise and self.name not in GENERATED:
            raise ValueError(f"data.noise = {self.noise}: {ONLY_WITH_NOISE}")
        if self.features is not None and len(set(self.features)) < len(self.features):
            raise ValueError(f"data.features = {quote_value(self.features)}: must name each feature once")
        return self

    @model_validator(mode="after")
    def _check_rows(self) -> Self:
        if self.y is not None and self.x is None:
            raise ValueError("data.y: the rows data.x that it belongs to are missing")
        if self.x is None:
            return self
        if self.y is None:
            raise ValueError("data.x: the targets data.y are missing")
        if len(self.x) != len(self.y):
            raise ValueError(f"data.y has {len(self.y)} rows, but data.x has {len(self.x)}: must be as many")
        for field, rows in (("x", self.x), ("y", self.y)):
            widths = [len(row) for row in rows if isinstance(row, tuple)]
            for index, width in enumerate(widths):
                if width != widths[0]:
                    raise ValueError(f"data.{field}[{index}] is {width} long, but data.{field}[0] is {widths[0]}")
        return self


class NetworkSettings(TomlTable):
    """The layers and their starting weights. `hidden`, `activation`, `output` and `init` follow the data where None."""

    hidden: tuple[Units, ...] | None = Field(
        default=None, description="a list of whole numbers from 1 to 1000000, or [] for no hidden layer"
    )
    activation: HiddenActivationName | tuple[HiddenActivationName, ...] | None = Field(
        default=None, description="the name of an activation, or a list with one for each hidden layer"
    )
    output: ActivationName | None = None
    init: Annotated[str, _choice(INITIALIZERS)] | None = None
    seed: Whole = Field(default=0, ge=0, description="a whole number from 0")
    weights: tuple[tuple[tuple[Number, ...], ...], ...] | None = Field(
        default=None, description="a matrix of finite numbers for each layer, with a row for each of its neurons"
    )
    biases: tuple[tuple[Number, ...], ...] | None = Field(
        default=None, description="a list of finite numbers for each layer"
    )
    start: Annotated[str, PlainValidator(read_path)] | None = Field(default=None, description="the path of a file")
    train_biases: StrictBool = Field(default=True, description="true or false")
    dtype: Literal["float64", "float32"] = Field(default="float64", description='"float64" or "float32"')

    @property
    def hidden_activations(self) -> tuple[str, ...]:
        """One name for each hidden layer; none where the layers or their activation are left open."""
        if isinstance(self.activation, str):
            return (self.activation,) * len(self.hidden or ())
        return self.activation or ()

    @model_validator(mode="after")
    def _check_layers(self) -> Self:
        names = (self.activation,) if isinstance(self.activation, str) else self.activation or ()
        if isinstance(self.activation, tuple) and self.hidden is not None and len(names) != len(self.hidden):
            raise ValueError(
                f"network.activation = {quote_value(names)}: must be one name, or one for each of the "
                f"{len(self.hidden)} hidden layers"
            )
        for name in names:
            if not ACTIVATIONS[name].is_elementwise:
                raise ValueError(f"network.activation = {quote_value(self.activation)}: {name} is for the output only")
        if self.biases is not None and self.weights is None:
            raise ValueError("network.biases: must come with network.weights")
        if self.weights is not None and self.start is not None:
            raise ValueError("network.weights and network.start: only one of them can give the first weights")
        return self


class TrainingSettings(TomlTable):
    """What is minimized, how, and for how long.

    `loss`, `optimizer`, `learning_rate` and `batch_size` follow the data where None, and so does `max_epochs` without
    `max_steps`.
    """

    loss: Annotated[str, _choice(LOSSES)] | None = None
    optimizer: Annotated[str, _choice(OPTIMIZERS)] | None = None
    learning_rate: Number | None = Field(default=None, gt=0, description="a finite number above 0")
    batch_size: Count | Literal["full"] | None = Field(default=None, description='"full" or a whole number from 1')
    l1: Number = Field(default=0.0, ge=0, description="a finite number from 0")
    l2: Number = Field(default=0.0, ge=0, description="a finite number from 0")
    class_weights: Literal["balanced"] | Annotated[tuple[Weight, ...], Field(min_length=1)] | None = Field(
        default=None, description='"balanced", or a list of numbers above 0, one for each class'
    )
    shuffle: StrictBool = Field(default=True, description="true or false")
    target_loss: Number | None = Field(default=None, ge=0, description="a finite number from 0")
    target_accuracy: Number | None = Field(default=None, ge=0, le=1, description="a number from 0 to 1")
    patience: Count | None = Field(default=None, description="a whole number from 1")
    max_steps: Count | None = Field(default=None, description="a whole number from 1")
    max_epochs: Count | None = Field(default=None, description="a whole number from 1")
