"""One forward and one backward pass over a batch."""

import numpy as np
from numpy.typing import ArrayLike

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network


class Pass:
    """One forward and backward pass over a fixed number of rows, with every number it makes.

    `x` (rows, inputs); for each layer `z`, `a`, `delta` = ∂L/∂z and `slope` = f′(z), each (rows, units). The arrays
    are made once and filled again by every pass. Inputs and activations stand in matrices with a last column of
    ones, which is what the bias is multiplied by.
    """

    def __init__(self, network: Network, rows: int) -> None:
        def empty() -> list[Floats]:
            return [np.empty((layer.units, rows), network.dtype).T for layer in network.layers]

        self.rows = rows
        # stored neuron by neuron: a slice without the ones is then contiguous, and softmax sums whole columns
        hidden = [np.ones((size + 1, rows), network.dtype).T for size in network.sizes[1:-1]]
        self.with_ones = [np.ones((rows, network.sizes[0] + 1), network.dtype), *hidden]
        self.x = self.with_ones[0][:, :-1]
        self.a = [matrix[:, :-1] for matrix in self.with_ones[1:]]
        self.a.append(np.empty((network.sizes[-1], rows), network.dtype).T)
        self.z, self.slope = empty(), empty()
        # Wᵀδ takes all of [W | b], because W alone would be copied first; nobody reads the column that b adds
        wide = [np.empty((layer.units + 1, rows), network.dtype).T for layer in network.layers]
        self.delta = [matrix[:, :-1] for matrix in wide]
        layers = network.layers
        self._output = layers[-1].activation
        self._logits = (layers[-1].matrix, self.with_ones[-1].T, self.z[-1].T)
        self._hidden = [
            (layer.matrix, self.with_ones[i].T, self.z[i].T, layer.activation.f, self.z[i], self.a[i])
            for i, layer in enumerate(layers[:-1])
        ]
        self._gradients = [
            (delta.T, inputs, layer.gradient)
            for delta, inputs, layer in zip(self.delta, self.with_ones, layers, strict=True)
        ]
        # from the output back: the delta above and its W, and the layer below that they reach
        self._deltas = [
            (layers[i + 1].matrix.T, self.delta[i + 1].T, wide[i].T, self.delta[i],
             layers[i].activation.derivative, self.z[i], self.a[i], self.slope[i])
            for i in reversed(range(len(layers) - 1))
        ]  # fmt: skip

    def forward_to_logits(self) -> None:
        """Fill z and a of the hidden layers and z of the output, from `x`."""
        for matrix, inputs, out, f, z, a in self._hidden:
            np.dot(matrix, inputs, out=out)
            f(z, a)
        matrix, inputs, out = self._logits
        np.dot(matrix, inputs, out=out)

    def forward(self) -> None:
        """Fill every z and a, from `x`."""
        self.forward_to_logits()
        self._output.f(self.z[-1], self.a[-1])

    def backward(self) -> None:
        """Fill every delta and the network's gradient, from the output's delta. No parameter changes here."""
        for weights, above, out, delta, derivative, z, a, slope in self._deltas:
            np.dot(weights, above, out=out)
            derivative(z, a, slope)
            np.multiply(delta, slope, out=delta)
        for delta, inputs, gradient in self._gradients:
            np.dot(delta, inputs, out=gradient)


def predict(network: Network, x: ArrayLike) -> Floats:
    """Outputs (rows, outputs) for inputs (rows, inputs); raises GradstepError for inputs of another shape."""
    rows = np.asarray(x, dtype=network.dtype)
    if rows.ndim != 2 or rows.shape[1] != network.sizes[0]:
        raise GradstepError(f"inputs have the shape {rows.shape}, but the network takes rows of {network.sizes[0]}")
    work = Pass(network, len(rows))
    work.x[:] = rows
    work.forward()
    return work.a[-1]
