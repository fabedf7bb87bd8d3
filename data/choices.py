"""Names to choose from: which are allowed, and which of them was probably meant."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from gradstep.data.toml_value import to_toml_value

MOST_NAMES = 30
"""Names that are listed in a message; a file can have thousands of columns."""


def describe_choices(names: Collection[str], given: object, allowed: Collection[str] | None = None) -> str:
    """Return "must be "a" or "b"", and the nearest name if `given` is close to one, of those that are `allowed`."""
    *most, last = map(to_toml_value, names if len(names) <= MOST_NAMES else [*islice(names, MOST_NAMES), "…"])
    listed = f"must be {', '.join(most)} or {last}" if most else f"must be {last}"
    near = get_close_matches(given, names if allowed is None else allowed, n=1) if isinstance(given, str) else []
    return f"{listed}; did you mean {to_toml_value(near[0])}?" if near else listed


class NotOneOf(ValueError):
    """A value is not one of the names that it has to be one of."""

    def __init__(self, names: Collection[str], given: object) -> None:
        self.names, self.given = names, given
        super().__init__(describe_choices(names, given))


class NamesWhere(Collection[str]):
    """Those of a live collection of names for which a condition holds."""

    def __init__(self, names: Collection[str], condition: Callable[[str], bool]) -> None:
        self._names, self._condition = names, condition

    def __iter__(self) -> Iterator[str]:
        return filter(self._condition, self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in tuple(self)


@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """Validates that a value is one of these names, which a form can offer to choose from."""

    names: Collection[str]
    """The live registry itself: a name that is registered later is allowed from then on."""
    refused_later: Collection[str] = ()
    """Names that are let through, because a check of the whole says why they are not allowed."""

    def __call__(self, given: object) -> object:
        # compared one by one, because `in` a dictionary would need a hash, which a list does not have
        if given not in (*self.names, *self.refused_later):
            raise NotOneOf(self.names, given)
        return given
