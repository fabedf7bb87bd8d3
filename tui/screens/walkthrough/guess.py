"""The user's guess of the next number: one retry, and then the answer."""

from dataclasses import dataclass, replace

from gradstep.core.ledger.mistakes import Given
from gradstep.tui.widgets.typed_number import read_half_unit, read_number

NO_NUMBER = "That is not a number."


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess: the text typed so far, and whether it has been graded, which shows the answer, and was right.

    `first` is the text of a first answer that was wrong, with the `hint` to it; empty before. `note` says why the last
    key did nothing.
    """

    typed: str = ""
    graded: bool = False
    right: bool = False
    first: str = ""
    hint: str = ""
    note: str = ""

    @property
    def given(self) -> Given | None:
        """The guess as a number with its precision; None if the text is not a number."""
        value = read_number(self.typed)
        return None if value is None else Given(value, read_half_unit(self.typed))

    def answer(self, right: bool, hint: str) -> "Guess":
        """Return the guess after enter: graded if it is right, empty or the second one, else ready for a retry.

        The `hint` is to this guess; it is empty if there is none.
        """
        given = self.given
        if not self.typed or right or (self.first and given is not None):
            return replace(self, graded=True, right=right, hint="" if right else hint, note="")
        if given is None:
            return replace(self, note=NO_NUMBER)
        return Guess(first=self.typed, hint=hint)
