"""The rows of a history are what was measured, by an oracle that watches every step."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.training.history import History
from gradstep.core.training.trainer import Trainer
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.history_rows import FIELDS, list_history_rows
from gradstep.data.saved_history import read_history


def a_trainer(**data: object) -> Trainer:
    return assemble(make_experiment({"data": {"name": "iris"} | data})).trainer


def test_each_row_has_what_was_measured_at_its_step() -> None:
    trainer = a_trainer()
    losses, epochs, rates = [0.0], [0], [0.1]
    scores = {0: trainer.watched_score()}
    for step in range(1, 60):
        if step == 21:
            trainer.learning_rate = 0.05
        if step == 34:
            trainer.change_options(replace(trainer.options, batch_size=7, learning_rate=0.05))
        losses.append(trainer.update())
        epochs.append(trainer.epoch)
        rates.append(trainer.learning_rate)
        scores[step] = trainer.watched_score()
    rows = list_history_rows(trainer.history)
    assert len(rows) > 5
    before = 0
    for row in rows:
        assert (row.epoch, row.learning_rate, row.seconds) == (epochs[row.step], rates[row.step], None)
        if row.step:
            assert row.train_loss == pytest.approx(np.mean(losses[before + 1 : row.step + 1]))
        if row is not rows[-1]:
            score = scores[row.step]
            assert score is not None
            assert (row.watched_loss, row.watched_accuracy) == (score.loss, score.accuracy)
        before = row.step
    assert rows[0].train_loss is None
    assert rows[-1].step == 59
    assert len(rows[0].values()) == len(FIELDS)


def test_without_a_test_part_there_is_a_row_for_every_bucket_and_later_rows_add_up() -> None:
    trainer = a_trainer(test_fraction=0.0)
    trainer.run(lambda: False, until=3)
    assert [row.step for row in list_history_rows(trainer.history)] == [1, 2, 3]
    trainer.run(lambda: False, until=3001)
    every = list_history_rows(trainer.history, newest=False)
    assert [row.step for row in every] == list(range(4, 3001, 4))
    later = list_history_rows(trainer.history, after=2998)
    assert [row.step for row in later] == [3000, 3001]
    total = sum(row.train_loss * 4 for row in every if row.train_loss is not None)
    assert total == pytest.approx(float((trainer.history.loss_curve().mean[:-1] * 4).sum()))


def test_a_state_without_the_marks_of_epochs_gets_them_back() -> None:
    trainer = a_trainer()
    trainer.run(lambda: False, until=30)
    state = trainer.state()
    expected = [row.epoch for row in list_history_rows(trainer.history)]
    del state.arrays["history.epochs"]
    trainer.restore(state)
    assert [row.epoch for row in list_history_rows(trainer.history)] == expected


def test_the_history_of_a_checkpoint_needs_neither_network_nor_data() -> None:
    run = assemble(make_experiment({"data": {"name": "iris"}}))
    run.trainer.run(lambda: False, until=41)
    expected = list_history_rows(run.trainer.history)
    assert list_history_rows(read_history(run.checkpoint(0.0))) == expected
    old = run.checkpoint(0.0)
    del old.state.arrays["history.epochs"]
    assert list_history_rows(read_history(old)) == expected
    del old.state.values["rows"]
    with pytest.raises(GradstepError):
        read_history(old)


def test_a_history_before_the_first_step_has_no_row_or_that_of_the_start() -> None:
    history = History()
    history.add_learning_rate(0, 0.1)
    history.add_epoch_mark(0, 0, 4)
    assert list_history_rows(history) == []
    assert [row.step for row in list_history_rows(a_trainer().history)] == [0]
