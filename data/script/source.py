"""How the file that a script is made from is written, as far as a plain reader would read it otherwise."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.settings import DataSettings
from gradstep.data.table.columns import InputColumn
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.text import find_encoding, read_table_content

NUMBER_CALLS = {
    "\u2212": '.replace("\\u2212", "-")',
    "(": '.replace("(", "-").replace(")", "")',
    "\u2019": '.replace("\\u2019", "")',
    "\xa0": '.replace("\\xa0", "")',
    "\u2009": '.replace("\\u2009", "")',
    "\u202f": '.replace("\\u202f", "")',
}
"""The call that brings a number with this character into the form that Python reads."""

DATE_CALLS = {"T": '.replace("T", " ")', "Z": '.removesuffix("Z")'}
"""The call that a date and time with this letter needs."""


@dataclass(frozen=True, slots=True)
class Source:
    """The encoding of a file, and by the name of a column the calls that its cells need."""

    encoding: str = "utf-8-sig"
    calls: Mapping[str, str] = field(default_factory=dict)


def read_source(data: DataSettings, encoder: TableEncoder) -> Source:
    """Look at the file of a table; one that is not there any more counts as plain UTF-8."""
    if data.path is None:
        return Source()
    path, is_named = Path(data.path), any(not column.name.startswith("column ") for column in encoder.columns)
    try:
        encoding = find_encoding(read_table_content(path), path)
        table = encoder.read_table(path, data.file_options.delimiter, "auto" if is_named else "no")
    except GradstepError:
        return Source()
    texts = {name: column.texts for name, column in zip(table.names, table.columns, strict=True)}
    return Source(encoding, {each.name: _find_calls(each, texts.get(each.name, ())) for each in encoder.columns})


def _find_calls(column: InputColumn, texts: Collection[str]) -> str:
    if column.kind == "number":
        return "".join(call for mark, call in NUMBER_CALLS.items() if any(mark in text for text in texts))
    if column.kind == "date" and "%H" in (column.date_format or ""):
        times = [text for text in texts if text[10:11] == "T"]
        return "".join(call for letter, call in DATE_CALLS.items() if any(letter in text[10:] for text in times))
    return ""
