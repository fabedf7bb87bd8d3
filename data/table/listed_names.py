"""Lists names of columns or classes in a sentence."""

from collections.abc import Sequence

from gradstep.data.toml_value import quote_value

MOST_NAMES = 5
"""Columns or classes that are named."""


def list_names(one: str, several: str, names: Sequence[str]) -> str:
    """Return `column "a"`, or `columns "a", "b" and "c"`, with the number of those that are too many to be named."""
    if len(names) == 1:
        return f"{one} {quote_value(names[0])}"
    shown = [quote_value(name) for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        return f"{several} {', '.join(shown)} and {len(names) - MOST_NAMES} more"
    return f"{several} {', '.join(shown[:-1])} and {shown[-1]}"
