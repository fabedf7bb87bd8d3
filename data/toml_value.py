"""Writes values as TOML does, for experiment files and for messages."""

import json
import re
from collections.abc import Mapping

from gradstep.core.errors import make_printable

LONGEST = 60
"""Characters of a value in a message."""

MOST_BITS = 4096
"""Python writes larger numbers in hexadecimal only."""


def to_toml_value(value: object) -> str:
    """Write a string, a truth value, a number, or nested sequences and tables of them, as TOML."""
    if isinstance(value, str):
        # JSON's quoting is TOML's except for the delete character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(to_toml_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name} = {to_toml_value(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return hex(value)
    return str(value)


def quote_value(value: object) -> str:
    """Write a value as TOML for a message, shortened to LONGEST characters that can be printed.

    No number of a list is cut, and a text keeps its last quotation mark.
    """
    text = make_printable(to_toml_value(value))
    if len(text) <= LONGEST:
        return text
    if isinstance(value, str):
        return f"{text[: LONGEST - 2]}…{text[-1]}"
    kept = text[: LONGEST - 1]
    if isinstance(value, list | tuple) and text[LONGEST - 1] not in ",]":
        kept = re.sub(r"[\w.+-]+$", "", kept)
    return kept + "…"
