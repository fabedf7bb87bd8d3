"""The mistakes by which a number of an update comes out wrong, each with a hint that does not give the number away.

`core.ledger.wrong_answers` computes what each of them makes of a number, and `find_mistake` recognizes one.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

TOLERANCE = 0.02
"""The error of a right number, at most, as a share of it: two digits are enough."""

SECOND_DIGIT, EXACT, FLOAT_NOISE = 0.05, 0.001, 1e-9
"""Half a unit of a second digit, at most, as a share of a number; the error of a number that was computed with rounded
terms; and that of one that was computed with floats."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to get a number wrong, with a hint for a second try."""

    hint: str


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """The number that a mistake makes of a result."""

    mistake: Mistake
    value: float


SIGN = Mistake("The size is right, the sign is not.")
REQUEST = Mistake("That is −∂E/∂w, what the example asks for; the gradient is the opposite.")
UPHILL = Mistake("That comes out where the change is added. A weight moves against its gradient.")
NO_BIAS = Mistake("That comes out without the bias b.")
ONE_PRODUCT = Mistake("That has one product only. Those of all inputs are added up.")
NO_F = Mistake("That is z itself. The activation is f(z).")
SLOPE_FOR_F = Mistake("That is f′(z), the slope. The activation is f(z).")
NO_SHIFT = Mistake("That comes out where the largest z is not subtracted first.")
NO_POWER = Mistake("That is u itself. e is raised to the power of u.")
ONE_POWER = Mistake("That is the power of one output. Those of all outputs are added up.")
NOT_DIVIDED = Mistake("That is the power of e alone. It is divided by the sum of all powers.")
UPSIDE_DOWN = Mistake("That is the quotient upside down.")
OTHER_LOGARITHM = Mistake("That is a logarithm to another base. ln is the one to the base e.")
NO_FACTOR = Mistake("That comes out without the factor before the sum of the squares.")
ONE_SQUARE = Mistake("That is the share of one output. Those of all outputs are added up.")
SUM = Mistake("That comes out with the sum over the examples. The mean is the sum divided by N.")
ONE_EXAMPLE = Mistake("That is of this example alone. The mean is over the whole batch.")
NO_PENALTY = Mistake("That comes out without the l1/l2 term.")
NO_TARGET = Mistake("That is the output itself. The target y is subtracted from it.")
NO_SLOPE = Mistake("That comes out without the slope f′(z).")
EXTRA_SLOPE = Mistake("That has the slope as a factor, which has cancelled out of ŷ − y.")
F_FOR_SLOPE = Mistake("That has the activation as a factor in place of its slope f′(z).")
NO_INPUT = Mistake("That is δ alone. It is multiplied by the input of the weight.")
NO_DELTA = Mistake("That is the input alone. It is multiplied by δ of the neuron.")
WEIGHT_FOR_INPUT = Mistake("That is δ times the weight. The gradient is δ times the input.")
ONE_PATH = Mistake("That has one path only. What comes back on all paths is added up.")
NO_WEIGHTS = Mistake("That is the sum of the δ. Each of them is multiplied by its weight first.")
ROW_FOR_COLUMN = Mistake("That is with a row of W. The weights out of this neuron are a column of W.")
NEW_WEIGHTS = Mistake("That comes out with the new weights. δ comes back through the old ones.")
NO_RATE = Mistake("That comes out without the learning rate.")
CHANGE_ALONE = Mistake("That is the change alone. It is subtracted from the old number.")
NOT_CHANGED = Mistake("That is the number before the update.")
BEFORE = Mistake("That is the loss before the update.")
OTHER_NEURON = Mistake("To these digits that is the number of another neuron.")
OTHER_WEIGHT = Mistake("To these digits that is the number of another weight.")


BESIDE = frozenset((OTHER_NEURON, OTHER_WEIGHT, NO_PENALTY, NOT_CHANGED, BEFORE))
"""The mistakes that take another number for the wanted one, which stands beside it on the screen."""


@dataclass(frozen=True, slots=True)
class Given:
    """A number as a person gave it: it is known to half a unit of its last digit."""

    value: float
    half_unit: float = 0.0

    def is_exactly(self, number: float) -> bool:
        """Whether it is that number, rounded to the digits that were given."""
        return self.off(number) <= self.half_unit * (1 + FLOAT_NOISE) + FLOAT_NOISE * abs(number)

    def agrees_with(self, number: float, old: float = 0.0) -> bool:
        """Whether it is that number to its digits, two at least, or within a thousandth of its distance to `old`."""
        rounding = min(self.half_unit, SECOND_DIGIT * abs(number))
        return self.off(number) <= max(rounding, EXACT * abs(number - old)) * (1 + FLOAT_NOISE)

    def off(self, number: float) -> float:
        """The distance to that number."""
        return abs(self.value - number)


def is_close(value: float, result: float, old: float = 0.0) -> bool:
    """Whether a number is within 2 percent of a result, or of the change from an `old` number that it has replaced.

    A result of 0, or one that has not changed, has to be met exactly.
    """
    return abs(value - result) <= TOLERANCE * abs(result - old)


def is_right(given: Given, result: float, old: float, answers: Collection[WrongAnswer]) -> bool:
    """Whether a number is close to the result, and not another one that stands beside it.

    A number that is both to the digits given is right.
    """
    if not is_close(given.value, result, old):
        return False
    taken = any(answer.mistake in BESIDE and given.is_exactly(answer.value) for answer in answers)
    return given.is_exactly(result) or not taken


def find_mistake(given: Given, result: float, answers: Iterable[WrongAnswer], old: float = 0.0) -> Mistake | None:
    """Return the mistake whose number is the given one; of several the closest.

    None if there is none, if the result is as close, or if several are equally close. Of those the ones that merely
    take the number of another neuron or weight give way.
    """
    near = [answer for answer in answers if given.agrees_with(answer.value, old)]
    least = min((given.off(answer.value) for answer in near), default=math.inf)
    if least >= given.off(result) - FLOAT_NOISE * abs(result):
        return None
    closest = {each.mistake for each in near if given.off(each.value) <= least + FLOAT_NOISE * abs(each.value)}
    found = closest - {OTHER_NEURON, OTHER_WEIGHT} or closest
    return found.pop() if len(found) == 1 else None
