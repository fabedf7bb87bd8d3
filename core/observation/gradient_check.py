"""The gradient check: backpropagation's gradient against central differences, for parameters of a recorded update."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.observation.central_difference import MOVES, TENTH, choose_step, differentiate, list_steps
from gradstep.core.observation.loss_differences import ForwardFromNeuron
from gradstep.core.training.update import Update

CheckVerdict = Literal["agrees", "wrong", "kink", "unresolved", "frozen"]

PILOT_EXAMPLES = 24
"""The examples on which all sizes of h are tried, at most. The best h is then used for all that are computed."""

WORK = 2_000_000
"""The work of a check, and of all checks of a layer: about so many numbers are computed at most, at 2 ns each."""

PRODUCTS_PER_NUMBER = 8
"""How many terms of a matrix product take as long as another number."""

WORK_PER_EXAMPLE = 6
"""The work that each example of the batch costs, even if its loss is not computed anew."""

NUMBERS_PER_UNIT = 8
"""How many numbers are computed and read for each unit of a later layer."""

MOST_CHECKS = 200
"""How many parameters of one layer are checked, at most."""

TOLERANCE = 1e-4
"""The relative error of a right gradient, apart from rounding."""

RESOLVED = 0.01
"""The largest uncertainty, as a share of the gradient, with which the two numbers say anything about each other."""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One parameter of a layer (from 1): backprop's ∂L/∂θ beside (L(θ+h) − L(θ−h)) / 2h.

    `weight` is the index of the input, or the number of inputs for the bias. `loss_above` is L(θ+h), `loss_below`
    L(θ−h). Both are computed anew for `examples` of the `affected` examples, whose loss depends on the parameter. For
    the others of these backprop's own share is taken: because they are too many, or because of `kinks`. `examples` is 0
    if all have kinks: then the numbers are theirs.

    `kinks` counts the examples in which some unit crosses the kink of its activation between θ − h and θ + h, and
    `weight_kink` says that the weight itself crosses 0 under l1. There the loss has no derivative.

    `uncertainty` is how much the two numbers may differ because of rounding and the size of h.
    """

    layer_number: int
    neuron: int
    weight: int
    backprop: float
    numerical: float
    h: float
    loss_above: float = 0.0
    loss_below: float = 0.0
    examples: int = 1
    affected: int = 1
    kinks: int = 0
    uncertainty: float = 0.0
    weight_kink: bool = False
    frozen: bool = False

    @property
    def kink(self) -> bool:
        """Whether a kink lies between θ − h and θ + h."""
        return self.kinks > 0 or self.weight_kink

    @property
    def relative_error(self) -> float:
        """|difference| / the larger of the two numbers; 0 where both are 0."""
        largest = max(abs(self.backprop), abs(self.numerical))
        return abs(self.backprop - self.numerical) / largest if largest else 0.0

    @property
    def verdict(self) -> CheckVerdict:
        """Whether backprop's number is right. "unresolved": the differences have too few digits to tell."""
        if self.frozen:
            return "frozen"
        if self.affected and not self.examples:
            return "kink"
        largest = max(abs(self.backprop), abs(self.numerical))
        if abs(self.backprop - self.numerical) > TOLERANCE * largest + self.uncertainty:
            return "kink" if self.weight_kink else "wrong"
        return "unresolved" if self.uncertainty > RESOLVED * largest > 0 else "agrees"


class GradientChecker:
    """Checks parameters of one update, in float64, from their layer on. Nothing is trained.

    The work is bounded: of a large batch, an evenly spread choice of the examples is computed anew.
    """

    def __init__(self, update: Update) -> None:
        self._update = update
        self._weights: dict[int, Floats] = {}

    def check(self, layer_number: int, neuron: int, weight: int) -> GradientCheck:
        """Check one parameter."""
        return self._check_all(layer_number, [neuron], [weight], WORK)[0]

    def find_worst(self, layer_number: int) -> tuple[GradientCheck, int]:
        """Return the check of the layer that is most wrong, and how many were made.

        Of a layer with too many parameters, an evenly spread choice is checked.
        """
        units, columns = self._update.layers[layer_number - 1].old.shape
        trials = 2 * (len(MOVES) + len(TENTH))
        least_work = trials * self._work_per_example(layer_number) + WORK_PER_EXAMPLE * self._update.batch
        count = min(MOST_CHECKS, max(1, WORK // least_work), units * columns)
        indices = np.unique(np.linspace(0, units * columns - 1, count).astype(int))
        checks = self._check_all(layer_number, *np.divmod(indices, columns), WORK // len(indices))
        return max(checks, key=_rank), len(checks)

    def _check_all(self, layer_number: int, neurons: ArrayLike, weights: ArrayLike, work: int) -> list[GradientCheck]:
        """Check several parameters, each with so much work."""
        layer, neurons, weights = self._update.layers[layer_number - 1], np.asarray(neurons), np.asarray(weights)
        # of a large batch every row is in memory of its own, so that many columns take little longer than one
        z, delta = _take_columns(layer.z, neurons), _take_columns(layer.delta, neurons)
        inputs = layer.inputs.shape[1]
        x = _take_columns(layer.inputs, np.minimum(weights, inputs - 1))
        x[weights == inputs] = 1.0
        columns = zip(neurons.tolist(), weights.tolist(), x, z, delta, strict=True)
        return [self._check(layer_number, *column, work) for column in columns]

    @np.errstate(all="ignore")
    def _check(
        self, layer_number: int, neuron: int, weight: int, x: Floats, z: Floats, delta: Floats, work: int
    ) -> GradientCheck:
        """Check one parameter, from its inputs `x` and the neuron's `z` and `delta`, all (batch,)."""
        update, layer = self._update, self._update.layers[layer_number - 1]
        is_bias = weight == layer.inputs.shape[1]
        value = float(layer.old[neuron, weight])
        l1, l2 = (0.0, 0.0) if is_bias else (update.l1, update.l2)
        steps = list_steps(x, z, abs(value) if l1 else 0.0)
        is_output = layer_number == len(update.layers)
        affected = np.flatnonzero(x) if is_output else _find_affected_examples(layer.activation, z, x * steps[0])
        work_per_example = self._work_per_example(layer_number)
        rows = _spread(affected, work // (2 * len(TENTH) * work_per_example))
        pilot = _spread(rows, min(PILOT_EXAMPLES, work // (2 * len(MOVES) * work_per_example)))
        h, rounding = choose_step(self._forward(layer_number, neuron, pilot), x[pilot], steps)
        shares = delta[affected] * x[affected]
        forward, chosen = self._forward(layer_number, neuron, rows), np.searchsorted(affected, rows)
        found = differentiate(forward, x[rows], h, rounding, shares, chosen, update.batch)
        frozen = is_bias and not update.train_biases
        penalty_slope = l1 * float(np.clip(value / h, -1, 1)) + l2 * value  # the central difference, written out
        loss = update.loss + update.penalty
        return GradientCheck(
            layer_number,
            neuron,
            weight,
            backprop=float(layer.gradient[neuron, weight]),
            numerical=0.0 if frozen else found.slope + penalty_slope,
            h=h,
            loss_above=loss + found.above + _change_penalty(value, h, l1, l2),
            loss_below=loss + found.below + _change_penalty(value, -h, l1, l2),
            examples=found.examples,
            affected=len(affected),
            kinks=found.kinks,
            weight_kink=bool(l1) and 0 < abs(value) < h,
            uncertainty=found.uncertainty + float(np.finfo(layer.old.dtype).eps) * abs(penalty_slope),
            frozen=frozen,
        )

    def _forward(self, layer_number: int, neuron: int, rows: Indices) -> ForwardFromNeuron:
        return ForwardFromNeuron(self._update, layer_number, neuron, rows, self._find_weights)

    def _find_weights(self, index: int) -> Floats:
        """Return W of a layer by its index, in float64; converted once."""
        if index not in self._weights:
            self._weights[index] = self._update.layers[index].old[:, :-1].astype(np.float64)
        return self._weights[index]

    def _work_per_example(self, layer_number: int) -> int:
        """Return the work of one forward pass of an example from the layer on."""
        shapes = [layer.old.shape for layer in self._update.layers]
        numbers = sum(units for units, _ in shapes[layer_number:]) or shapes[-1][0]
        products = sum(units * inputs for units, inputs in shapes[layer_number + 1 :])
        work: int = WORK_PER_EXAMPLE + NUMBERS_PER_UNIT * numbers + products // PRODUCTS_PER_NUMBER
        return work


def _take_columns(values: Floats, columns: Indices) -> Floats:
    """Return these columns of `values` as rows (columns, batch), in float64."""
    return values[:, columns].T.astype(np.float64, order="C")


def _find_affected_examples(activation: Activation, z: Floats, moves: Floats) -> Indices:
    """Return the examples (affected,) whose activation changes if `z` moves up and down by `moves` (batch,)."""
    above, below = np.empty_like(z), np.empty_like(z)
    activation.f(z + moves, above)
    activation.f(z - moves, below)
    return np.flatnonzero(above != below)


def _spread(rows: Indices, count: int) -> Indices:
    """Return at most so many of the rows, at least one of any, evenly spread."""
    if len(rows) <= count:
        return rows
    chosen: Indices = rows[np.linspace(0, len(rows) - 1, max(1, count)).astype(int)]
    return chosen


def _change_penalty(value: float, change: float, l1: float, l2: float) -> float:
    """Return how much the l1/l2 term grows if a weight of this value changes."""
    return l1 * (abs(value + change) - abs(value)) + l2 / 2 * change * (2 * value + change)


def _rank(check: GradientCheck) -> tuple[bool, float]:
    """Return the order of two checks: a wrong one first, then by the relative error, if that means anything."""
    return check.verdict == "wrong", check.relative_error if check.verdict == "agrees" else 0.0
