"""Dense networks: their layers are views of one flat parameter vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gradstep.core.errors import GradstepError
from gradstep.core.network.activation import Activation
from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.network.initializers import initializer_named


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer, a = f(Wx + b), kept as the one matrix [W | b] so that a single product computes Wx + b.

    `matrix` and `gradient` are views (..., units, inputs + 1) of the network's flat vectors. The backward pass fills
    `gradient`. An update then adds the gradient of the l1/l2 term to it, and sets that of frozen biases to 0.
    """

    matrix: Floats
    gradient: Floats
    activation: Activation

    @property
    def units(self) -> int:
        """The number of neurons."""
        units: int = self.matrix.shape[-2]
        return units

    @property
    def inputs(self) -> int:
        """The number of inputs of each neuron."""
        inputs: int = self.matrix.shape[-1] - 1
        return inputs

    @property
    def weights(self) -> Floats:
        """W (..., units, inputs), row = neuron of this layer; a view."""
        return self.matrix[..., :-1]

    @property
    def biases(self) -> Floats:
        """b (..., units); a view."""
        return self.matrix[..., -1]

    @property
    def weight_gradient(self) -> Floats:
        """The columns of `gradient` that belong to W (..., units, inputs); a view."""
        return self.gradient[..., :-1]


class DenseLayers:
    """Dense layers whose matrices are views of flat vectors: of one network, or of several of one shape.

    `parameters` and `gradient` are (..., count): for each layer in order its matrix [W | b], row by row. An axis before
    the last one, if there is one, counts networks.
    """

    def __init__(self, sizes: Sequence[int], activations: Sequence[Activation], parameters: Floats) -> None:
        """View `parameters` as the layers between so many units, with one activation for each layer."""
        self.sizes = tuple(sizes)
        self.parameters: Floats = parameters
        self.gradient: Floats = np.zeros_like(parameters)
        views = zip(self.layer_views(self.parameters), self.layer_views(self.gradient), activations, strict=True)
        self.layers = [Layer(matrix, gradient, activation) for matrix, gradient, activation in views]

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The dtype of the parameters: float64 or float32."""
        return self.parameters.dtype

    def layer_views(self, vector: Floats) -> list[Floats]:
        """View vectors laid out like `parameters` (..., count) as matrices [W | b] (..., units, inputs + 1)."""
        views, start = [], 0
        for inputs, units in pairwise(self.sizes):
            end = start + units * (inputs + 1)
            views.append(vector[..., start:end].reshape(*vector.shape[:-1], units, inputs + 1))
            start = end
        return views

    def weight_mask(self) -> Floats:
        """1 where the flat vector holds a weight, 0 where it holds a bias."""
        mask = np.ones_like(self.parameters)
        for view in self.layer_views(mask):
            view[..., -1] = 0
        return mask


class Network(DenseLayers):
    """Any number of dense layers, with or without hidden ones; `parameters` and `gradient` are (count,)."""

    def __init__(self, sizes: Sequence[int], activations: Sequence[str], dtype: DTypeLike = np.float64) -> None:
        """Make a network of zeros.

        `sizes` counts the units from the inputs to the outputs, `activations` names one function for each layer
        after the inputs. Raises GradstepError for a size below 1, an unknown name, or softmax before the output.
        """
        if len(sizes) < 2 or min(sizes) < 1:
            raise GradstepError(f"layer sizes {list(sizes)}: every layer needs at least 1 unit")
        if len(activations) != len(sizes) - 1:
            raise GradstepError(f"{len(activations)} activations for {len(sizes) - 1} layers: one for each is needed")
        functions = [activation_named(name) for name in activations]
        for activation in functions[:-1]:
            if not activation.is_elementwise:
                raise GradstepError(f"{activation.name} can only be the output's activation")
        count = sum(units * (inputs + 1) for inputs, units in pairwise(sizes))
        super().__init__(sizes, functions, np.zeros(count, dtype))

    def initialize(self, init: str, rng: np.random.Generator) -> None:
        """Draw every weight by the initializer called `init`; biases become 0."""
        draw = initializer_named(init)
        for layer in self.layers:
            layer.weights[:] = draw(rng, layer.units, layer.inputs)
            layer.biases[:] = 0

    def set(self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike] | None = None) -> None:
        """Set every layer's W (units, inputs) and, if given, b (units,).

        Raises GradstepError that names the layer and both shapes, with nothing changed.
        """
        new_weights = self._check_arrays("weights", weights, [layer.weights for layer in self.layers])
        new_biases = (
            [] if biases is None else self._check_arrays("biases", biases, [layer.biases for layer in self.layers])
        )
        for layer, values in zip(self.layers, new_weights, strict=True):
            layer.weights[:] = values
        for layer, values in zip(self.layers, new_biases, strict=False):
            layer.biases[:] = values

    def set_parameter(self, layer_number: int, unit: int, source: int | None, value: float) -> None:
        """Set the weight from `source` to `unit` (both from 0) of a layer (from 1); without a source, the unit's bias.

        Raises GradstepError, with nothing changed, when the value is not a finite number of the network's dtype.
        """
        with np.errstate(over="ignore"):
            number = self.dtype.type(value)
        if not np.isfinite(number):
            raise GradstepError(f"{value:g} is not a finite number that a weight can be")
        layer = self.layers[layer_number - 1]
        if source is None:
            layer.biases[unit] = number
        else:
            layer.weights[unit, source] = number

    def _check_arrays(self, what: str, given: Sequence[ArrayLike], targets: list[Floats]) -> list[Floats]:
        if len(given) != len(targets):
            raise GradstepError(f"{what} for {len(given)} layers, but the network has {len(targets)} after its inputs")
        arrays: list[Floats] = []
        for layer_number, (values, target) in enumerate(zip(given, targets, strict=True), start=1):
            try:
                array = np.asarray(values, dtype=self.dtype)
            except (TypeError, ValueError):
                raise GradstepError(f"{what} of layer {layer_number}: rows of unequal length, or not numbers") from None
            if array.shape != target.shape:
                shape, needed = (" × ".join(map(str, s)) for s in (array.shape, target.shape))
                rows = ", one row for each neuron of the layer" if what == "weights" else ""
                raise GradstepError(f"{what} of layer {layer_number} are {shape}, but the network needs {needed}{rows}")
            if not np.isfinite(array).all():
                raise GradstepError(f"{what} of layer {layer_number} hold a value that is not a finite number")
            arrays.append(array)
        return arrays
