"""The user's guess of the next number: one retry, and then the answer."""

from dataclasses import dataclass, replace

from gradstep.core.ledger.mistakes import is_close
from gradstep.tui.widgets.typed_number import read_number

NO_NUMBER = "That is not a number."


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess: the text typed so far, and whether it has been graded, which shows the answer.

    `first` is the text of a first answer that was wrong, with the `hint` to it; empty before. `note` says why the last
    key did nothing.
    """

    typed: str = ""
    graded: bool = False
    first: str = ""
    hint: str = ""
    note: str = ""

    @property
    def value(self) -> float | None:
        """The guess as a number; None if the text is not a number."""
        return read_number(self.typed)

    def is_right(self, result: float) -> bool:
        """Whether the guess is within 2 percent of the result; a result of 0 has to be guessed exactly."""
        return self.value is not None and is_close(self.value, result)

    def answer(self, result: float, hint: str) -> "Guess":
        """Return the guess after enter: graded if it is right, empty or the second one, else ready for a retry.

        The `hint` is to this guess; it is empty if there is none.
        """
        if not self.typed or self.is_right(result) or (self.first and self.value is not None):
            return replace(self, graded=True, hint="" if self.is_right(result) else hint, note="")
        if self.value is None:
            return replace(self, note=NO_NUMBER)
        return Guess(first=self.typed, hint=hint)
