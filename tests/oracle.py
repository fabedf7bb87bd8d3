"""An independent oracle: the loss of a network recomputed from its parameters as textbooks write it.

It shares no code with core. autograd differentiates it, so that its gradient knows none of the formulas of backprop.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import autograd
import autograd.numpy as np

ACTIVATIONS = {
    # 0·z keeps autograd's graph whole: a constant would have no derivative at all, instead of 0
    "step": lambda z: np.where(z >= 0, 1.0, 0.0) + 0 * z,
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "relu": lambda z: np.where(z > 0, z, 0 * z),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softmax": lambda z: np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True),
}
HIDDEN = tuple(name for name in ACTIVATIONS if name != "softmax")
KINKED = ("step", "relu", "leaky_relu")
PAIRS = (
    ("cross_entropy", "softmax"),
    ("cross_entropy", "sigmoid"),
    ("binary_cross_entropy", "sigmoid"),
    *((loss, output) for loss in ("mse", "half_sse") for output in ACTIVATIONS),
)
"""Every loss with every output activation that it makes sense on."""


@dataclass(frozen=True)
class Oracle:
    """A network, its loss and the rows it is measured on: `x` (rows, inputs), `y` (rows, outputs)."""

    sizes: Sequence[int]
    activations: Sequence[str]
    loss_name: str
    x: np.ndarray
    y: np.ndarray
    l1: float = 0.0
    l2: float = 0.0
    class_weights: Sequence[float] | None = None

    def layers(self, parameters):
        """Each layer's W (units, inputs) and b (units,)."""
        start = 0
        for inputs, units in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            end = start + units * (inputs + 1)
            matrix = parameters[start:end].reshape(units, inputs + 1)
            yield matrix[:, :inputs], matrix[:, inputs]
            start = end

    def forward(self, parameters, pushes=None):
        """Each layer's z and a (rows, units). `pushes` are added: to every layer's z, then to every layer's a."""
        a, count = self.x, len(self.activations)
        pushes = pushes or [0.0] * (2 * count)
        layers = zip(self.layers(parameters), self.activations, pushes[:count], pushes[count:], strict=True)
        for (weights, biases), name, push_z, push_a in layers:
            z = np.dot(a, weights.T) + biases + push_z
            a = ACTIVATIONS[name](z) + push_a
            yield z, a

    def outputs(self, parameters, pushes=None):
        return list(self.forward(parameters, pushes))[-1][1]

    def losses(self, parameters, pushes=None):
        """The data term of each row (rows,), times the weight of its class."""
        weights = 1.0
        if self.class_weights is not None:
            classes = self.y[:, 0] > 0.5 if self.y.shape[1] == 1 else np.argmax(self.y, axis=1)
            weights = np.array(self.class_weights)[np.array(classes, dtype=int)]
        return weights * self.unweighted_losses(parameters, pushes)

    def unweighted_losses(self, parameters, pushes=None):
        a, y = self.outputs(parameters, pushes), self.y
        if self.loss_name == "mse":
            return np.mean((y - a) ** 2, axis=1)
        if self.loss_name == "half_sse":
            return np.sum((y - a) ** 2, axis=1) / 2
        if self.activations[-1] == "softmax":
            return -np.sum(y * np.log(a), axis=1)
        return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a), axis=1)

    def loss(self, parameters):
        """The data term, the mean of the rows."""
        return np.mean(self.losses(parameters))

    def wishes(self, parameters):
        """∂/∂z and ∂/∂a of each row's own loss for each layer: two lists of (rows, units)."""
        zeros = [np.zeros((len(self.x), units)) for units in (*self.sizes[1:], *self.sizes[1:])]
        # no row's loss depends on another row, so the sum's derivative is each row's own
        derivatives = autograd.grad(lambda pushes: np.sum(self.losses(parameters, pushes)))(zeros)
        return derivatives[: len(self.activations)], derivatives[len(self.activations) :]

    def gradient_of_each_row(self, parameters):
        """∂/∂θ of each row's own loss (rows, count)."""
        rows = [replace(self, x=self.x[i : i + 1], y=self.y[i : i + 1]) for i in range(len(self.x))]
        return np.array([autograd.grad(row.loss)(parameters) for row in rows])

    def penalty(self, parameters):
        """The l1/l2 term."""
        return sum(
            self.l1 * np.sum(np.abs(weights)) + self.l2 / 2 * np.sum(weights**2)
            for weights, _ in self.layers(parameters)
        )

    def total(self, parameters):
        return self.loss(parameters) + self.penalty(parameters)

    def gradient(self, parameters):
        """∂/∂θ of the whole loss (count,)."""
        return autograd.grad(self.total)(parameters)

    def largest_logit(self, parameters) -> float:
        """The largest |z| of the output: 1 − σ(z) as textbooks write it has no digits left where it is large."""
        z, _ = list(self.forward(parameters))[-1]
        return float(np.abs(z).max())

    def distance_to_kink(self, parameters) -> float:
        """How near any z is to the point where its activation has no derivative."""
        distances = [
            np.abs(z).min()
            for (z, _), name in zip(self.forward(parameters), self.activations, strict=True)
            if name in KINKED
        ]
        return min(distances, default=np.inf)
