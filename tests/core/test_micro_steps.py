"""The micro-steps of an update: their order, and every number of them against autograd and the textbooks."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from gradstep.core.ledger.bugs import NEW_WEIGHTS, NO_SLOPE, NOT_RESET, SUMMED, with_bug
from gradstep.core.ledger.micro_step import PHASES, Focus, MicroStep
from gradstep.core.ledger.order import micro_steps
from gradstep.core.ledger.update import ALL_FROM_OLD, ALONG_G
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.notation import exact, subscript
from tests.core.walks import Walked, every_focus, some_foci, walked
from tests.oracle import PAIRS

RESULT = re.compile(r"(?:\s*|sum |[bg] |  \+ \S+ from the l1/l2 term )= (−?[\d.]+(?:e[+−]?\d+)?)")
"""A line that ends in a number after =, and holds nothing else but its name."""


def places(focus: Focus, step: MicroStep) -> tuple[int, ...]:
    """Where the focus stands in the table that is expected of a micro-step."""
    kind, layer = step.key.split()[0], step.layer - 1
    parameter = (focus.neurons[layer], focus.weights[layer])
    if step.key == "mean" or step.key == "check":
        return (0, 0)
    if step.phase == "update":
        return parameter
    if kind == "∂":
        return (focus.example, *parameter)
    if kind in ("loss", "again", "sum"):
        return (focus.example, 0)
    return (focus.example, focus.weights[0] if kind == "batch" else focus.neurons[layer])


def assert_tables_agree(walk: Walked) -> None:
    for step in walk.steps:
        expected = walk.expected[step.key]
        if step.key.startswith("∂"):
            for example in range(walk.update.batch):
                focus = replace(some_foci(walk.update)[0], example=example)
                np.testing.assert_allclose(step.at(focus).matrices[0].values, expected[example], rtol=1e-10, atol=1e-10)
        elif not step.key.startswith("adam"):
            np.testing.assert_allclose(step.writes[0].values, expected, rtol=1e-10, atol=1e-10, err_msg=step.key)


def assert_focus_agrees(walk: Walked, focus: Focus) -> None:
    """The result is the expected one, it is the marked entry of what is written, and the last line ends in it."""
    for step in walk.steps:
        written = step.at(focus)
        at = places(focus, step)
        if not (step.key == "batch" and focus.weights[0] == walk.update.x.shape[1]):
            assert written.result == pytest.approx(walk.expected[step.key][at], rel=1e-10, abs=1e-10), step.key
        for table in (*written.matrices, *step.writes)[:1]:
            mark = table.marked(focus)
            if mark is not None and not step.key.startswith("adam"):
                assert table.values[mark] == written.result, step.key
        numbers = [found[1] for line in written.lines if (found := RESULT.fullmatch(line))]
        if step.key in ("batch", "again", "check"):
            assert numbers == []
        else:
            assert numbers[-1] == exact(written.result), step.key


WALKED = walked(optimizer="momentum", l2=0.1)


def test_every_micro_step_has_its_counterpart_in_the_textbook() -> None:
    assert [step.key for step in WALKED.steps] == [
        *("batch", "z 1", "a 1", "z 2", "a 2", "z 3", "shift 3", "exp 3", "sum 3", "a 3"),
        *("loss", "mean"),
        *("δ 3", "∂ 3", "paths 2", "δ 2", "∂ 2", "paths 1", "δ 1", "∂ 1"),
        *(f"{kind} {number}" for number in (1, 2, 3) for kind in ("mean", "penalty", "momentum", "new")),
        *("again", "check"),
    ]
    assert {step.key for step in WALKED.steps} == WALKED.expected.keys()


@pytest.mark.parametrize("train_biases", [True, False])
def test_a_frozen_bias_is_said_not_to_follow_what_the_example_asks_for(train_biases: bool) -> None:
    walk = walked(train_biases=train_biases)
    (step,) = (each for each in walk.steps if each.key == "∂ 1")
    asked = "\n".join(step.at(some_foci(walk.update)[0]).lines)
    assert "so this example asks for" in asked
    assert ("but it is frozen" in asked) != train_biases


@pytest.mark.parametrize("outputs", [1, 3])
def test_what_the_next_neurons_pass_back_is_said_to_be_the_opposite_of_what_they_ask_for(outputs: int) -> None:
    walk = walked((4, 5, outputs), ("tanh", "sigmoid"), loss="half_sse")
    hidden, i = walk.update.layers[0], 1
    assert hidden.activation_gradient is not None
    for neuron, gradient in enumerate(hidden.activation_gradient[i].tolist()):
        focus = Focus(i, (neuron, outputs - 1), (0, neuron))
        passed = walk.step("paths 1").at(focus)
        together = ", for all neurons together" if outputs > 1 else ""
        way = "down" if gradient > 0 else "up"
        asked = f"so this example asks for −∂E/∂a{subscript(neuron)} = {exact(-gradient)}: {way}{together}"
        assert passed.lines[-1] == asked
        assert passed.lines[passed.answer].endswith(exact(gradient))
        # the request of one neuron, in the micro-step before, is the opposite of its path
        path = float(walk.update.layers[1].delta[i, -1] * walk.update.layers[1].old[-1, neuron])
        alone = f", for neuron {outputs} alone" if outputs > 1 else ""
        request = f" = {exact(-path)}: {'down' if path > 0 else 'up'}{alone}"
        assert walk.step("∂ 2").at(focus).lines[-1].endswith(request)
        assert exact(path) in "\n".join(passed.lines)


def test_an_activation_that_changes_nothing_is_said_to_be_asked_for_no_change() -> None:
    walk = walked((4, 5, 1), ("relu", "sigmoid"), loss="half_sse", updates=1)
    silenced = replace(walk.update.layers[0], activation_gradient=np.zeros_like(walk.update.layers[0].z))
    update = replace(walk.update, layers=(silenced, *walk.update.layers[1:]))
    paths = next(step for step in micro_steps(update) if step.key == "paths 1")
    assert paths.at(Focus(0, (0, 0), (0, 0))).lines[-1] == "so this example asks for −∂E/∂a₁ = 0: no change"


def test_the_gradients_are_said_to_come_from_the_old_weights_unless_a_bug_takes_others() -> None:
    walk = walked(updates=2)
    assert all(ALL_FROM_OLD in walk.step(f"mean {layer}").words for layer in (1, 2, 3))
    for bug, still in ((NEW_WEIGHTS, False), (NOT_RESET, False), (NO_SLOPE, True), (SUMMED, True)):
        steps = micro_steps(with_bug(walk.update, bug, walk.update))
        means = [step.words for step in steps if step.key.startswith("mean ")]
        assert [ALL_FROM_OLD in words for words in means] == [still] * 3, bug.name


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "adam", "rmsprop"])
def test_a_weight_that_moves_along_its_gradient_is_said_to_and_plain_descent_is_named(optimizer: str) -> None:
    along = 0
    for updates in range(1, 6):
        walk = walked(optimizer=optimizer, updates=updates, learning_rate=0.5)
        for number, layer in enumerate(walk.update.layers, start=1):
            new = walk.step(f"new {number}")
            assert "Plain descent subtracts α·g: choose the optimizer sgd to see it." in new.words
            for neuron, weight in np.ndindex(layer.old.shape):
                units = tuple(neuron if index == number - 1 else 0 for index in range(3))
                weights = tuple(weight if index == number - 1 else 0 for index in range(3))
                lines = new.at(Focus(0, units, weights)).lines
                moves = layer.gradient[neuron, weight] * layer.change[neuron, weight] < 0
                assert any(ALONG_G in line for line in lines) == moves
                along += moves
    assert (along > 0) == (optimizer != "rmsprop")


def test_what_adam_remembers_has_the_letters_of_its_formulas() -> None:
    step = walked(optimizer="adam").step("adam 1")
    assert [matrix.name for matrix in step.writes] == ["m W1|m b1", "s W1|s b1"]


def test_phases_come_in_their_order() -> None:
    phases = [PHASES.index(step.phase) for step in WALKED.steps]
    assert phases == sorted(phases)
    assert set(phases) == set(range(len(PHASES)))


def test_of_three_layers_with_momentum_and_l2_every_table_agrees_with_autograd() -> None:
    assert_tables_agree(WALKED)


@given(every_focus(WALKED.update))
def test_of_three_layers_with_momentum_and_l2_every_result_agrees_with_autograd(focus: Focus) -> None:
    assert_focus_agrees(WALKED, focus)


@given(focus=every_focus(WALKED.update))
def test_what_is_marked_is_what_the_result_is_made_of(focus: Focus) -> None:
    step = WALKED.step("δ 1")
    back, slope = (table.values[table.marked(focus)] for table in step.reads)
    assert back * slope == pytest.approx(step.at(focus).result, rel=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("penalty", [{}, {"l1": 0.05}, {"l2": 0.1}, {"l1": 0.05, "l2": 0.1}], ids=str)
@pytest.mark.parametrize("train_biases", [True, False], ids=["biases", "frozen biases"])
def test_every_optimizer_agrees(optimizer: str, penalty: dict[str, float], train_biases: bool) -> None:
    walk = walked(optimizer=optimizer, train_biases=train_biases, **penalty)
    assert {step.key for step in walk.steps} == walk.expected.keys()
    assert_tables_agree(walk)
    for focus in some_foci(walk.update):
        assert_focus_agrees(walk, focus)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize(("sizes", "hidden"), [((3, 4, 3), ("tanh",)), ((7, 2), ()), ((2, 9, 1), ("relu",))], ids=str)
def test_every_output_agrees(loss: str, output: str, sizes: tuple[int, ...], hidden: tuple[str, ...]) -> None:
    walk = walked(sizes, (*hidden, output), loss=loss, updates=2)
    assert {step.key for step in walk.steps} == walk.expected.keys()
    assert_tables_agree(walk)
    for focus in some_foci(walk.update):
        assert_focus_agrees(walk, focus)


def test_one_example_is_its_own_mean() -> None:
    walk = walked(rows=1)
    assert_tables_agree(walk)
    for focus in some_foci(walk.update):
        assert_focus_agrees(walk, focus)


def test_float32_agrees_to_its_own_precision() -> None:
    walk = walked(dtype=np.float32)
    for step in walk.steps:
        if step.writes:
            np.testing.assert_allclose(step.writes[0].values, walk.expected[step.key], rtol=1e-4, atol=1e-5)
