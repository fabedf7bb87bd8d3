"""Why a change of a parameter changes nothing: the cause is true for every row, and only then."""

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.network.passes import predict
from gradstep.core.observation.no_effect import find_cause
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.training.evaluation import EVALUATION_ROWS

SILENT, SATURATED, UNHEARD = 0, 1, 2


def network_with_causes(activation: str) -> Network:
    """Its hidden neurons are silent where f is relu, saturated where f is tanh, and unheard by the output."""
    network = Network([2, 3, 1], [activation, "linear"])
    network.set([[[-1, 0], [1, 0], [0, 1]], [[1, 1, 0]]], [[-9, 99, 0], [0]])
    return network


@pytest.mark.parametrize(
    ("activation", "parameter", "value", "cause"),
    [
        ("relu", ParameterIndex(1, SATURATED, 1), 5.0, "input"),
        ("relu", ParameterIndex(2, 0, SILENT), 5.0, "input"),
        ("relu", ParameterIndex(1, SILENT, 0), 2.0, "silent"),
        ("relu", ParameterIndex(1, SILENT, None), -3.0, "silent"),
        ("tanh", ParameterIndex(1, SATURATED, 0), 5.0, "same a"),
        ("relu", ParameterIndex(1, UNHEARD, 0), 5.0, "later"),
    ],
)
@pytest.mark.parametrize("rows", [1, 2 * EVALUATION_ROWS + 3])
def test_each_cause_is_found_where_the_outputs_stay(
    activation: str, parameter: ParameterIndex, value: float, cause: str, rows: int
) -> None:
    network = network_with_causes(activation)
    x = np.stack([np.linspace(1, 2, rows), np.zeros(rows)], axis=1)
    old, before, parameters = parameter.value_in(network.layers), predict(network, x), network.parameters.copy()
    assert find_cause(network, x, parameter, (old, value)) == cause
    assert np.array_equal(network.parameters, parameters)
    network.set_parameter(parameter.layer_number, parameter.unit, parameter.source, value)
    assert np.array_equal(predict(network, x), before)
    assert find_cause(network, x, parameter, (old, value)) == cause


def test_one_row_of_many_is_enough_for_another_cause() -> None:
    network, rows = network_with_causes("relu"), 2 * EVALUATION_ROWS + 3
    x = np.stack([np.linspace(1, 2, rows), np.zeros(rows)], axis=1)
    x[1500] = 20, 1
    assert find_cause(network, x, ParameterIndex(1, SATURATED, 1), (0.0, 5.0)) == "later"
    assert find_cause(network, x, ParameterIndex(1, SILENT, 0), (-1.0, 0.6)) == "later"
    assert find_cause(network, x, ParameterIndex(1, SILENT, 1), (0.0, 5.0)) == "silent"
