"""Changing the training options of a run under way."""

from typing import Any

import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.change_training import change_training
from gradstep.data.data_defaults import leave_defaults_open
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from tests.tui.driving import same

LIVE = {"batch_size": 7, "optimizer": "nesterov", "learning_rate": 0.01, "l1": 0.001, "l2": 0.01, "max_epochs": 3}


def iris(**training: Any) -> Experiment:
    return make_experiment({"data": {"name": "iris"}, "training": training})


def trained(steps: int, **training: Any) -> Run:
    run = assemble(iris(**training))
    run.trainer.run(lambda: False, until=steps)
    return run


def test_it_goes_on_from_where_it_is() -> None:
    run = trained(30, optimizer="momentum")
    before, newest = run.network.parameters.copy(), run.trainer.last_pass
    after = change_training(run, iris(**LIVE))
    assert after.trainer is run.trainer and after.trainer.step == 30
    assert (run.network.parameters == before).all() and run.trainer.last_pass is newest
    fields = after.experiment.training.model_dump(exclude_none=True)
    assert fields == {"loss": "cross_entropy", "shuffle": True} | {k: v for k, v in LIVE.items() if v is not None}


def test_its_start_is_that_of_the_new_experiment() -> None:
    assert same(change_training(trained(30), iris(**LIVE)).start, assemble(iris(**LIVE)).start)


def test_saved_and_resumed_it_goes_on_bit_for_bit() -> None:
    run = change_training(trained(30), iris(**LIVE))
    run.trainer.run(lambda: False, until=40)
    again = resume_run(run.checkpoint(1.0))
    for each in (run, again):
        each.trainer.run(lambda: False, until=80)
    assert same(run.trainer.state(), again.trainer.state())


def test_a_change_that_needs_a_new_start_is_refused_with_nothing_changed() -> None:
    run, untouched = trained(10), trained(10)
    with pytest.raises(GradstepError, match="shuffle cannot change"):
        change_training(run, iris(shuffle=False, batch_size=7))
    assert same(run.trainer.state(), untouched.trainer.state())


def test_output_and_loss_are_left_open_where_they_follow_from_the_data() -> None:
    run = assemble(iris())
    assert leave_defaults_open(run.experiment, run.dataset) == iris()


@pytest.mark.parametrize(
    "tables",
    [
        {"data": {"name": "iris"}, "network": {"output": "sigmoid"}},
        {"data": {"name": "circle"}, "training": {"loss": "mse"}},
        {"data": {"name": "iris"}, "network": {"output": "tanh"}, "training": {"loss": "half_sse"}},
        {"data": {"x": [[1.0], [2.0]], "y": [[1.0], [0.5]]}},
    ],
)
def test_an_output_and_a_loss_that_were_chosen_stay(tables: dict[str, Any]) -> None:
    run = assemble(make_experiment(tables))
    assert leave_defaults_open(run.experiment, run.dataset) == make_experiment(tables)
    assert assemble(leave_defaults_open(run.experiment, run.dataset)).experiment == run.experiment
