"""The base class of the tables of a TOML file: the experiment file and the configuration."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, model_validator


class TomlTable(BaseModel):
    """One table of the file. None means the same as leaving the field out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _drop_none(cls, given: object) -> object:
        return {k: v for k, v in given.items() if v is not None} if isinstance(given, Mapping) else given
