"""Published numbers. Where a publication is wrong, the right number is held here and the wrong one explained."""

import numpy as np
import pytest

from gradstep.core.ledger.bugs import NEW_WEIGHTS, with_bug
from gradstep.core.network.network import Network
from gradstep.core.network.passes import predict
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update, record_update
from tests.core.problems import B1, B2, W1, W2, T, X, gradient_of, mazur, train


@pytest.fixture(scope="module")
def update() -> Update:
    return record_update(mazur())


def close(actual: object, expected: object, digits: int = 12) -> bool:
    """Whether the numbers agree in every decimal place that was published."""
    return bool(np.allclose(actual, expected, rtol=0, atol=0.5001 * 10.0**-digits))


def test_mazur_forward_pass(update: Update) -> None:
    hidden, output = update.layers
    assert close(hidden.z, [[0.3775, 0.3925]])
    assert close(hidden.a, [[0.593269992107, 0.596884378260]])
    assert close(output.z, [[1.105905967, 1.224921404]], digits=9)
    assert close(output.a, [[0.751365069552, 0.772928465321]])


def test_mazur_error(update: Update) -> None:
    parts = (T - update.layers[1].a) ** 2 / 2
    assert close(parts, [[0.274811083176, 0.023560025584]])
    assert close(update.loss, 0.298371108760)


def test_mazur_deltas(update: Update) -> None:
    hidden, output = update.layers
    assert close(output.delta, [[0.138498561629, -0.038098236517]])
    assert close(hidden.delta, [[0.008771354689, 0.009954254705]])


def test_mazur_contributions_to_the_first_hidden_neuron(update: Update) -> None:
    output = update.layers[1]
    contributions = output.delta[0] * output.old[:, 0]
    assert close(contributions, [0.055399424651, -0.019049118258])
    assert close(update.layers[0].activation_gradient[0, 0], 0.036350306393)


def test_mazur_weights_after_one_update(update: Update) -> None:
    hidden, output = update.layers
    assert close(output.new[:, :-1], [[0.358916479718, 0.408666186076], [0.511301270239, 0.561370121108]])
    assert close(hidden.new[:, :-1], [[0.149780716133, 0.199561432266], [0.249751143632, 0.299502287265]])


def test_mazur_frozen_biases_stay(update: Update) -> None:
    assert [layer.new[:, -1].tolist() for layer in update.layers] == [B1, B2]


def test_mazur_error_after_one_update(update: Update) -> None:
    assert close(update.loss_after, 0.291027773694)


def test_mazur_after_ten_thousand_updates() -> None:
    trainer = mazur()
    trainer.run(lambda: False, until=10_000)
    assert close(trainer.evaluate().train.loss, 3.510187783e-5, digits=14)
    assert close(predict(trainer.network, X), [[0.015913620, 0.984064274]], digits=9)


def test_mazur_with_every_neurons_own_bias_trained() -> None:
    update = record_update(mazur(train_biases=True))
    hidden, output = update.layers
    assert close(hidden.new[:, -1], [0.345614322655, 0.345022872647])
    assert close(output.new[:, -1], [0.530750719186, 0.619049118258])
    assert close(update.loss_after, 0.280471446791)


def mazur_with_the_bug(updates: int) -> tuple[float, np.ndarray]:
    """The article's later numbers: each update computes the hidden gradients with the already updated W2.

    Gives the error after so many updates, and the outputs.
    """

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    w1, w2 = np.array(W1), np.array(W2)
    for _ in range(updates):
        h = sigmoid(w1 @ X[0] + B1)
        o = sigmoid(w2 @ h + B2)
        output_delta = (o - T[0]) * o * (1 - o)
        w2 = w2 - 0.5 * np.outer(output_delta, h)
        hidden_delta = (output_delta @ w2) * h * (1 - h)  # the bug: this w2 is the new one
        w1 = w1 - 0.5 * np.outer(hidden_delta, X[0])
    o = sigmoid(w2 @ sigmoid(w1 @ X[0] + B1) + B2)
    return float(((T[0] - o) ** 2).sum() / 2), o


def test_mazurs_printed_error_after_one_update_is_that_of_the_bug(update: Update) -> None:
    error, _ = mazur_with_the_bug(1)
    assert close(error, 0.291027923905)
    assert close(error, 0.291027924, digits=9)
    assert close(with_bug(update, NEW_WEIGHTS, None).loss_after, 0.291027923905)
    assert not close(update.loss_after, 0.291027924, digits=9)


def test_mazurs_printed_outputs_after_ten_thousand_updates_are_those_of_the_bug() -> None:
    error, outputs = mazur_with_the_bug(10_000)
    assert close(error, 3.508479e-5, digits=11)
    assert close(outputs, [0.015912196, 0.984065734], digits=9)


def saturated_neuron(weight: float, bias: float, loss: str = "half_sse") -> Trainer:
    """Nielsen, "Neural Networks and Deep Learning", chapter 3: one sigmoid neuron, x = 1, target 0."""
    network = Network([1, 1], ["sigmoid"])
    network.set([[[weight]]], [[bias]])
    options = TrainingOptions(loss=loss, learning_rate=0.15, batch_size="full")
    return Trainer(network, Part([[1.0]], [[0.0]]), None, options)


def output_of(trainer: Trainer) -> float:
    return predict(trainer.network, [[1.0]]).item()


@pytest.mark.parametrize(
    ("weight", "bias", "before", "after"), [(0.6, 0.9, 0.817574, 0.093956), (2.0, 2.0, 0.982014, 0.202848)]
)
def test_nielsens_neuron_over_300_epochs(weight: float, bias: float, before: float, after: float) -> None:
    trainer = saturated_neuron(weight, bias)
    assert close(output_of(trainer), before, digits=6)
    train(trainer, 300)
    assert close(output_of(trainer), after, digits=6)


def test_nielsens_saturated_neuron_barely_moves_at_first() -> None:
    trainer = saturated_neuron(2, 2)
    train(trainer, 100)
    assert output_of(trainer) > 0.96


def test_with_cross_entropy_nielsens_neuron_has_no_slow_start() -> None:
    squared, entropy = saturated_neuron(2, 2), saturated_neuron(2, 2, "cross_entropy")
    output = output_of(squared)
    # the squared error's gradient is held back by the slope σ′ = a (1 − a), cross-entropy's is the error itself
    assert gradient_of(record_update(entropy)) == pytest.approx([output, output], rel=1e-12)
    assert gradient_of(record_update(squared)) == pytest.approx([output * output * (1 - output)] * 2, rel=1e-12)
    train(entropy, 99)
    assert output_of(entropy) < 0.05


def test_micrograds_neuron() -> None:
    """Karpathy, micrograd: tanh(w·x + b) with x = (2, 0), w = (−3, 1)."""
    network = Network([2, 1], ["tanh"])
    network.set([[[-3.0, 1.0]]], [[6.8813735870195432]])
    output = predict(network, [[2.0, 0.0]]).item()
    assert close(output, 0.70710678, digits=8)
    # half_sse with a target 1 below the output makes ∂L/∂output 1, so that every gradient is the output's own
    trainer = Trainer(network, Part([[2.0, 0.0]], [[output - 1]]), None, TrainingOptions(loss="half_sse"))
    layer = record_update(trainer).layers[0]
    assert layer.gradient == pytest.approx(np.array([[1.0, 0.0, 0.5]]), rel=1e-9, abs=1e-12)
    assert (layer.delta @ layer.old[:, :-1])[0] == pytest.approx([-1.5, 0.5], rel=1e-9)
