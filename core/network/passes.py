"""The forward pass over a batch of rows, and the backward pass: the equations of backpropagation.

    forward             z = W x + b,  a = f(z)            z = x @ W.T + b;  a = f(z)
    Loss.delta          δ = ∂L/∂z of the output           for instance (y_hat - y) / rows
    receive_delta       δ = (W₊ᵀ δ₊) · f′(z)              delta = (delta_next @ W_next) * f_prime(z)
    find_gradient       ∂L/∂W = δ xᵀ,  ∂L/∂b = δ          dW = delta.T @ x;  db = delta.sum(axis=0)

On the left stands each equation for one example (Nielsen, Neural Networks and Deep Learning, chapter 2), on the right
the same for a batch in plain numpy, one row for each example. x are the inputs of the layer: the activations of the
layer before. W₊ and δ₊ are those of the next layer. The product with f′(z) is taken element by element.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from gradstep.core.errors import GradstepError
from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import DenseLayers, Layer, Network


class LayerPass:
    """The arrays of one layer in a pass, and the methods that fill them.

    inputs    (rows, inputs + 1)   x with a last column of ones: [W | b] times it is W x + b
    z         (rows, units)        pre-activation
    a         (rows, units)        activation f(z)
    outputs   (rows, units + 1)    a with a last column of ones: the inputs of the next layer
    slope     (rows, units)        f′(z), of hidden layers only
    back      (rows, units + 1)    W₊ᵀ δ₊, with a last column for b₊ that is not used
    delta     (rows, units)        δ = ∂L/∂z: the columns of `back` but the last, until f′(z) is multiplied in
    gradient  (units, inputs + 1)  [∂L/∂W | ∂L/∂b], the layer's own

    W and b stand in one matrix [W | b], so that one product computes W x + b. `z_T` is the transpose of `z`, and so
    on. Every transpose is a view, made once instead of for every product.

    Of a stack of networks every array has one more axis, the first, which counts them. They may share their inputs.
    """

    __slots__ = (
        "a", "back_T", "delta", "delta_T", "derivative", "f", "gradient", "inputs", "inputs_T", "layer", "matrix",
        "matrix_T", "multiply", "outputs", "slope", "z", "z_T",
    )  # fmt: skip

    def __init__(self, layer: Layer, inputs: Floats) -> None:
        """Make the arrays. `inputs` is filled by the layer before; the caller fills that of the first layer."""
        self.layer, self.f, self.derivative = layer, layer.activation.f, layer.activation.derivative
        self.matrix, self.matrix_T, self.gradient = layer.matrix, layer.matrix.mT, layer.gradient
        self.inputs, self.inputs_T = inputs, inputs.mT
        # stored as (units, rows): each transpose is contiguous, also without its last row
        *networks, units, _ = layer.matrix.shape
        shape, larger = (*networks, units, inputs.shape[-2]), (*networks, units + 1, inputs.shape[-2])
        self.z_T, slope_T = np.empty(shape, inputs.dtype), np.empty(shape, inputs.dtype)
        outputs_T, self.back_T = np.ones(larger, inputs.dtype), np.empty(larger, inputs.dtype)
        self.delta_T = self.back_T[..., :-1, :]
        self.z, self.slope, self.delta, self.outputs = self.z_T.mT, slope_T.mT, self.delta_T.mT, outputs_T.mT
        self.a = self.outputs[..., :-1]
        # of two matrices np.dot does the same in less time
        self.multiply = np.matmul if networks else np.dot

    def find_z(self) -> None:
        """z = W x + b."""
        self.multiply(self.matrix, self.inputs_T, out=self.z_T)

    def forward(self) -> None:
        """z = W x + b, and a = f(z)."""
        self.multiply(self.matrix, self.inputs_T, out=self.z_T)
        self.f(self.z, self.a)

    def receive_delta(self, next_layer: "LayerPass") -> None:
        """δ = (W₊ᵀ δ₊) · f′(z): back through the weights of the next layer, then through f."""
        # W₊ᵀ δ₊, written into delta: delta is a view of back. Of W₊ alone numpy would make a copy first
        self.multiply(next_layer.matrix_T, next_layer.delta_T, out=self.back_T)
        self.derivative(self.z, self.a, self.slope)
        np.multiply(self.delta, self.slope, out=self.delta)

    def find_gradient(self) -> None:
        """∂L/∂W = δ xᵀ and ∂L/∂b = δ, summed over the rows: one product, because the last input is 1."""
        self.multiply(self.delta_T, self.inputs, out=self.gradient)


class Pass:
    """One forward and one backward pass over a fixed number of rows, with every number it makes.

    The arrays are made once, and filled again by every pass. `inputs` (rows, inputs + 1) is x with a last column of
    ones. `layers` are the layers after the inputs, in order; `output` is the last of them.
    """

    def __init__(self, network: DenseLayers, rows: int, own_inputs: tuple[int, ...] = ()) -> None:
        """Make the arrays. `own_inputs` is the number of networks of a stack, if each of them reads its own rows."""
        self.rows = rows
        self.inputs: Floats = np.ones((*own_inputs, rows, network.sizes[0] + 1), network.dtype)
        self.layers: list[LayerPass] = []
        inputs = self.inputs
        for layer in network.layers:
            self.layers.append(LayerPass(layer, inputs))
            inputs = self.layers[-1].outputs
        self.output = self.layers[-1]
        self.hidden = self.layers[:-1]
        self._pairs_from_output = list(pairwise(self.layers))[::-1]

    @property
    def x(self) -> Floats:
        """The inputs (rows, inputs), to be filled before `forward`; a view."""
        return self.inputs[..., :-1]

    def forward_to_logits(self) -> None:
        """Fill z and a of the hidden layers and z of the output, from `x`: a loss may find the output's a itself."""
        for layer in self.hidden:
            layer.forward()
        self.output.find_z()

    def forward(self) -> None:
        """Fill every z and a, from `x`."""
        for layer in self.layers:
            layer.forward()

    def backward_to_deltas(self) -> None:
        """Fill every delta, from the delta of the output. The network's gradient stays as it is."""
        for layer, next_layer in self._pairs_from_output:
            layer.receive_delta(next_layer)

    def backward(self) -> None:
        """Fill every delta and the network's gradient, from the delta of the output. No parameter changes here."""
        self.backward_to_deltas()
        for layer in self.layers:
            layer.find_gradient()


def backpropagate(batch_pass: Pass, loss: Loss, y: Floats) -> float:
    """Fill every array of the pass and the network's gradient, from `x`; returns the mean loss of the rows.

    No delta and no gradient is computed from a loss that is not finite.
    """
    batch_pass.forward_to_logits()
    output = batch_pass.output
    value = loss.forward(output.z, output.a, y)
    if math.isfinite(value):
        loss.delta(output.z, output.a, y, output.delta)
        batch_pass.backward()
    return value


def forward(matrices: Sequence[Floats], activations: Sequence[Activation], x: Floats) -> list[tuple[Floats, Floats]]:
    """Return z and a (rows, units) of each layer for inputs (rows, inputs), without a network.

    `matrices` are the [W | b] (units, inputs + 1) of the layers, in order.
    """
    layers, a = list[tuple[Floats, Floats]](), x
    for matrix, activation in zip(matrices, activations, strict=True):
        z = a @ matrix[:, :-1].T + matrix[:, -1]
        a = np.empty_like(z)
        activation.f(z, a)
        layers.append((z, a))
    return layers


def predict(network: Network, x: ArrayLike) -> Floats:
    """Outputs (rows, outputs) for inputs (rows, inputs); raises GradstepError for inputs of another shape."""
    rows = np.asarray(x, dtype=network.dtype)
    if rows.ndim != 2 or rows.shape[1] != network.sizes[0]:
        raise GradstepError(f"inputs have the shape {rows.shape}, but the network takes rows of {network.sizes[0]}")
    batch_pass = Pass(network, len(rows))
    batch_pass.x[:] = rows
    batch_pass.forward()
    return batch_pass.output.a
