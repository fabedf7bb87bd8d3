"""Setting up a race: its runs differ in the learning rate or the batch size alone."""

import re

import numpy as np
import pytest

from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.training.race_verdict import VerdictKind
from gradstep.data.assemble import assemble, assemble_variant
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup, set_up_race
from tests.tui.driving import assembled, same


def run_race(setup: RaceSetup) -> list[VerdictKind]:
    while not setup.race.finished:
        setup.race.advance()
    return [each.verdict.kind for each in setup.race.standings()]


def test_the_rates_are_around_the_present_one() -> None:
    run = assembled(learning_rate=0.5)
    run.trainer.learning_rate = 0.1
    setup = set_up_race(run, "rates")
    assert [each.trainer.learning_rate for each in setup.runs] == [0.01, 0.0333, 0.1, 0.3, 1.0, 3.0]
    assert setup.runs[setup.own_index].trainer.learning_rate == 0.1


def test_the_batches_are_one_32_and_all_examples() -> None:
    run = assembled("digits", batch_size="full")
    setup = set_up_race(run, "batches")
    assert [each.trainer.batch_size for each in setup.runs] == [1, 32, len(run.trainer.training_part)]
    assert setup.own_index == 2
    assert setup.race.length == 10 * len(run.trainer.training_part)


def test_the_networks_have_one_hidden_layer_of_1_2_4_and_16_neurons_and_train_alike() -> None:
    run = assembled("sine", {"hidden": [5, 5], "activation": ["relu", "tanh"], "seed": 3}, learning_rate=0.02)
    setup = set_up_race(run, "sizes")
    assert [each.network.sizes for each in setup.runs] == [(1, n, 1) for n in (1, 2, 4, 16)]
    assert {each.network.layers[0].activation.name for each in setup.runs} == {"relu"}
    assert setup.own_index == 3
    assert all(each.trainer.training_part is run.trainer.training_part for each in setup.runs)
    setup.race.advance()
    for lane in setup.runs:
        alone = assemble(lane.experiment)
        alone.trainer.update()
        assert same(lane.trainer.state(), alone.trainer.state())
        assert lane.experiment.training == run.experiment.training.model_copy(update={"learning_rate": 0.02})
    kinds = run_race(setup)
    assert (kinds[0], kinds[3]) == ("behind", "good")
    words = setup.race.standings()[0].verdict.words
    assert re.fullmatch(r"at [\d.]+, .+ (above|times) the lowest", words)


def test_a_network_with_given_weights_or_without_hidden_layers_can_race_sizes_too() -> None:
    for network in ({"hidden": []}, {"hidden": [2], "weights": [[[1.0] * 4] * 2, [[1.0] * 2] * 3]}):
        setup = set_up_race(assembled("iris", network), "sizes")
        assert setup.own_index == (1 if network["hidden"] else 3)
        assert "good" in run_race(setup)


def test_each_initializer_draws_the_first_weights_from_the_seed_of_the_run() -> None:
    run = assembled("iris", {"hidden": [5], "activation": "tanh", "init": "he", "seed": 3}, learning_rate=0.02)
    setup = set_up_race(run, "initializers")
    assert [each.experiment.network.init for each in setup.runs] == list(INITIALIZERS)
    assert setup.own_index == list(INITIALIZERS).index("he")
    for lane in setup.runs:
        alone = assemble(lane.experiment)
        assert same(lane.trainer.state(), alone.trainer.state())
        assert lane.network.sizes == run.network.sizes
    kinds = run_race(setup)
    assert kinds[list(INITIALIZERS).index("zeros")] == "slow" and "good" in kinds


def test_all_rates_begin_with_the_same_weights_and_the_same_first_loss() -> None:
    run = assembled("digits")
    racing = set_up_race(run, "rates").race
    for lane in racing.lanes:
        assert np.array_equal(lane.trainer.network.parameters, run.start.arrays["parameters"])
    racing.advance()
    assert {lane.losses[0] for lane in racing.lanes} == {run.trainer.update()}


@pytest.mark.parametrize("contest", ["rates", "batches"])
def test_all_lanes_begin_with_the_same_loss(contest: Contest) -> None:
    racing = set_up_race(assembled(), contest).race
    assert {lane.trainer.evaluate().train.loss for lane in racing.lanes} == {racing.start_loss}


def test_the_rows_are_shared_and_the_first_run_stays_as_it_is() -> None:
    run = assembled()
    run.trainer.run(lambda: False, until=7)
    before = run.trainer.state()
    setup = set_up_race(run, "rates")
    run_race(setup)
    assert all(each.trainer.training_part is run.trainer.training_part for each in setup.runs)
    assert same(run.trainer.state(), before)


def test_a_variant_equals_a_run_of_its_experiment() -> None:
    lane = assemble_variant(assembled(), {"learning_rate": 0.3, "batch_size": 4})
    alone = assemble(lane.experiment)
    for run in (lane, alone):
        run.trainer.run(lambda: False, until=20)
    assert same(lane.trainer.state(), alone.trainer.state())
    assert isinstance(lane.checkpoint(0.0), Checkpoint)
    assert lane.fingerprint == alone.fingerprint


def test_on_the_digits_the_rates_get_different_verdicts() -> None:
    kinds = run_race(set_up_race(assembled("digits"), "rates"))
    assert kinds == ["slow", "slow", "behind", "good", "overshoots", "overshoots"]


def test_on_the_digits_with_leaky_relu_the_largest_rate_diverges_and_says_where() -> None:
    setup = set_up_race(assembled("digits", {"activation": "leaky_relu"}), "rates")
    assert run_race(setup)[-1] == "diverged"
    words = setup.race.standings()[-1].verdict.words
    assert re.fullmatch(r"diverged at step \d+: the .+ of layer [123] is no longer a finite number", words)


@pytest.mark.parametrize("data", ["xor", "iris"])
@pytest.mark.parametrize("contest", ["rates", "batches", "sizes", "initializers"])
def test_every_kind_of_data_can_race(data: str, contest: Contest) -> None:
    assert "good" in run_race(set_up_race(assembled(data, learning_rate=0.01), contest))


def test_regressions_can_race() -> None:
    rows = {"x": [[0.0], [0.5], [1.0]], "y": [[0.0], [0.25], [1.0]]}
    kinds = run_race(set_up_race(assembled(rows, learning_rate=0.1), "rates"))
    assert "good" in kinds


@pytest.mark.parametrize("rate", [1e308, 1e-323])
def test_rates_that_are_0_or_infinite_are_left_out(rate: float) -> None:
    setup = set_up_race(assembled(learning_rate=rate), "rates")
    assert setup.runs[setup.own_index].trainer.learning_rate == rate
    assert 3 <= len(setup.runs) < 6


def test_a_batch_size_that_no_lane_has_is_stood_for_by_32() -> None:
    setup = set_up_race(assembled(batch_size=2), "batches")
    assert setup.runs[setup.own_index].trainer.batch_size == 32
