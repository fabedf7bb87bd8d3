"""Options that change while a network is trained."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.optimizers import OPTIMIZERS
from tests.core.problems import small_trainer, train
from tests.core.test_trainer_state import assert_identical


def test_the_same_options_change_nothing() -> None:
    one, other = small_trainer(optimizer="adam"), small_trainer(optimizer="adam")
    train(one, 5)
    train(other, 5)
    one.change_options(one.options)
    train(one, 5)
    train(other, 5)
    assert_identical(one, other)


@pytest.mark.parametrize("batch_size", [1, 3, "full"])
def test_an_epoch_whose_batch_size_changes_still_takes_every_row_once(batch_size: int | str) -> None:
    trainer = small_trainer()
    taken = [trainer.upcoming_rows()]
    trainer.update()
    trainer.change_options(replace(trainer.options, batch_size=batch_size))
    while trainer.epoch == 0:
        taken.append(trainer.upcoming_rows())
        trainer.update()
    assert sorted(np.concatenate(taken)) == list(range(10))


def test_epochs_are_counted_across_a_change_of_the_batch_size() -> None:
    trainer = small_trainer()
    train(trainer, 4)
    assert (trainer.epoch, trainer.end_of_epoch(2), trainer.end_of_epoch(3)) == (1, 6, 9)
    trainer.change_options(replace(trainer.options, batch_size=2))
    assert (trainer.epoch, trainer.end_of_epoch(2), trainer.end_of_epoch(3)) == (1, 7, 12)
    train(trainer, 8)
    assert (trainer.step, trainer.epoch) == (12, 3)


def test_the_end_of_an_epoch_that_is_over_is_the_step_that_completed_it() -> None:
    trainer = small_trainer()
    train(trainer, 6)
    assert (trainer.epoch, trainer.end_of_epoch(1), trainer.end_of_epoch(2)) == (2, 3, 6)


def test_the_new_learning_rate_and_penalty_apply_from_the_next_update() -> None:
    trainer, unchanged = small_trainer(learning_rate=0.1), small_trainer(learning_rate=0.1)
    for each in (trainer, unchanged):
        train(each, 2)
    unchanged.backpropagate(unchanged.upcoming_rows())
    pull = 0.25 * unchanged.network.parameters * unchanged.network.weight_mask()
    trainer.change_options(replace(trainer.options, learning_rate=0.5, l2=0.25))
    train(trainer, 1)
    np.testing.assert_allclose(trainer.optimizer.change, 0.5 * (unchanged.network.gradient + pull), rtol=1e-12)
    assert trainer.history.rate_changes == ((0, 0.1), (2, 0.5))


def test_a_velocity_is_kept_between_momentum_and_nesterov() -> None:
    trainer = small_trainer(optimizer="momentum")
    train(trainer, 3)
    velocity = trainer.optimizer.memory["velocity"].copy()
    trainer.change_options(replace(trainer.options, optimizer="nesterov"))
    assert (trainer.optimizer.name, trainer.optimizer.updates) == ("nesterov", 3)
    assert np.array_equal(trainer.optimizer.memory["velocity"], velocity)


@pytest.mark.parametrize(("before", "after"), [("sgd", "adam"), ("rmsprop", "adam"), ("adam", "momentum")])
def test_an_optimizer_with_another_memory_starts_with_an_empty_one(before: str, after: str) -> None:
    trainer = small_trainer(optimizer=before)
    train(trainer, 3)
    change = trainer.optimizer.change.copy()
    trainer.change_options(replace(trainer.options, optimizer=after))
    assert trainer.optimizer.updates == 0
    assert not any(array.any() for array in trainer.optimizer.memory.values())
    assert np.array_equal(trainer.optimizer.change, change), "the newest step was made with the old rule"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_change_before_the_first_step_equals_a_start_with_those_options(optimizer: str) -> None:
    wanted = {"optimizer": optimizer, "batch_size": 3, "learning_rate": 0.02, "l1": 0.01}
    changed, made_so = small_trainer(), small_trainer(**wanted)
    changed.change_options(made_so.options)
    assert_identical(changed, made_so)
    train(changed, 7)
    train(made_so, 7)
    assert_identical(changed, made_so)


def test_a_changed_trainer_can_be_saved_and_restored() -> None:
    trainer, other = small_trainer(held_out=5), small_trainer(held_out=5)
    train(trainer, 2)
    options = replace(trainer.options, batch_size=3, optimizer="adam", learning_rate=0.01)
    trainer.change_options(options)
    train(trainer, 1)
    other.change_options(options)
    other.restore(trainer.state())
    train(trainer, 20)
    train(other, 20)
    assert_identical(trainer, other)


def test_a_state_from_before_the_change_is_refused() -> None:
    trainer = small_trainer()
    state = trainer.state()
    trainer.change_options(replace(trainer.options, batch_size=5))
    with pytest.raises(GradstepError, match="its batch_size is 4, here it is 5"):
        trainer.restore(state)


@pytest.mark.parametrize(
    "change", [{"loss": "mse"}, {"shuffle": False}, {"shuffle_seed": 1}, {"train_biases": False}, {"l2": -1.0}]
)
def test_a_change_of_a_fixed_option_is_refused_with_nothing_changed(change: dict[str, object]) -> None:
    trainer, untouched = small_trainer(), small_trainer()
    with pytest.raises(GradstepError, match=next(iter(change))):
        trainer.change_options(replace(trainer.options, batch_size=2, **change))
    assert_identical(trainer, untouched)
    assert trainer.options == untouched.options
