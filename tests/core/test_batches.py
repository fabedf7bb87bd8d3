"""Batches: which rows each update reads."""

import numpy as np
import pytest

from gradstep.core.training.trainer import Trainer
from tests.core.problems import small_trainer


def epoch_of(trainer: Trainer) -> list[list[int]]:
    """The rows of each update of the next epoch."""
    batches = []
    for _ in range(trainer.steps_per_epoch):
        batches.append(trainer.upcoming_rows().tolist())
        trainer.update()
    return batches


def flat(batches: list[list[int]]) -> list[int]:
    return [row for batch in batches for row in batch]


@pytest.mark.parametrize("batch_size", [1, 3, 4, 5, 10, 99, "full"])
@pytest.mark.parametrize("shuffle", [True, False])
def test_every_row_is_read_once_an_epoch(batch_size: int | str, shuffle: bool) -> None:
    trainer = small_trainer(batch_size=batch_size, shuffle=shuffle)
    for _ in range(3):
        assert sorted(flat(epoch_of(trainer))) == list(range(10))


def test_the_last_batch_holds_what_is_left() -> None:
    assert [len(batch) for batch in epoch_of(small_trainer(batch_size=4))] == [4, 4, 2]


def test_full_is_one_update_an_epoch() -> None:
    trainer = small_trainer(batch_size="full")
    assert (trainer.batch_size, trainer.steps_per_epoch) == (10, 1)


def test_a_batch_size_of_one_is_one_update_a_row() -> None:
    assert small_trainer(batch_size=1).steps_per_epoch == 10


def test_a_batch_larger_than_the_data_is_all_of_it() -> None:
    assert small_trainer(batch_size=99).batch_size == 10


def test_an_epoch_is_complete_with_its_last_batch() -> None:
    trainer = small_trainer(batch_size=4)
    epochs = []
    for _ in range(7):
        trainer.update()
        epochs.append(trainer.epoch)
    assert epochs == [0, 0, 1, 1, 1, 2, 2]


def test_without_shuffling_rows_come_in_order() -> None:
    trainer = small_trainer(shuffle=False)
    assert [flat(epoch_of(trainer)) for _ in range(2)] == [list(range(10))] * 2


def test_shuffling_differs_between_epochs() -> None:
    trainer = small_trainer()
    assert flat(epoch_of(trainer)) != flat(epoch_of(trainer))


def test_the_seed_decides_the_order() -> None:
    orders = [flat(epoch_of(small_trainer(shuffle_seed=seed))) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_an_update_reads_exactly_the_upcoming_rows() -> None:
    trainer = small_trainer(batch_size=4)
    for _ in range(trainer.steps_per_epoch):
        rows = trainer.upcoming_rows().copy()
        trainer.update()
        assert trainer.last_pass is not None
        assert np.array_equal(trainer.last_pass.x, trainer.training_part.with_ones[rows, :-1])
