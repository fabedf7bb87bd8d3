"""The outcome of a run: no better than a constant guess, or nothing to say."""

import pytest

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
