"""A walk through an update, as data: its current micro-step and its focus."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.ledger.micro_step import PHASES, Focus
from gradstep.core.training.update import Update, record_update
from gradstep.tui.session.walk import Walk, continue_walk, start_walk
from tests.tui.driving import assembled
from tests.tui.walking import digits, recorded


@pytest.fixture(scope="module")
def update() -> Update:
    """The fourth update of iris, the last of its epoch: its batch is smaller than the others."""
    return recorded(assembled(), 4)


@pytest.fixture
def walk(update: Update) -> Walk:
    return start_walk(update)


def at(walk: Walk, key: str) -> Walk:
    return replace(walk, index=[step.key for step in walk.steps].index(key))


def test_a_walk_begins_with_the_choice_of_the_batch(walk: Walk) -> None:
    assert (walk.index, walk.step.key) == (0, "batch")


def test_a_walk_begins_with_the_example_of_the_largest_loss_and_its_target_class(walk: Walk) -> None:
    assert walk.update.losses[walk.focus.example] == max(walk.update.losses)
    assert walk.focus.example != 0
    assert walk.update.y[walk.focus.example, walk.focus.neurons[-1]] == 1


def test_a_walk_begins_with_the_most_active_hidden_neurons_and_their_largest_contributions(walk: Walk) -> None:
    i = walk.focus.example
    for neuron, weight, layer in zip(walk.focus.neurons[:-1], walk.focus.weights, walk.update.layers, strict=False):
        assert layer.a[i, neuron] == layer.a[i].max()
        added = np.abs(layer.old[neuron, :-1] * layer.inputs[i])
        assert added[weight] == added.max()


def test_the_phases_follow_each_other(walk: Walk) -> None:
    places = [PHASES.index(step.phase) for step in walk.steps]
    assert places == sorted(places)
    assert set(places) == set(range(len(PHASES)))


def test_walking_on_and_back_again_passes_the_same_micro_steps(walk: Walk) -> None:
    there = [walk]
    while (moved := there[-1].move(1)) is not None:
        there.append(moved)
    back = [there[-1]]
    while (moved := back[-1].move(-1)) is not None:
        back.append(moved)
    assert [each.step for each in there] == list(walk.steps)
    assert [each.step for each in back] == list(walk.steps)[::-1]


def test_the_next_phase_begins_where_the_last_one_ends(walk: Walk) -> None:
    seen = [walk]
    for _ in PHASES[1:]:
        seen.append(seen[-1].move_to_phase(1))
    assert [each.step.phase for each in seen] == list(PHASES)
    assert all(each.steps[each.index - 1].phase != each.step.phase for each in seen[1:])


def test_after_the_last_phase_there_is_no_other(walk: Walk) -> None:
    last = at(walk, "again")
    assert last.move_to_phase(1).index == last.index


def test_back_goes_to_the_start_of_the_phase_and_then_to_the_previous_phase(walk: Walk) -> None:
    within = at(walk, "mean")
    assert within.move_to_phase(-1).step.key == "loss"
    assert within.move_to_phase(-1).move_to_phase(-1).step.key == "batch"
    assert within.move_to_phase(-1).move_to_phase(-1).move_to_phase(-1).step.key == "batch"


@pytest.mark.parametrize(("key", "layer"), [("z 1", 0), ("∂ 2", 1), ("a 3", 2), ("mean", 2)])
def test_the_layer_in_focus_is_the_current_one_or_the_output_layer(walk: Walk, key: str, layer: int) -> None:
    before, after = at(walk, key).focus.neurons, at(walk, key).with_neuron(1).focus.neurons
    assert [place for place in range(3) if before[place] != after[place]] == [layer]


def test_the_neurons_wrap_around(walk: Walk) -> None:
    output = at(walk, "z 3")
    seen = [output]
    for _ in range(3):
        seen.append(seen[-1].with_neuron(1))
    assert {each.focus.neurons[2] for each in seen[:3]} == {0, 1, 2}
    assert seen[3].focus == output.focus
    assert output.with_neuron(1).with_neuron(-1).focus == output.focus


def test_the_bias_follows_the_last_weight_and_the_first_weight_follows_the_bias(walk: Walk) -> None:
    first = at(walk, "∂ 1").with_focus(Focus(0, (0, 0, 0), (0, 0, 0)))
    seen = [first]
    for _ in range(5):
        seen.append(seen[-1].with_weight(1))
    assert [each.focus.weights[0] for each in seen] == [0, 1, 2, 3, 4, 0]
    assert seen[4].written.lines[0].startswith("∂E/∂b")
    assert first.with_weight(-1).focus.weights[0] == 4


def test_the_examples_wrap_around(walk: Walk) -> None:
    first = walk.with_focus(replace(walk.focus, example=0))
    assert first.with_example(-1).focus.example == walk.update.batch - 1
    assert walk.with_example(-1).with_example(1).focus == walk.focus


def test_the_numbers_follow_the_focus(walk: Walk) -> None:
    chosen = at(walk, "z 2").with_focus(Focus(3, (0, 7, 0), (0, 0, 0)))
    assert chosen.written.result == walk.update.layers[1].z[3, 7]
    assert chosen.with_example(1).written.result == walk.update.layers[1].z[4, 7]
    assert chosen.with_neuron(1).written.result == walk.update.layers[1].z[3, 8]


def test_a_number_is_none_until_its_micro_step_is_reached(walk: Walk) -> None:
    assert at(walk, "z 2").result_of("a 2") is None
    assert at(walk, "a 2").result_of("a 2") == walk.update.layers[1].a[walk.focus.example, walk.focus.neurons[1]]
    assert at(walk, "check").result_of("a 2") == at(walk, "a 2").result_of("a 2")


def test_a_number_that_the_update_does_not_have_is_none(walk: Walk) -> None:
    assert at(walk, "check").result_of("penalty 1") is None
    assert at(start_walk(recorded(digits())), "check").result_of("penalty 1") is not None


def test_another_update_is_walked_with_the_same_neurons_and_weights(walk: Walk) -> None:
    following = recorded(assembled(), 5)
    chosen = walk.with_neuron(1).with_weight(1)
    assert continue_walk(chosen, following, 5).focus.neurons == chosen.focus.neurons
    assert continue_walk(chosen, following, 5).focus.weights == chosen.focus.weights
    assert continue_walk(chosen, following, 5).index == 5
    assert continue_walk(chosen, following, -1).move(1) is None


def test_in_the_next_batch_the_same_example_is_in_focus_or_the_one_with_the_largest_loss(update: Update) -> None:
    other = recorded(assembled(), 3)
    assert not set(other.rows) & set(update.rows)
    new = continue_walk(start_walk(other).with_example(1), update, 0)
    assert update.losses[new.focus.example] == max(update.losses)
    whole = assembled(batch_size="full")
    first = start_walk(record_update(whole.trainer)).with_example(5)
    second = continue_walk(first, record_update(whole.trainer), 0)
    assert second.update.rows[second.focus.example] == first.update.rows[first.focus.example]
    assert second.focus.example != first.focus.example
