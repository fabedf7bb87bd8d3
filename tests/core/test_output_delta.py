"""δ = ŷ − y is derived from its factors, with the numbers of the example."""

import numpy as np
import pytest

from gradstep.core.ledger.micro_step import Focus
from gradstep.core.notation import exact
from tests.core.arithmetic import assert_last_digit_is_right, read_equations
from tests.core.walks import Walked, walked


def lines(walk: Walked, example: int, output: int) -> tuple[str, ...]:
    """The δ of an output, written out."""
    focus = Focus(example, (0,) * (len(walk.update.layers) - 1) + (output,), (0,) * len(walk.update.layers))
    return walk.step(f"δ {len(walk.update.layers)}").at(focus).lines


def test_of_sigmoid_with_cross_entropy() -> None:
    walk = walked((3, 2), ("sigmoid",), updates=1)
    for example in range(5):
        for output in range(2):
            y_hat, y = walk.update.layers[0].a[example, output], walk.update.y[example, output]
            error, slope, product, difference, result = lines(walk, example, output)
            assert error.endswith(f" = {exact((y_hat - y) / (y_hat * (1 - y_hat)))}")
            assert slope.endswith(f" = {exact(y_hat * (1 - y_hat))}")
            assert "cancels out" in product and product.startswith(f"δ{'₁₂'[output]} = ")
            assert f"− {y:.0f}" in difference
            assert result == f"   = {exact(y_hat - y)}"


def test_of_softmax_with_cross_entropy() -> None:
    walk = walked((3, 4), ("softmax",), updates=1)
    for example in range(5):
        y_hat, target = walk.update.layers[0].a[example], int(np.argmax(walk.update.y[example]))
        for output in range(4):
            error, slope, product, _, result = lines(walk, example, output)
            t, j = "₁₂₃₄"[target], "₁₂₃₄"[output]
            assert error.startswith(f"∂E/∂ŷ{t} = −1/ŷ{t} = ") and error.endswith(f" = {exact(-1 / y_hat[target])}")
            own = (1.0 if output == target else 0.0) - y_hat[output]
            assert slope.startswith(f"∂ŷ{t}/∂z{j} = ") and slope.endswith(f" = {exact(y_hat[target] * own)}")
            assert product.endswith(f"ŷ{t} cancels out")
            assert result == f"   = {exact(-own)}"


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_every_factor_and_their_product_can_be_computed_again(output: str) -> None:
    walk = walked((3, 3), (output,), updates=2)
    for example in range(5):
        for unit in range(3):
            equations = read_equations(lines(walk, example, unit))
            assert [len(each.values) for each in equations] == [1, 1, 2]
            for equation in equations:
                assert_last_digit_is_right(equation)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_outputs_that_have_rounded_to_0_or_1_show_no_factor_without_a_value(output: str) -> None:
    walk = walked((3, 2), (output,), updates=1)
    layer = walk.update.layers[0]
    layer.z[:] = [[0.0, -2000.0]] * 5 if output == "softmax" else -2000.0
    layer.activation.f(layer.z, layer.a)
    walk.update.y[:] = [[0.0, 1.0]] * 5
    layer.delta[:] = layer.a - walk.update.y
    walk.update.losses[:] = walk.update.loss_function.per_example(layer.z, layer.a, walk.update.y)
    first, result = lines(walk, 0, 1)
    assert first == "δ₂ = ŷ₂ − y₂ = 0 − 1" and result == "   = −1"
    (loss,) = read_equations(walk.step("loss").at(Focus(0, (1,), (0,))).lines)
    assert_last_digit_is_right(loss)
    assert loss.shown == "2000"


def test_of_soft_targets_the_difference_alone_is_shown() -> None:
    walk = walked((3, 3), ("softmax",), updates=1)
    walk.update.y[:] = [0.2, 0.3, 0.5]
    walk.update.layers[0].delta[:] = walk.update.layers[0].a - walk.update.y
    first, _ = lines(walk, 0, 2)
    assert first.startswith("δ₃ = ŷ₃ − y₃ = ") and first.endswith(" − 0.5")
