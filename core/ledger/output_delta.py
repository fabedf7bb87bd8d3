"""δ = ∂E/∂z of the outputs, the first micro-step of the backward phase, derived by the chain rule.

The derivative of a cross-entropy has the slope of softmax or sigmoid in its denominator: the slope cancels out of the
product, and ŷ − y is left. It is derived with the numbers of the example.
"""

from collections.abc import Callable

from gradstep.core.equation import write_equation
from gradstep.core.ledger.micro_step import EXAMPLES, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.network.activations import Softmax
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import LossOfLogits, LossOfOutputs
from gradstep.core.network.weighted_loss import WeightedLoss
from gradstep.core.notation import exact, factor, fold_sum, number, subscript
from gradstep.core.training.update import LayerUpdate, Update


def delta_matrix(update: Update, layer_number: int) -> Matrix:
    return Matrix(f"δ{layer_number}", update.layers[layer_number - 1].delta, EXAMPLES, Axis("neuron", layer_number))


def output_delta(update: Update) -> MicroStep:
    """The micro-step that computes δ of the outputs."""
    loss, layer = update.loss_function, update.layers[-1]
    weighted = isinstance(loss, WeightedLoss)
    if isinstance(loss, LossOfLogits):
        return _make_output_delta(
            update,
            formula="δ = ∂E/∂z = c·(ŷ − y)" if weighted else "δ = ∂E/∂z = ŷ − y",
            code="delta = c[:, None] * (y_hat - y)" if weighted else "delta = y_hat - y",
            words="Where an output is too high, δ is positive and z should go down; where it is too low, δ is negative "
            f"and z should go up. The slope of {layer.activation.name} cancels out, so a saturated output learns too.",
            write=lambda i, j: _write_cancelled_slope(loss, layer, update.y, i, j),
        )
    assert isinstance(loss, LossOfOutputs)
    if isinstance(layer.activation, Softmax):
        formula = "δᵢ = ŷᵢ·(dᵢ − Σⱼ dⱼ·ŷⱼ), where d = ∂E/∂ŷ"
        words = "The chain rule: each z changes all outputs of softmax, and each of these changes the loss."
    else:
        formula = "δ = ∂E/∂z = ∂E/∂ŷ · ∂ŷ/∂z"
        words = "The chain rule: how the loss changes with the output, times how the output changes with its z."
    return _make_output_delta(
        update,
        formula=formula,
        code="delta = dloss_dyhat" if layer.lacks_slope else f"delta = {layer.activation.backward_code}",
        words=words,
        write=lambda i, j: _write_chain_rule(loss, layer, update.y, i, j),
    )


def _write_cancelled_slope(loss: LossOfLogits, layer: LayerUpdate, y: Floats, i: int, j: int) -> tuple[str, ...]:
    """The two factors of δ of example i and output j, and their product."""
    derivation, result = loss.derive_delta(y[i], layer.a[i], j), float(layer.delta[i, j])
    index = subscript(j)

    def write_difference() -> str:
        symbols, numbers = f"ŷ{index} − y{index}", f"{number(layer.a[i, j])} − {factor(y[i, j])}"
        weight = loss.write_weight_of(y[i])
        return f"c·({symbols}) = {weight}({numbers})" if weight else f"{symbols} = {numbers}"

    if derivation is None:
        return write_equation(lambda: f"δ{index} = {write_difference()}", result).lines()
    error, slope = derivation.output_gradient, derivation.slope

    def write_product() -> str:
        product = f"{number(error.value)}·{factor(slope.value)}"
        return f"δ{index} = {product}   {derivation.cancels} cancels out\n   = {write_difference()}"

    factors = (write_equation(each.write, each.value).line() for each in (error, slope))
    return (*factors, *write_equation(write_product, result).lines())


def _write_chain_rule(loss: LossOfOutputs, layer: LayerUpdate, y: Floats, i: int, j: int) -> tuple[str, ...]:
    """∂E/∂ŷ and ∂ŷ/∂z of example i and output j, and their product."""
    index, result = subscript(j), float(layer.delta[i, j])
    gradients, a = loss.output_gradient(layer.a, y)[i], layer.a[i]
    name = f"∂E/∂ŷ{index}" if layer.slope is not None else f"d{index} = ∂E/∂ŷ{index}"
    error = write_equation(
        lambda: f"{name} = {loss.write_weight_of(y[i])}{loss.write_output_gradient(y[i, j], a[j], y.shape[1])}",
        float(gradients[j]),
    )
    if layer.lacks_slope:
        return (error.line(), f"δ{index} = ∂E/∂ŷ{index}", f"   = {exact(result)}")
    if layer.slope is None:
        return (error.line(), *_write_mixed_outputs(gradients, a, j, result))
    own_slope = float(layer.slope[i, j])
    slope = write_equation(
        lambda: f"∂ŷ{index}/∂z{index} = f′(z) = {layer.activation.write_derivative(layer.z[i, j], a[j])}", own_slope
    )
    delta = write_equation(lambda: f"δ{index} = {number(gradients[j])}·{factor(own_slope)}", result)
    return (error.line(), *slope.lines(), *delta.lines())


def _write_mixed_outputs(gradients: Floats, a: Floats, j: int, result: float) -> tuple[str, ...]:
    """δ of output j of a softmax, from d = ∂E/∂ŷ of all of them: ŷⱼ·(dⱼ − Σ d·ŷ)."""
    products, index = fold_sum((gradients * a).tolist(), j), subscript(j)
    total = float((gradients * a).sum())
    weighted = write_equation(
        lambda: f"Σ d·ŷ = {products.write(lambda k: f'{number(gradients[k])}·{number(a[k])}')}", total
    )
    delta = write_equation(lambda: f"δ{index} = {number(a[j])}·({number(gradients[j])} − {factor(total)})", result)
    return (*weighted.lines(), *delta.lines())


def _make_output_delta(
    update: Update, formula: str, code: str, words: str, write: Callable[[int, int], tuple[str, ...]]
) -> MicroStep:
    layer, last = update.layers[-1], len(update.layers)
    neurons = Axis("neuron", last)

    def at(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[-1]
        return WrittenOut(write(i, j), float(layer.delta[i, j]))

    return MicroStep(
        key=f"δ {last}",
        phase="backward",
        layer=last,
        title="δ of the outputs",
        formula=formula,
        code=code,
        words=words,
        reads=(Matrix("ŷ", layer.a, EXAMPLES, neurons), Matrix("y", update.y, EXAMPLES, neurons)),
        writes=(delta_matrix(update, last),),
        at=at,
    )
