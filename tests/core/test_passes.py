"""A pass computes what the plain equations of its docstring say."""

import numpy as np
import pytest

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass

ROWS = 5


@pytest.mark.parametrize("name", [name for name, activation in ACTIVATIONS.items() if activation.is_elementwise])
@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (2, 5, 4, 3)])
def test_forward_and_backward_are_the_equations_in_plain_numpy(name: str, sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    network = Network(sizes, [name] * (len(sizes) - 1))
    network.parameters[:] = rng.normal(size=network.parameters.size)
    x, delta_of_output = rng.normal(size=(ROWS, sizes[0])), rng.normal(size=(ROWS, sizes[-1]))
    work = Pass(network, ROWS)
    work.x[:] = x
    work.forward()
    work.output.delta[:] = delta_of_output
    work.backward()

    activation, before = ACTIVATIONS[name], [x]
    for layer, found in zip(network.layers, work.layers, strict=True):
        z = before[-1] @ layer.weights.T + layer.biases
        a = np.empty_like(z)
        activation.f(z, a)
        np.testing.assert_allclose(found.z, z, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(found.a, a, rtol=1e-12, atol=1e-15)
        before.append(a)
    delta = delta_of_output
    for index in reversed(range(len(network.layers))):
        layer, found = network.layers[index], work.layers[index]
        np.testing.assert_allclose(found.delta, delta, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(layer.weight_gradient, delta.T @ before[index], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(layer.gradient[:, -1], delta.sum(axis=0), rtol=1e-12, atol=1e-14)
        if index:
            slope = np.empty_like(before[index])
            activation.derivative(work.layers[index - 1].z, before[index], slope)
            delta = (delta @ layer.weights) * slope


def test_a_second_pass_fills_the_same_arrays_again() -> None:
    network = Network((2, 3, 1), ["tanh", "linear"])
    network.parameters[:] = 0.5
    work = Pass(network, 2)
    work.x[:] = 1
    work.forward()
    output, first = work.output.a, work.output.a.copy()
    work.x[:] = 2
    work.forward()
    assert work.output.a is output
    assert (work.output.a != first).all()
