"""The best state: the one with the lowest loss on the validation part, found while training, and gone back to."""

from dataclasses import replace
from typing import Any

import pytest

from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.timeline import Timeline, count_state_bytes
from gradstep.core.training.trainer import Trainer
from tests.core.problems import small_trainer, train

PATIENT = StopConditions(patience=10**6)


def overfitting(**options: object) -> Trainer:
    return small_trainer(4, 6, **({"learning_rate": 0.5, "stop": PATIENT} | options))


def losses_of(trainer: Trainer, updates: int) -> list[float]:
    """The validation loss at the start and after each update."""
    losses = []
    for _ in range(updates + 1):
        score = trainer.evaluate().validation
        assert score is not None
        losses.append(score.loss)
        trainer.update()
    return losses


def test_the_best_state_has_the_lowest_validation_loss_of_the_steps_that_are_measured() -> None:
    trainer, alone = overfitting(), overfitting()
    losses = losses_of(alone, 60)
    measured = {step for step in range(61) if step % trainer.evaluation_interval == 0 or step % 3 == 0}
    train(trainer, 60)
    assert trainer.best is not None
    wanted = min(measured, key=lambda step: losses[step])
    assert 0 < wanted < 60
    assert (trainer.best.step, trainer.best.score.loss) == (wanted, losses[wanted])
    trainer.restore(trainer.best.as_present())
    assert trainer.step == wanted
    again = overfitting()
    train(again, wanted)
    assert (trainer.network.parameters == again.network.parameters).all()
    # and goes on from there as the run did
    assert train(trainer, 10) == train(again, 10)


def test_without_a_validation_part_there_is_no_best_state_whatever_the_test_part_says() -> None:
    trainer = small_trainer(held_out=5, stop=PATIENT)
    train(trainer, 30)
    assert trainer.best is None and trainer.watched_name == "test"


def test_the_test_part_decides_nothing() -> None:
    """Other test rows change no step, no best state and no end."""
    one, other = overfitting(), overfitting()
    assert other.test_part is not None
    other.test_part.y[:] = other.test_part.y[:, ::-1]
    assert train(one, 60) == train(other, 60)
    assert one.best is not None and other.best is not None
    assert one.best.step == other.best.step
    assert one.state().values == other.state().values


def test_the_timeline_goes_to_the_best_step_exactly_and_counts_its_bytes() -> None:
    trainer = overfitting()
    timeline = Timeline(trainer)
    for _ in range(200):
        trainer.update()
        timeline.record()
    best = trainer.best
    assert best is not None
    timeline.go_to(best.step)
    assert trainer.best is not None and trainer.best.step == best.step
    assert (trainer.network.parameters == best.state.arrays["parameters"]).all()
    state = trainer.state()
    assert count_state_bytes(state) > count_state_bytes(best.state) > 0
    timeline.go_to(200)
    assert trainer.best is not None and trainer.best.score == best.score


CHANGES = [{"optimizer": "adam"}, {"batch_size": 5}, {"l2": 0.3}, {"learning_rate": 0.3}]


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_of_options_the_lowest_loss_of_the_whole_run_stays_the_best(change: dict[str, Any]) -> None:
    trainer = overfitting()
    train(trainer, 60)
    before, parameters = trainer.best, trainer.network.parameters.copy()
    assert before is not None and before.step < 60
    trainer.change_options(replace(trainer.options, **change))
    timeline = Timeline(trainer)
    assert trainer.step == 60 and (trainer.network.parameters == parameters).all()
    best = trainer.best
    assert best is not None and (best.step, best.score) == (before.step, before.score)
    assert (best.state.arrays["parameters"] == before.state.arrays["parameters"]).all()
    train(trainer, 20)
    timeline.record()
    assert trainer.best is not None and trainer.best.score.loss <= before.score.loss
    timeline.go_to(60)
    assert trainer.best is not None and trainer.best.step == before.step


@pytest.mark.parametrize("change", CHANGES)
def test_from_the_best_step_before_a_change_training_goes_on_with_the_new_options(change: dict[str, Any]) -> None:
    trainer, other = overfitting(), overfitting()
    train(trainer, 60)
    trainer.change_options(replace(trainer.options, **change))
    best = trainer.best
    assert best is not None
    trainer.restore(best.as_present())
    train(other, best.step)
    # the learning rate stays that of the step
    other.change_options(replace(other.options, **change | {"learning_rate": 0.5}))
    assert train(trainer, 20) == train(other, 20)
    assert trainer.history.rate_changes == other.history.rate_changes


def test_after_a_change_of_the_stop_conditions_alone_the_best_state_stays() -> None:
    trainer = overfitting()
    train(trainer, 60)
    before = trainer.best
    trainer.change_options(replace(trainer.options, stop=StopConditions(patience=7)))
    assert trainer.best is before is not None


@pytest.mark.parametrize("end", [None, "patience"])
def test_a_run_that_went_back_to_its_best_step_ends_there_until_it_goes_on(end: str | None) -> None:
    trainer = overfitting(stop=StopConditions(patience=5))
    while trainer.stop_reason is None:
        trainer.update()
    best = trainer.best
    assert best is not None and best.step < trainer.step
    trainer.restore(best.as_present())
    if end:
        trainer.end_at_best()
        again = overfitting(stop=StopConditions(patience=5))
        again.restore(trainer.state())
        assert again.stop_reason == "patience"
    assert trainer.stop_reason == end
    trainer.update()
    assert trainer.stop_reason is None
