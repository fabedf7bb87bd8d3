"""Why a change of one parameter leaves what the network does for some rows as it is."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.core.network.passes import LayerPass, Pass
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.training.evaluation import EVALUATION_ROWS

Cause = Literal["input", "silent", "same a", "later"]
"""Why nothing changes for any of the rows.

- input: the input of the weight is 0
- silent: f gives 0 with each of the values, as relu does where z is not above 0
- same a: f gives the same with each of the values
- later: the neuron changes, and what comes after it does not pass that on
"""


@np.errstate(all="ignore")
def find_cause(network: Network, x: Floats, parameter: ParameterIndex, values: Sequence[float]) -> Cause:
    """Return why these values of the parameter make no difference for the rows `x` (rows, inputs).

    In the network the parameter has one of them, or another that makes no difference. The network does not change.
    """
    without_input = silent = same = True
    for start in range(0, len(x), EVALUATION_ROWS):
        rows = x[start : start + EVALUATION_ROWS]
        batch_pass = Pass(network, len(rows))
        batch_pass.x[:] = rows
        layers = batch_pass.layers[: parameter.layer_number]
        for layer in layers:
            layer.forward()
        activations = _find_activations(layers[-1], parameter, values)
        without_input &= not layers[-1].inputs[:, -1 if parameter.source is None else parameter.source].any()
        same &= bool((activations == activations[0]).all())
        silent &= bool((activations == 0).all())
    if without_input:
        return "input"
    if silent and layers[-1].layer.activation.can_be_silent:
        return "silent"
    return "same a" if same else "later"


def _find_activations(layer: LayerPass, parameter: ParameterIndex, values: Sequence[float]) -> Floats:
    """Return the neuron's a for each row with each of the values (values, rows), from the layer's pass."""
    source = -1 if parameter.source is None else parameter.source
    now, z = float(layer.matrix[parameter.unit, source]), layer.z.copy()
    found = np.empty((len(values), len(z)))
    for index, value in enumerate(values):
        z[:, parameter.unit] = layer.z[:, parameter.unit] + (value - now) * layer.inputs[:, source]
        a = np.empty_like(layer.z)
        layer.f(z, a)
        found[index] = a[:, parameter.unit]
    return found
