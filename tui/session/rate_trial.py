"""Takes a run that diverged back to a step from which a smaller learning rate holds, which it tries forward."""

from time import perf_counter

import numpy as np

from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.last_good_step import GOOD_FACTOR, find_last_good_step
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from gradstep.tui.session.past import Past

LEAST_TRIAL = 100
"""A trial has at least so many steps, and twice as many as it took to diverge."""

SECONDS_A_TRIAL = 0.3
MOST_HALVINGS = 20
"""Half the rate so many times is a millionth."""


def go_back_to_where_a_rate_holds(trainer: Trainer, past: Past, start: TrainerState) -> float | None:
    """Go back to the last good step, or to the start where no rate holds from there, and take the rate that holds.

    Returns that rate; None, with the run at its start and its rate as before, if no rate holds from there either.
    """
    diverged_at, rate = trainer.step, trainer.learning_rate
    good_step = find_last_good_step(trainer.history.loss_curve(), trainer.steps_per_epoch)
    for target in dict.fromkeys((good_step, 0)):
        past.branch_from(target, start)
        trainer.learning_rate = rate
        holding = find_rate_that_holds(trainer, diverged_at - trainer.step)
        if holding is not None:
            trainer.learning_rate = holding
            past.record_rate_change()
            return holding
    return None


def find_rate_that_holds(trainer: Trainer, diverged_after: int) -> float | None:
    """Return the first rate of a half, a quarter, … of the present one that holds from the present step.

    The run diverged `diverged_after` steps after this one. None if no rate holds. The trainer is as before.
    """
    start, rate = trainer.state(), trainer.learning_rate
    steps = max(LEAST_TRIAL, 2 * diverged_after)
    try:
        for _ in range(MOST_HALVINGS):
            rate /= 2
            trainer.learning_rate = rate
            if _holds(trainer, steps):
                return rate
            trainer.restore(start)
    finally:
        trainer.restore(start)
    return None


def _holds(trainer: Trainer, steps: int) -> bool:
    """Train on for so many steps, or for SECONDS_A_TRIAL; say whether the loss stays good and no layer dies."""
    deadline, first = perf_counter() + SECONDS_A_TRIAL, trainer.step
    try:
        trainer.run(lambda: perf_counter() > deadline, until=first + steps)
    except Diverged:
        return False
    curve = trainer.history.loss_curve()
    tried = curve.mean[curve.step > first]
    now = tried[-max(1, len(tried) // 4) :].mean()
    dead = any(layer.silent_share == 1 for layer in take_snapshot(trainer, ExampleIndex("training", 0)).layers)
    return bool(np.isfinite(now) and now <= GOOD_FACTOR * tried[0]) and not dead
