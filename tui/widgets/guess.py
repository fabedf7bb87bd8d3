"""The user's guess of the next number, and whether it is right."""

from dataclasses import dataclass

from gradstep.tui.widgets.typed_number import read_number

TOLERANCE = 0.02
"""The error of a right guess, at most, as a share of the number. Two digits are enough."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess: the text typed so far, and whether it has been graded."""

    typed: str = ""
    graded: bool = False

    @property
    def value(self) -> float | None:
        """The guess as a number; None if the text is not a number."""
        return read_number(self.typed)

    def is_right(self, result: float) -> bool:
        """Whether the guess is within 2 percent of the result; a result of 0 has to be guessed exactly."""
        return self.value is not None and abs(self.value - result) <= TOLERANCE * abs(result)
