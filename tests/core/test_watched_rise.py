"""How far the test loss has risen above its lowest while the training loss falls: the evidence of overfitting."""

import numpy as np
import pytest

from gradstep.core.observation.evidence import measure_watched_rise
from gradstep.core.training.history import History


def rise(train: list[float], test: list[float]) -> float:
    history = History()
    for step, (loss, test_loss) in enumerate(zip(train, test, strict=True), start=1):
        history.add_loss(loss)
        history.add_watched_score(step, test_loss, None)
    return measure_watched_rise(history.loss_curve(), history.watched_scores())


FALLING = np.linspace(1, 0.1, 100).tolist()
RISING_LATE = [*np.linspace(1, 0.5, 50), *np.linspace(0.5, 1, 50)]


def test_the_test_rise_is_the_share_above_the_lowest_test_loss() -> None:
    assert rise(FALLING, RISING_LATE) == pytest.approx(1, abs=0.1)


def test_a_training_loss_that_rises_too_is_not_overfitting() -> None:
    assert rise(RISING_LATE, RISING_LATE) == 0


def test_without_a_test_part_the_test_rise_is_0() -> None:
    history = History()
    history.add_loss(1.0)
    assert measure_watched_rise(history.loss_curve(), history.watched_scores()) == 0
