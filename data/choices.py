"""Names to choose from: which are allowed, and which of them was probably meant."""

from collections.abc import Collection
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """Validates that a value is one of these names, which a form can offer to choose from."""

    names: Collection[str]
    """The live registry itself: a name that is registered later is allowed from then on."""

    def __call__(self, given: object) -> object:
        # compared one by one, because `in` a dictionary would need a hash, which a list does not have
        if given not in tuple(self.names):
            raise ValueError(describe_choices(self.names, given))
        return given
