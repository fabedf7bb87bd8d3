"""How values and choices are written for a person, in messages and in experiment files."""

import json
from collections.abc import Collection
from difflib import get_close_matches

LONGEST = 60


def to_toml_value(value: object) -> str:
    """Write a string, a truth value, a number or a nested sequence of them as TOML does."""
    if isinstance(value, str):
        # JSON's quoting is TOML's but for the delete character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(to_toml_value, value))}]"
    return str(value)


def quote_value(value: object) -> str:
    """Write a value for a message, shortened to fit into a line."""
    text = to_toml_value(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def allowed_names(names: Collection[str], given: object) -> str:
    """Say which names are allowed, and which of them `given` is probably meant to be."""
    *most, last = map(to_toml_value, names)
    allowed = f"must be {', '.join(most)} or {last}" if most else f"must be {last}"
    near = get_close_matches(str(given), names, n=1)
    return f"{allowed}; did you mean {to_toml_value(near[0])}?" if near else allowed
