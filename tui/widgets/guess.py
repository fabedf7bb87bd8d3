"""A person's guess of the next number, and whether it is right."""

from dataclasses import dataclass

from gradstep.tui.widgets.typed_number import read_number

TOLERANCE = 0.02
"""A guess may be off by this share of the number: who rounds to two digits is right."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What was typed so far; `graded` once it was handed in."""

    typed: str = ""
    graded: bool = False

    @property
    def value(self) -> float | None:
        """The guess as a number, None while it is none."""
        return read_number(self.typed)

    def is_right(self, result: float) -> bool:
        """Whether the guess is within 2 percent of the result; a result of 0 has to be met."""
        return self.value is not None and abs(self.value - result) <= TOLERANCE * abs(result)
