"""Says in a message which names are allowed, and which of them was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches
from itertools import islice

from gradstep.data.toml_value import to_toml_value

MOST_NAMES = 30
"""Names that are listed in a message; a file can have thousands of columns."""


def describe_choices(names: Collection[str], given: object) -> str:
    """Return "must be "a" or "b"", and the nearest name if `given` is close to one."""
    *most, last = map(to_toml_value, names if len(names) <= MOST_NAMES else [*islice(names, MOST_NAMES), "…"])
    allowed = f"must be {', '.join(most)} or {last}" if most else f"must be {last}"
    near = get_close_matches(given, names, n=1) if isinstance(given, str) else []
    return f"{allowed}; did you mean {to_toml_value(near[0])}?" if near else allowed
