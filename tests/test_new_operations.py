"""An operation is one object: an activation, a loss and an optimizer that are defined only here.

Registered by their names alone they train, are walked through, checked, explored, diagnosed, traced and saved.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.ledger.order import micro_steps
from gradstep.core.network.activations import ACTIVATIONS, Activation, activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import LossOfOutputs
from gradstep.core.network.losses import LOSSES, output_loss
from gradstep.core.network.optimizers import OPTIMIZERS, Memory, Optimizer
from gradstep.core.network.weighted_loss import weigh_loss
from gradstep.core.notation import factor, number
from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.gradient_check import GradientChecker
from gradstep.core.observation.layer_verdict import judge_layer
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.descent_step import copy_network
from gradstep.core.training.population import Population
from gradstep.core.training.update import Update
from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.tui.cli.main import run as run_command
from gradstep.tui.screens.explorer.panels import ActivationPlot
from gradstep.tui.screens.explorer.state import ExplorerView, describe_delta, describe_slope
from gradstep.tui.session.walk import start_walk
from tests.tui.driving import assembled
from tests.tui.walking import press, recorded, shown_text, walk, walk_to, walking


class Softplus(Activation):
    """Dugas et al. 2001: a smooth ReLU, whose derivative is the sigmoid."""

    name = "softplus"
    formula = "ln(1 + e^z)"
    derivative_formula = "1 / (1 + e^−z)"
    range = "above 0"
    ends = (0.0, math.inf)
    words = "A negative sum comes out as nearly 0, a positive one nearly as it is, with a smooth bend between."

    def f(self, z: Floats, a: Floats) -> None:
        np.logaddexp(0, z, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        # e^−a = 1 / (1 + e^z), so 1 − e^−a is the sigmoid of z
        np.subtract(1, np.exp(-a), out=out)

    def write(self, z: float) -> str:
        return f"ln(1 + e^{factor(z)})"

    def write_derivative(self, z: float, a: float) -> str:
        return f"1 / (1 + e^−{factor(z)})"


class LogCosh(LossOfOutputs):
    """Σ ln cosh(ŷ − y): squared near 0, absolute far from it."""

    name = "log_cosh"
    formula = "Σᵢ ln cosh(ŷᵢ − yᵢ)"
    convention = "sum over the outputs, mean over the batch"
    words = "How far each output is from its target: squared where it is close, as it is where it is far."

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        rows: Floats = np.log(np.cosh(a - y)).sum(axis=-1)
        return rows

    def output_gradient(self, a: Floats, y: Floats, examples: int = 1) -> Floats:
        error: Floats = np.tanh(a - y) / examples
        return error

    def write_output_gradient(self, y: float, a: float, outputs: int) -> str:
        return f"tanh({number(a)} − {factor(y)})"

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        terms = [f"ln cosh({number(o)} − {factor(t)})" for t, o in zip(y, a, strict=True)]
        return (f"E = {' + '.join(terms)}",)


class Adagrad(Optimizer):
    """Duchi, Hazan and Singer 2011: s ← s + g², θ ← θ − α g / (√s + ε)."""

    name = "adagrad"
    remembers = ("sum",)
    memory_formula = "s ← s + g²"
    step_formula = "θ ← θ − α g / (√s + 1e-8)"
    words = "A weight that has moved much moves less from then on."

    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        total = self.memory["sum"]
        total += gradient * gradient
        np.divide(learning_rate * gradient, np.sqrt(total) + 1e-8, out=self.change)

    @classmethod
    def write_memory(cls, g: float, before: Memory, after: Memory, updates: int) -> tuple[list[str], float]:
        return [f"s = {number(before['sum'])} + {factor(g)}²"], after["sum"]

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        return f"{factor(g)} / (√{number(after['sum'])} + 1e-8)"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is named once, in the table of its kind."""
    monkeypatch.setitem(ACTIVATIONS, "softplus", Softplus())
    monkeypatch.setitem(LOSSES, "log_cosh", LogCosh)
    monkeypatch.setitem(OPTIMIZERS, "adagrad", Adagrad)


def new_run(seed: int = 0, **training: object) -> Run:
    """Iris with all three: softplus in the hidden layer and at the output. `seed` is that of the first weights."""
    network = {"hidden": [4], "activation": "softplus", "output": "softplus", "seed": seed}
    return assembled(network=network, loss="log_cosh", optimizer="adagrad", learning_rate=0.5, batch_size=8, **training)


def lines(update: Update) -> str:
    """All micro-steps of an update, with the numbers of its first example."""
    focus = start_walk(update).focus
    return "\n".join(line for step in micro_steps(update) for line in (step.formula, step.words, *step.at(focus).lines))


def test_they_train() -> None:
    run = new_run()
    before = run.trainer.evaluate().train.loss
    run.trainer.run(lambda: False, until=200)
    assert run.trainer.evaluate().train.loss < before / 4


def test_the_loss_is_offered_where_another_one_needs_probabilities() -> None:
    with pytest.raises(GradstepError, match="or mse or half_sse or log_cosh as the loss"):
        output_loss("cross_entropy", "softplus")


def test_the_loss_of_stacked_networks_is_that_of_each() -> None:
    y = np.eye(2)[[0, 1, 1, 0, 1]]
    plain = LogCosh(activation_named("softplus"))
    for loss in (plain, weigh_loss(plain, np.array([0.5, 3.0]), 0.5)):
        z = np.random.default_rng(0).normal(size=(3, 5, 2))
        a, delta = np.empty((2, *z.shape))
        means = loss.forward_each(z, a, y)
        loss.delta(z, a, y, delta)
        for index in range(3):
            own_a, own_delta = np.empty((2, 5, 2))
            assert means[index] == pytest.approx(loss.forward(z[index], own_a, y))
            loss.delta(z[index], own_a, y, own_delta)
            np.testing.assert_allclose(delta[index], own_delta)


def test_stacked_networks_with_class_weights_train_as_each_alone() -> None:
    trainers = [new_run(seed, class_weights=[0.5, 1, 3]).trainer for seed in (1, 2, 3)]
    networks = [copy_network(trainer.network) for trainer in trainers]
    population = Population(networks, [trainers[0].options] * 3, new_run(1, class_weights=[0.5, 1, 3]).trainer)
    for _ in range(20):
        population.update()
    for trainer, parameters in zip(trainers, population.parameters, strict=True):
        trainer.run(lambda: False, until=20)
        np.testing.assert_allclose(parameters, trainer.network.parameters, rtol=1e-3, atol=1e-5)


def test_they_are_written_out_with_numbers() -> None:
    update = recorded(new_run(), step=2)
    text = lines(update)
    for part in ("ln(1 + e^z)", "ln cosh(", "tanh(", "1 / (1 + e^−", "s ← s + g²", "s = ", "/ (√", "α g / (√s + 1e-8)"):
        assert part in text, part
    for words in (Softplus.words, LogCosh.words, Adagrad.words):
        assert words in text


def test_the_gradient_check_agrees_with_them() -> None:
    checker = GradientChecker(recorded(new_run(), step=5))
    for layer in (1, 2):
        worst, _ = checker.find_worst(layer)
        assert worst.relative_error < 1e-5


def test_they_are_explored() -> None:
    run = new_run()
    snapshot = take_snapshot(run.trainer, ExampleIndex("test", 0))
    view = ExplorerView(snapshot, run.trainer.loss, run.dataset.class_names, 0, 1, "softplus")
    _, slope = view.values()
    assert slope == pytest.approx(1 / (1 + np.exp(-view.z)))
    assert "that share goes through" in describe_slope(view) or "next to nothing" in describe_slope(view)
    assert "δ" in describe_delta(view.loss_values()[1])
    drawn = "\n".join(strip.text for strip in ActivationPlot("activation").lines(view, 60, 20))
    assert "f = ln(1 + e^z)" in drawn


def test_they_are_diagnosed() -> None:
    run = new_run()
    run.trainer.run(lambda: False, until=3)
    statistics = [layer.statistics for layer in take_snapshot(run.trainer, ExampleIndex("test", 0)).layers]
    assert all(each is not None and judge_layer(1, each, ()).healthy is not False for each in statistics)
    # softplus has no half where it gives 0, and no limits where it is flat
    assert all(each is not None and each.silent_share is None and each.saturated_share is None for each in statistics)


async def test_they_are_walked_through_on_the_screen() -> None:
    async with walking(new_run()) as pilot:
        await walk_to(pilot, "a 1")
        assert "layer 1: softplus" in shown_text(pilot) and "ln(1 + e^z)" in shown_text(pilot)
        await walk_to(pilot, "adagrad 1")
        assert "what adagrad remembers" in shown_text(pilot)
        while walk(pilot).step.key != "check":
            await press(pilot, "right")
        assert "Σ g·change" in shown_text(pilot)


def test_they_are_traced_and_trained_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new.toml"
    file.write_text(
        '[data]\nname = "iris"\n[network]\nhidden = [4]\nactivation = "softplus"\noutput = "softplus"\n'
        '[training]\nloss = "log_cosh"\noptimizer = "adagrad"\nmax_epochs = 2\n'
    )
    assert run_command(["trace", str(file), "--step", "2", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["optimizer"], told["loss_name"]) == ("adagrad", "log_cosh")
    assert run_command(["train", str(file), "--plain"]) == 0
    assert "log_cosh: sum over the outputs" in capsys.readouterr().out


def test_they_are_saved_and_resumed_bit_for_bit(tmp_path: Path) -> None:
    run = new_run()
    run.trainer.run(lambda: False, until=10)
    write_checkpoint(tmp_path / "c", run.checkpoint(1.0))
    again = resume_run(read_checkpoint(tmp_path / "c"))
    for each in (run, again):
        each.trainer.run(lambda: False, until=30)
    assert np.array_equal(run.network.parameters, again.network.parameters)
