"""Cross-entropies, computed from the logits."""

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activation import Activation
from gradstep.core.network.activations import Sigmoid, Softmax
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import LEAST_PROBABILITY, CancelledSlope, Derivative, Loss, LossOfLogits
from gradstep.core.notation import factor, fold_sum, number, subscript


class CrossEntropy(LossOfLogits):
    """H(y, ŷ) of softmax outputs. With sigmoid outputs it is paired as the binary cross-entropy of each output."""

    name = "cross_entropy"
    formula = "−Σᵢ yᵢ ln ŷᵢ"
    convention = "natural log, mean over the batch"
    numpy_code = "u = z - z.max(axis=0)\nnp.log(np.exp(u).sum(axis=0)) - (u * y).sum(axis=0)"
    pytorch_code = "F.cross_entropy(z, y)"
    pytorch_rows_code = 'F.cross_entropy(z, y, reduction="none")'

    @classmethod
    def paired_with(cls, output: Activation) -> Loss:
        if isinstance(output, Sigmoid):
            return BinaryCrossEntropy(output, cls.name)
        if not isinstance(output, Softmax):
            raise cls.refuse(output)
        return cls(output)

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """From the logits, ln Σ e^z − z·y, so that no probability that rounds to 0 meets the logarithm."""
        shifted = z - z.max(axis=-1, keepdims=True)
        rows: Floats = np.log(np.exp(shifted).sum(axis=-1)) - (shifted * y).sum(axis=-1)
        return rows

    def find_logits(self, a: Floats) -> Floats:
        logits: Floats = np.log(np.maximum(a, LEAST_PROBABILITY))
        return logits

    def forward(self, z: Floats, a: Floats, y: Floats) -> float:
        """Softmax and the mean loss, with the shift, the exponentials and their sum computed once."""
        # transposed, so that the reductions run over the first axis and need no keepdims
        logits, p = z.T, a.T
        np.subtract(logits, np.maximum.reduce(logits), out=p)
        chosen = np.vdot(p, y.T)
        np.exp(p, out=p)
        total = np.add.reduce(p)
        np.divide(p, total, out=p)
        return float(np.add.reduce(np.log(total)) - chosen) / len(z)

    def forward_each(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """The same for each of several networks."""
        logits, p = z.mT, a.mT
        np.subtract(logits, np.maximum.reduce(logits, axis=-2, keepdims=True), out=p)
        chosen = np.vecdot(_flatten(p), _flatten(y.mT))
        np.exp(p, out=p)
        total = np.add.reduce(p, axis=-2)
        np.divide(p, total[..., None, :], out=p)
        means: Floats = (np.add.reduce(np.log(total), axis=-1) - chosen) / z.shape[-2]
        return means

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        kept = np.flatnonzero(y)
        with np.errstate(divide="ignore"):
            terms = fold_sum((y[kept] * np.log(a[kept])).tolist())
        text = terms.write(lambda index: f"{_write_weight(y[kept[index]])}ln {number(a[kept[index]])}")
        zero_terms = len(y) - len(kept)
        note = f"   without {zero_terms} of {len(y)} terms, where y is 0" if zero_terms else ""
        return (f"E = −({text}){note}",)

    def write_from_logits(self, y: Floats, z: Floats) -> str:
        u, kept = z - z.max(), np.flatnonzero(y)
        terms = fold_sum((y[kept] * u[kept]).tolist())
        text = terms.write(lambda index: f"{_write_weight(y[kept[index]])}{factor(u[kept[index]])}")
        return f"E = ln Σe^u − Σᵢ yᵢ uᵢ = ln {number(np.exp(u).sum())} − ({text})"

    def derive_delta(self, y: Floats, a: Floats, output: int) -> CancelledSlope | None:
        target = int(np.argmax(y))
        if y[target] != 1 or np.count_nonzero(y) != 1 or a[target] == 0:
            return None
        t, j = subscript(target), subscript(output)
        p, q = float(a[target]), float(a[output])

        def write_slope() -> str:
            if output == target:
                return f"∂ŷ{t}/∂z{j} = ŷ{t}·(1 − ŷ{t}) = {number(p)}·{_complement(p)}"
            return f"∂ŷ{t}/∂z{j} = −ŷ{t}·ŷ{j} = −{number(p)}·{number(q)}"

        return CancelledSlope(
            Derivative(lambda: f"∂E/∂ŷ{t} = −1/ŷ{t} = −1 / {number(p)}", -1 / p),
            Derivative(write_slope, p * (1 - p) if output == target else -p * q),
            f"ŷ{t}",
        )


class BinaryCrossEntropy(LossOfLogits):
    """The cross-entropy of each output with its own target from 0 to 1, added up over the outputs."""

    name = "binary_cross_entropy"
    formula = "−Σᵢ (yᵢ ln ŷᵢ + (1 − yᵢ) ln(1 − ŷᵢ))"
    convention = "natural log, sum over the outputs, mean over the batch"
    numpy_code = "e = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))\ne.sum(axis=0)"
    pytorch_code = 'F.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(y)'
    pytorch_rows_code = 'F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(dim=1)'

    def __init__(self, output: Activation, name: str = name) -> None:
        """The loss goes by `name`: on sigmoid outputs cross_entropy is this one as well."""
        super().__init__(output)
        self.name = name

    @classmethod
    def paired_with(cls, output: Activation) -> Loss:
        if isinstance(output, Softmax):
            raise GradstepError(
                f"{cls.name} needs a sigmoid output, not {output.name}; with {output.name} use cross_entropy"
            )
        if not isinstance(output, Sigmoid):
            raise cls.refuse(output)
        return cls(output)

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """From the logits: max(z, 0) − z·y + ln(1 + e^−|z|), exact where a sigmoid has rounded to 0 or 1."""
        rows: Floats = (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=-1)
        return rows

    def find_logits(self, a: Floats) -> Floats:
        p = np.clip(a, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
        logits: Floats = np.log(p / (1 - p))
        return logits

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        with np.errstate(all="ignore"):
            terms = fold_sum((np.nan_to_num(y * np.log(a)) + np.nan_to_num((1 - y) * np.log(1 - a))).tolist())

        def write_term(index: int) -> str:
            predicted, other = f"ln {number(a[index])}", f"ln {_complement(a[index])}"
            if y[index] in (0, 1):
                return predicted if y[index] == 1 else other
            return f"{number(y[index])}·{predicted} + {_complement(y[index])}·{other}"

        return (f"E = −({terms.write(write_term)})",)

    def write_from_logits(self, y: Floats, z: Floats) -> str:
        terms = fold_sum(self.per_example(z[:, None], z[:, None], y[:, None]).tolist())

        def write_term(index: int) -> str:
            logit = number(z[index])
            return f"max(0, {logit}) − {number(y[index])}·{factor(z[index])} + ln(1 + e^−{number(abs(z[index]))})"

        return f"E = {terms.write(write_term)}"

    def derive_delta(self, y: Floats, a: Floats, output: int) -> CancelledSlope | None:
        target, predicted = float(y[output]), float(a[output])
        slope = predicted * (1 - predicted)
        if slope == 0:
            return None
        j = subscript(output)
        symbols = f"ŷ{j}·(1 − ŷ{j})"

        def write_slope() -> str:
            return f"{number(predicted)}·{_complement(predicted)}"

        return CancelledSlope(
            Derivative(
                lambda: (
                    f"∂E/∂ŷ{j} = (ŷ{j} − y{j}) / ({symbols})"
                    f" = ({number(predicted)} − {number(target)}) / ({write_slope()})"
                ),
                (predicted - target) / slope,
            ),
            Derivative(lambda: f"∂ŷ{j}/∂z{j} = f′(z{j}) = {symbols} = {write_slope()}", slope),
            symbols,
        )


def _complement(share: float) -> str:
    return f"(1 − {number(share)})"


def _write_weight(y: float) -> str:
    """A target that a term is multiplied by; 1 is not written."""
    return "" if y == 1 else f"{number(y)}·"


def _flatten(matrices: Floats) -> Floats:
    """Return the numbers of each matrix (..., rows, columns) in one row (..., rows·columns)."""
    return matrices.reshape(*matrices.shape[:-2], -1)
