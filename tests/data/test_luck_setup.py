"""What the luck screen trains: which networks, from which starts, and how many of them."""

import numpy as np
import pytest

import gradstep.data.luck_setup as luck_setup
from gradstep.data.luck_groups import Variation, list_rates
from gradstep.data.luck_setup import LuckSetup, set_up_luck
from gradstep.data.run import Run
from tests.tui.driving import assembled

VARIATIONS: tuple[Variation, ...] = ("seeds", "initializers", "depths", "rates")


def first_parameters(setup: LuckSetup) -> list[list[float]]:
    return [row.tolist() for population in setup.populations for row in population.parameters]


def test_a_hundred_other_seeds_stand_beside_that_of_the_run() -> None:
    setup = set_up_luck(assembled(network={"seed": 3}, max_steps=7), "seeds")
    assert [member.seed for member in setup.members] == [3, *(seed for seed in range(101) if seed != 3)]
    assert [member.is_own for member in setup.members] == [True] + [False] * 100
    assert (setup.steps, setup.wanted, len(setup.populations)) == (7, 101, 1)


@pytest.mark.parametrize("variation", VARIATIONS)
def test_every_member_starts_as_its_run_does(variation: Variation) -> None:
    run = assembled(network={"hidden": [5, 5], "init": "he"}, learning_rate=0.2)
    setup = set_up_luck(run, variation)
    starts = first_parameters(setup)
    assert len(starts) == len(setup.members)
    for index in range(0, len(starts), 7):
        member, made = setup.members[index], setup.make_run(index)
        assert made.network.parameters.tolist() == starts[index]
        assert made.experiment.network.seed == member.seed
        assert made.experiment.data == run.experiment.data
        assert made.trainer.training_part is run.trainer.training_part
        assert made.trainer.step == 0
        expected = float(setup.groups[member.group].label) if variation == "rates" else 0.2
        assert made.trainer.learning_rate == expected
    own = [index for index, member in enumerate(setup.members) if member.is_own]
    assert len(own) == 1
    assert starts[own[0]] == run.start.arrays["parameters"].tolist()


def test_the_groups_are_those_of_the_lecture() -> None:
    run = assembled(network={"hidden": [5, 5]}, learning_rate=0.1)
    labels = {variation: [group.label for group in set_up_luck(run, variation).groups] for variation in VARIATIONS}
    assert labels["initializers"] == ["uniform", "normal", "xavier", "he", "zeros"]
    assert labels["depths"] == ["no hidden", "1 × 5", "2 × 5", "3 × 5"]
    assert labels["rates"] == ["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"]
    depths = set_up_luck(run, "depths")
    assert [len(population) for population in depths.populations] == [25] * 4
    sizes = [depths.make_run(index).network.sizes[1:-1] for index in range(0, 100, 25)]
    assert sizes == [(), (5,), (5, 5), (5, 5, 5)]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (0.2, [0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 1, 3, 10]),
        (1.0, [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]),
        (0.1 + 0.2, [0.003, 0.01, 0.03, 0.1, 0.1 + 0.2, 1, 3, 10, 30]),
        (1e308, [1e306, 3e306, 1e307, 3e307, 1e308]),
    ],
)
def test_the_rates_stand_on_a_ladder_around_that_of_the_run(own: float, expected: list[float]) -> None:
    assert list_rates(own) == expected


WEIGHTS = {"hidden": [2], "activation": "tanh", "weights": [[[0.1] * 4] * 2, [[0.2] * 2] * 3], "seed": 4}


@pytest.mark.parametrize("variation", VARIATIONS)
def test_given_weights_are_the_own_start_and_no_seed(variation: Variation) -> None:
    run = assembled(network=WEIGHTS)
    setup = set_up_luck(run, variation)
    starts = first_parameters(setup)
    own = [index for index, member in enumerate(setup.members) if member.is_own]
    if variation in ("seeds", "rates"):
        assert len(own) == 1 and setup.members[own[0]].seed is None
        assert starts[own[0]] == run.network.parameters.tolist()
        assert setup.make_run(own[0]).network.parameters.tolist() == starts[own[0]]
        assert [member.seed for member in setup.members[1:5]] == [0, 1, 2, 3]
    else:
        assert not own and all(member.seed is not None for member in setup.members)
        assert not any(group.is_own for group in setup.groups)
    seeded = next(index for index, member in enumerate(setup.members) if member.seed is not None)
    assert setup.make_run(seeded).network.parameters.tolist() == starts[seeded] != run.network.parameters.tolist()


def test_the_validation_part_decides_and_never_the_test_part() -> None:
    held_out = assembled({"name": "iris", "validation_fraction": 0.2})
    setup = set_up_luck(held_out, "seeds")
    guess = held_out.trainer.constant_guess
    assert setup.part is held_out.trainer.validation_part and guess.validation is not None
    assert (setup.part_name, setup.guess, setup.training_guess) == (
        "validation", guess.validation.loss, guess.train.loss,
    )  # fmt: skip
    nothing = assembled()
    assert nothing.trainer.test_part is not None
    setup = set_up_luck(nothing, "seeds")
    assert setup.part is nothing.trainer.training_part
    assert (setup.part_name, setup.guess) == ("training", nothing.trainer.constant_guess.train.loss)


@pytest.mark.parametrize(("training", "steps"), [({"max_steps": 50}, 50), ({"max_epochs": 3}, 12), ({}, 600)])
def test_the_length_is_the_planned_one(training: dict[str, int], steps: int) -> None:
    assert set_up_luck(assembled(**training), "seeds").steps == steps


def test_a_long_plan_is_cut() -> None:
    assert set_up_luck(assembled(max_steps=10**6), "seeds").steps == luck_setup.MOST_STEPS


@pytest.fixture
def large() -> Run:
    return assembled("digits", {"hidden": [60, 60]})


@pytest.mark.parametrize("variation", VARIATIONS)
def test_there_are_fewer_networks_where_the_memory_is_too_little(
    variation: Variation, large: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(luck_setup, "MOST_BYTES", 30_000_000)
    setup = set_up_luck(large, variation)
    assert 1 < len(setup.members) < setup.wanted
    assert len(setup.members) % len(setup.groups) == 0
    assert sum(member.is_own for member in setup.members) == 1
    needed = sum(luck_setup._count_bytes(large, setup.groups[member.group]) for member in setup.members)
    assert 15_000_000 < needed <= 30_000_000


@pytest.mark.parametrize("variation", VARIATIONS)
def test_a_network_is_left_however_large_it_is_and_one_to_compare_it_with(
    variation: Variation, large: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(luck_setup, "MOST_BYTES", 1000)
    setup = set_up_luck(large, variation)
    assert len(setup.groups) == 1
    assert [member.is_own for member in setup.members] == [True, False][: 1 + (variation == "seeds")]
    assert np.array_equal(setup.populations[0].parameters[0], large.network.parameters)
