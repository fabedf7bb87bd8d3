"""Says in a message which names are allowed, and which of them was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches

from gradstep.data.toml_value import to_toml_value


def describe_choices(names: Collection[str], given: object) -> str:
    """Return "must be "a" or "b"", and the nearest name if `given` is close to one."""
    *most, last = map(to_toml_value, names)
    allowed = f"must be {', '.join(most)} or {last}" if most else f"must be {last}"
    near = get_close_matches(str(given), names, n=1)
    return f"{allowed}; did you mean {to_toml_value(near[0])}?" if near else allowed
