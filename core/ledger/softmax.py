"""Softmax in the forward phase, as four micro-steps: subtract the largest z, exponentials, their sum, the division.

The largest z of each example is subtracted first, as `Softmax.f` does, so that e^z cannot overflow.
"""

from dataclasses import dataclass

import numpy as np

from gradstep.core.equation import write_equation
from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import factor, fold_sum, number, subscript
from gradstep.core.training.update import LayerUpdate


def softmax_steps(layer_number: int, layer: LayerUpdate) -> list[MicroStep]:
    """The micro-steps from z to the probabilities a of a softmax layer."""
    softmax = _compute_intermediates(layer_number, layer)
    return [_subtract_largest(softmax), _exponentiate(softmax), _add_up(softmax), _divide(softmax)]


@dataclass(frozen=True, slots=True, eq=False)
class _Softmax:
    """The values between z and a: all (batch, units), but `largest` and `total`, which are (batch, 1)."""

    layer_number: int
    z: Floats
    largest: Floats
    shifted: Floats
    powers: Floats
    total: Floats
    a: Floats

    def matrix(self, name: str, values: Floats) -> Matrix:
        return Matrix(name, values, EXAMPLES, Axis("neuron", self.layer_number))

    def entry(self, focus: Focus) -> tuple[int, int]:
        """The example and the neuron in focus."""
        return focus.example, focus.neurons[self.layer_number - 1]

    @property
    def sums(self) -> Matrix:
        return Matrix("Σe^u", self.total, EXAMPLES, ONLY)


def _compute_intermediates(layer_number: int, layer: LayerUpdate) -> _Softmax:
    largest = layer.z.max(axis=1, keepdims=True)
    shifted = layer.z - largest
    powers = np.exp(shifted)
    return _Softmax(layer_number, layer.z, largest, shifted, powers, powers.sum(axis=1, keepdims=True), layer.a)


def _subtract_largest(softmax: _Softmax) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        i, j = softmax.entry(focus)
        result = float(softmax.shifted[i, j])
        equation = write_equation(
            lambda: f"u{subscript(j)} = {number(softmax.z[i, j])} − {factor(softmax.largest[i, 0])}", result
        )
        return WrittenOut(equation.lines(), result)

    return MicroStep(
        key=f"shift {softmax.layer_number}",
        phase="forward",
        layer=softmax.layer_number,
        title="softmax: subtract the largest",
        formula="uᵢ = zᵢ − max z",
        code="u = z - z.max(axis=1, keepdims=True)",
        words="The largest z becomes 0. The result of softmax stays the same, and e^u cannot overflow.",
        reads=(softmax.matrix(f"z{softmax.layer_number}", softmax.z),),
        writes=(softmax.matrix("u", softmax.shifted),),
        at=at,
    )


def _exponentiate(softmax: _Softmax) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        i, j = softmax.entry(focus)
        result = float(softmax.powers[i, j])
        equation = write_equation(lambda: f"e^u{subscript(j)} = e^{factor(softmax.shifted[i, j])}", result)
        return WrittenOut(equation.lines(), result)

    return MicroStep(
        key=f"exp {softmax.layer_number}",
        phase="forward",
        layer=softmax.layer_number,
        title="softmax: the powers of e",
        formula="e^uᵢ",
        code="powers = np.exp(u)",
        words="Every number becomes positive. Where u is larger by 1, e^u is 2.7 times as large.",
        reads=(softmax.matrix("u", softmax.shifted),),
        writes=(softmax.matrix("e^u", softmax.powers),),
        at=at,
    )


def _add_up(softmax: _Softmax) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        i, j = softmax.entry(focus)
        row, result = softmax.powers[i], float(softmax.total[i, 0])
        powers = fold_sum(row.tolist(), j)
        equation = write_equation(lambda: f"Σe^u = {powers.write(lambda index: number(row[index]))}", result)
        return WrittenOut(equation.lines(), result)

    return MicroStep(
        key=f"sum {softmax.layer_number}",
        phase="forward",
        layer=softmax.layer_number,
        title="softmax: add them up",
        formula="Σe^u = e^u₁ + e^u₂ + …",
        code="total = powers.sum(axis=1, keepdims=True)",
        words="The sum of e^u over all outputs; next, each of them is divided by it.",
        reads=(softmax.matrix("e^u", softmax.powers),),
        writes=(softmax.sums,),
        at=at,
    )


def _divide(softmax: _Softmax) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        i, j = softmax.entry(focus)
        result = float(softmax.a[i, j])
        equation = write_equation(
            lambda: f"ŷ{subscript(j)} = {number(softmax.powers[i, j])} / {number(softmax.total[i, 0])}", result
        )
        return WrittenOut(equation.lines(), result)

    return MicroStep(
        key=f"a {softmax.layer_number}",
        phase="forward",
        layer=softmax.layer_number,
        title="softmax: divide",
        formula="ŷᵢ = e^uᵢ / Σe^u",
        code="y_hat = powers / total",
        words="Each output becomes its share of the sum: probabilities that add up to 1.",
        reads=(softmax.matrix("e^u", softmax.powers), softmax.sums),
        writes=(softmax.matrix(f"a{softmax.layer_number}", softmax.a),),
        at=at,
    )
