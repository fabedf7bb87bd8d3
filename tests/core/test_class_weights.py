"""Class weights: the loss, δ, the gradient, the micro-steps and what they write, against autograd and by hand."""

import re

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from tests.core.problems import problem
from tests.core.test_gradients import assert_gradient_is_right
from tests.core.test_micro_steps import assert_focus_agrees, assert_tables_agree
from tests.core.test_written_numbers import assert_arithmetic_is_right
from tests.core.walks import some_foci, walked
from tests.oracle import PAIRS

WEIGHTS = {1: (0.4, 7.0), 2: (3.0, 0.25), 3: (0.4, 7.0, 2.5)}
"""By the number of outputs: one weight for each class."""


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_the_gradient_is_that_of_autograd(loss: str, output: str, outputs: int) -> None:
    activations = ["tanh", output]
    trainer, oracle = problem([3, 4, outputs], activations, rows=6, loss=loss, class_weights=WEIGHTS[outputs], l2=0.1)
    parameters = trainer.network.parameters
    assert trainer.evaluate().train.loss == pytest.approx(float(oracle.loss(parameters)))
    if (outputs, output) != (1, "softmax"):  # whose loss is always 0
        assert float(oracle.loss(parameters)) != pytest.approx(float(np.mean(oracle.unweighted_losses(parameters))))
    assert_gradient_is_right(trainer, oracle)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("outputs", [1, 3])
def test_every_micro_step_agrees_and_what_it_writes_comes_to_its_result(loss: str, output: str, outputs: int) -> None:
    walk = walked((3, 4, outputs), ("tanh", output), loss=loss, updates=2, class_weights=WEIGHTS[outputs])
    assert_tables_agree(walk)
    for focus in some_foci(walk.update):
        assert_focus_agrees(walk, focus)
    assert_arithmetic_is_right(walk)


def test_the_weight_stands_in_the_formulas() -> None:
    walk = walked((3, 4, 3), ("tanh", "softmax"), class_weights=WEIGHTS[3])
    focus = some_foci(walk.update)[0]
    target = int(walk.update.y[focus.example].argmax())
    weight = f"{WEIGHTS[3][target]:g}"
    assert walk.step("loss").formula == "E = c·(−Σᵢ yᵢ ln ŷᵢ)"
    assert re.match(rf"E = {weight}\S*·\(−\(ln ", walk.step("loss").at(focus).lines[0])
    assert walk.step("δ 2").formula == "δ = ∂E/∂z = c·(ŷ − y)"
    assert re.search(rf"c·\(ŷ\S − y\S\) = {weight}\S*·\(", "\n".join(walk.step("δ 2").at(focus).lines))
    assert "each example times the weight c of its class" in walk.step("mean").words


def test_balanced_weights_make_every_class_count_alike() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [12, 6, 2])
    x, y = rng.normal(size=(20, 2)), np.eye(3)[labels]
    network = Network([2, 3], ["softmax"])
    network.initialize("xavier", rng)
    trainer = Trainer(network, Part(x, y), None, TrainingOptions(class_weights="balanced"))
    z = x @ network.layers[0].weights.T + network.layers[0].biases
    losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(20), labels]
    # N / (K·n): the mean over the classes of the mean loss of each
    wanted = np.mean([losses[labels == each].mean() for each in range(3)])
    assert trainer.evaluate().train.loss == pytest.approx(wanted)
    assert trainer.loss.weigh(y)[[0, 12, 18]] == pytest.approx([20 / 36, 20 / 18, 20 / 6])
    # the best constant gives every class the same probability; the accuracy is that of the largest class
    assert trainer.constant_guess.train.loss == pytest.approx(np.log(3))
    assert trainer.constant_guess.train.accuracy == 12 / 20


def test_weights_of_1_change_no_number() -> None:
    plain, _ = problem([3, 4, 2], ["relu", "softmax"])
    weighted, _ = problem([3, 4, 2], ["relu", "softmax"], class_weights=(1.0, 1.0))
    for _ in range(5):
        assert weighted.update() == pytest.approx(plain.update(), rel=1e-12)
    assert weighted.network.parameters == pytest.approx(plain.network.parameters, rel=1e-10)


def test_weights_must_fit_the_classes_and_cannot_change_while_training() -> None:
    network, part = Network([1, 3], ["softmax"]), Part([[1.0]], [[1.0, 0, 0]])
    with pytest.raises(GradstepError, match="class_weights has 2 numbers, but there are 3 classes"):
        Trainer(network, part, None, TrainingOptions(class_weights=(1.0, 2.0)))
    with pytest.raises(GradstepError, match="a regression has no classes"):
        options = TrainingOptions(loss="mse", class_weights="balanced")
        Trainer(Network([1, 1], ["linear"]), Part([[1.0]], [[1.0]]), None, options, classification=False)
    trainer = Trainer(network, part, None, TrainingOptions())
    with pytest.raises(GradstepError, match="class_weights cannot change while a network is trained"):
        trainer.change_options(TrainingOptions(class_weights="balanced"))
