"""The configuration: defaults for the options of the screen, and the user's own keys, from a TOML file.

numpy is not imported here: the configuration is read before the signal watcher is made.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, ValidationError

from gradstep.core.errors import GradstepError
from gradstep.data.choices import OneOf
from gradstep.data.formats.file_content import decode_text, read_bytes
from gradstep.data.parse_toml import find_line, parse_toml
from gradstep.data.toml_table import TomlTable
from gradstep.data.toml_value import quote_value
from gradstep.data.validation_message import describe_validation_error
from gradstep.tui.chosen_keys import WrongKeys, read_keys
from gradstep.tui.drawing.theme import THEMES

LARGEST_FILE = 1 << 20
"""Bytes of a configuration file."""

LINKS = ("auto", "slow")
COLOURS = ("auto", "truecolor", "256", "16", "none")
GLYPHS = ("auto", "braille", "block", "ascii")
BACKGROUNDS = ("auto", "dark", "light")


class ScreenSettings(TomlTable):
    """Defaults for the options of the screen; None leaves the program's own."""

    pace: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)] | Literal["max"] | None = Field(
        default=None, description='a number above 0, or "max"'
    )
    fps: Annotated[float, Field(strict=True, gt=0, le=60)] | None = Field(
        default=None, description="a number above 0, up to 60"
    )
    link: Annotated[str, BeforeValidator(OneOf(LINKS))] | None = None
    colours: Annotated[str, BeforeValidator(OneOf(COLOURS))] | None = None
    glyphs: Annotated[str, BeforeValidator(OneOf(GLYPHS))] | None = None
    background: Annotated[str, BeforeValidator(OneOf(BACKGROUNDS))] | None = None
    theme: Annotated[str, BeforeValidator(OneOf(THEMES))] | None = None
    mouse: StrictBool | None = Field(default=None, description="true or false")


class Config(TomlTable):
    """The whole file. `keys` has the keys that were chosen for an action, by its id."""

    screen: ScreenSettings = ScreenSettings()
    keys: dict[str, object] = Field(default={}, description="a table of keys")


def read_config(path: Path) -> tuple[Config, dict[str, tuple[str, str]]]:
    """Read the file, and its keys as `choose_keys` takes them. A file that is not there leaves everything as it is.

    Raises GradstepError with the file, the line where that is known, and the field.
    """
    if not os.path.exists(path):
        return Config(), {}
    text = decode_text(read_bytes(path, LARGEST_FILE), path)
    tables = parse_toml(text, str(path))
    try:
        config = Config.model_validate(tables)
    except ValidationError as error:
        location = [str(part) for part in error.errors(include_url=False)[0]["loc"][:2]]
        raise _locate(path, text, location, describe_validation_error(error, Config, tables)) from None
    try:
        return config, read_keys(config.keys)
    except WrongKeys as error:
        message = f"keys.{error.id} = {quote_value(config.keys[error.id])}: {error}"
        raise _locate(path, text, ["keys", error.id], message) from None


def _locate(path: Path, text: str, location: list[str], message: str) -> GradstepError:
    """Return the error with the file, and the line of a table or of its field if that can be found."""
    table, key = location if len(location) > 1 else (location[0], "")
    line = find_line(text, table, key) or find_line(text, "", table)
    return GradstepError(f"{path}{f', line {line}' if line else ''}: {message}")
