"""The errors of a regression: root mean square, mean absolute, and the share of the variance that is explained."""

import math
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats


@dataclass(frozen=True, slots=True)
class RegressionErrors:
    """How far the predictions of one target are off, over some rows.

    `rmse` is the root of the mean squared error and `mae` the mean absolute error, both in the units of the target.
    `r2` is 1 − Σ(y − ŷ)² / Σ(y − ȳ)² with the mean ȳ of these rows: 1 is exact, and 0 is as good as always giving ȳ. It
    is None where all targets are the same.
    """

    rmse: float
    mae: float
    r2: float | None

    def rescale(self, scale: float) -> "RegressionErrors":
        """Return the errors in units of which `scale` make one of these."""
        return RegressionErrors(self.rmse * scale, self.mae * scale, self.r2)


def measure_errors(y: Floats, predicted: Floats) -> tuple[RegressionErrors, ...]:
    """Return the errors of each target, for targets and predictions (rows, outputs)."""
    with np.errstate(all="ignore"):
        return tuple(_measure(y[:, output], predicted[:, output]) for output in range(y.shape[1]))


def _measure(y: Floats, predicted: Floats) -> RegressionErrors:
    errors = (y - predicted).astype(np.float64)
    squares, spread = float(np.square(errors).mean()), float(y.astype(np.float64).var())
    # the rounding of the mean leaves a spread to equal targets
    r2 = None if (y == y[0]).all() or not spread else 1 - squares / spread
    return RegressionErrors(math.sqrt(squares), float(np.abs(errors).mean()), r2)
