"""The outcome of a run: no better than a constant guess, or nothing to say."""

import pytest

from gradstep.core.observation.evidence import measure_remaining_loss, measure_start_loss
from gradstep.core.observation.finding import Remedy
from gradstep.core.observation.outcome import judge_outcome
from gradstep.core.training.trainer import Trainer
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.lesson import lesson_names, load_lesson


def trained(data: str, steps: int, **training: object) -> Trainer:
    trainer = assemble(make_experiment({"data": {"name": data}, "training": training})).trainer
    trainer.run(lambda: False, until=steps)
    return trainer


def test_after_a_few_steps_a_loss_that_leapt_up_is_no_better_than_a_guess() -> None:
    trainer = trained("sine", 5, optimizer="sgd", learning_rate=5.0)
    found = judge_outcome(trainer, trainer.evaluate())
    assert found is not None
    assert (found.kind, found.remedy) == ("no better", Remedy.RESTART_WITH_MUCH_SMALLER_RATE)


@pytest.mark.parametrize("data", ["xor", "sine", "digits", "iris"])
def test_after_a_few_steps_a_loss_that_has_hardly_moved_is_not_judged(data: str) -> None:
    trainer = trained(data, 3)
    assert judge_outcome(trainer, trainer.evaluate()) is None


@pytest.mark.parametrize("name", lesson_names())
def test_a_lesson_of_one_step_ends_as_planned(name: str) -> None:
    trainer = assemble(load_lesson(name).experiment).trainer
    trainer.update()
    assert judge_outcome(trainer, trainer.evaluate()) is None


def test_weights_that_start_at_0_need_another_initializer() -> None:
    make = make_experiment({"data": {"name": "spiral"}, "network": {"init": "zeros"}})
    trainer = assemble(make).trainer
    trainer.run(lambda: False, until=100)
    found = judge_outcome(trainer, trainer.evaluate())
    assert found is not None
    assert (found.kind, found.remedy) == ("no gradient", Remedy.OTHER_INITIALIZER)


def test_weights_that_the_penalty_has_drawn_to_nothing_need_a_smaller_one() -> None:
    trainer = trained("moons", 400, l2=10.0)
    found = judge_outcome(trainer, trainer.evaluate())
    assert found is not None and found.remedy is Remedy.SMALLER_PENALTY


@pytest.mark.parametrize("steps", [100, 2250])
def test_a_loss_that_exploded_at_once_is_compared_with_that_of_the_start(steps: int) -> None:
    make = {"data": {"name": "digits"}, "network": {"activation": "tanh"}, "training": {"learning_rate": 20.0}}
    trainer = assemble(make_experiment(make)).trainer
    trainer.run(lambda: False, until=steps)
    curve, scores = trainer.history.loss_curve(), trainer.history.watched_scores()
    assert measure_start_loss(curve, scores) < 3
    assert measure_remaining_loss(curve, scores) > 10
    found = judge_outcome(trainer, trainer.evaluate())
    assert found is not None and found.remedy is Remedy.RESTART_WITH_MUCH_SMALLER_RATE


def test_of_more_right_answers_by_chance_the_loss_is_said_to_be_no_better() -> None:
    network = {"hidden": [16] * 6, "activation": "sigmoid"}
    trainer = assemble(make_experiment({"data": {"name": "digits"}, "network": network})).trainer
    trainer.run(lambda: False, until=900)
    evaluation, guess = trainer.evaluate(), trainer.constant_guess
    assert evaluation.test and guess.test and evaluation.test.accuracy > guess.test.accuracy
    found = judge_outcome(trainer, evaluation)
    assert found is not None and found.problem.startswith("its loss ends no better")
    assert "the loss is 1.00 times" in found.evidence
