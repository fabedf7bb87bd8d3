"""Writes values as TOML does, for experiment files and for messages."""

import json

LONGEST = 60
"""Characters of a value in a message."""


def to_toml_value(value: object) -> str:
    """Write a string, a truth value, a number or a nested sequence of them as TOML."""
    if isinstance(value, str):
        # JSON's quoting is TOML's except for the delete character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(to_toml_value, value))}]"
    return str(value)


def quote_value(value: object) -> str:
    """Write a value as TOML for a message, shortened to LONGEST characters."""
    text = to_toml_value(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
