"""Rewinding: what a person does to go back and forward in the past of a run."""

from gradstep.core.observation.outcome import has_exploded
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from gradstep.tui.numbers import format_chosen, format_count, format_number
from gradstep.tui.session.notes import (
    AT_FIRST_STEP,
    AT_NEWEST_STEP,
    GOES_ON,
    NO_BEST,
    NO_RATE_HOLDS,
    NOT_DIVERGED,
)
from gradstep.tui.session.past import Past
from gradstep.tui.session.rate_trial import go_back_to_where_a_rate_holds
from gradstep.tui.session.run_plan import RunPlan


class Rewind:
    """Brings a run to another of its steps, pauses there, and notes what came of it.

    `start` is the state before the first step. It is replaced when the training options change.
    """

    def __init__(self, trainer: Trainer, start: TrainerState, past: Past, plan: RunPlan) -> None:
        self.start = start
        self._trainer, self._past, self._plan = trainer, past, plan

    def reset(self) -> None:
        """Go back to the start of the run. A paused training stays paused."""
        self._trainer.restore(self.start)
        self._past.begin()
        self._plan.restart()

    def move(self, steps: int) -> None:
        """Go back (`steps` < 0) or forward through the recorded steps, and pause there."""
        moved = self._past.go_to(self._trainer.step + steps)
        self._plan.enter("paused")
        if not moved:
            self._plan.show_note(AT_FIRST_STEP if steps < 0 else AT_NEWEST_STEP)

    def move_epoch(self, direction: int) -> None:
        """Go back (−1) or forward (1) by the number of steps of an epoch, and pause there."""
        self.move(direction * self._trainer.steps_per_epoch)

    def go_to_best(self) -> None:
        """Go to the step with the lowest loss on the validation part, and pause there."""
        best = self._past.find_best()
        if best is None:
            self._plan.show_note(NO_BEST)
            return
        self._past.go_to_best(best)
        step, loss = format_count(best.step), format_number(best.score.loss, 0)
        self._plan.enter("paused", f"best: step {step}, validation loss {loss}; {GOES_ON}")

    def go_back_slower(self) -> None:
        """After a divergence or explosion, go back to the last good step, with a rate that holds, and pause there.

        The rate is halved until the run, tried forward, neither diverges again nor dies. If no rate holds from that
        step, or if it is not kept any more, go back to the start.
        """
        trainer = self._trainer
        if self._plan.phase != "diverged" and not has_exploded(trainer.history.loss_curve()):
            self._plan.show_note(NOT_DIVERGED)
            return
        rate = go_back_to_where_a_rate_holds(trainer, self._past, self.start)
        if rate is None:
            self._plan.enter("paused", NO_RATE_HOLDS)
            return
        back = f"back at step {format_count(trainer.step)}, learning rate {format_chosen(rate)}: {GOES_ON}"
        self._plan.enter("paused", back)
