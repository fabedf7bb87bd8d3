"""The networks of the luck screen at work: what each command does to them, and a slice of their training."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.population_verdict import find_falling, judge_members
from gradstep.core.training.stack_scores import PartScores, join_scores
from gradstep.data.luck_setup import LuckSetup
from gradstep.data.run import Run
from gradstep.tui.session.luck_fans import make_fans
from gradstep.tui.session.luck_view import LuckPhase, LuckView
from gradstep.tui.session.pacing import Pacing

VIEW_SECONDS = 0.15

LEAST_SECONDS = 6.0
"""A training takes at least so long, so that one sees the curves part."""

SCORING_SHARE = 0.25
"""Scores are taken at most for so large a share of the time."""


class LuckLoop:
    """Owns the populations, trains them in step, and makes views of them. Synchronous."""

    def __init__(self, setup: LuckSetup, seconds: float = LEAST_SECONDS, paused: bool = False) -> None:
        """The training takes `seconds` at least."""
        self._setup = setup
        self._step, self._end = 0, setup.steps
        self._phase: LuckPhase = "paused" if paused else "training"
        self._pacing = Pacing(setup.steps / seconds if seconds else None, 0)
        count = len(setup.members)
        self._losses: Floats = np.full(count, np.inf)
        self._accuracies: Floats = np.zeros(count)
        self._scored_step = -1
        self._continue_at = 0.0
        self._scoring: Iterator[None] | None = None
        self._score_again_at = 0.0

    def toggle_pause(self) -> None:
        """Pause, or go on. A finished training goes on for as long again."""
        if self._phase == "finished":
            self._end += self._setup.steps
        self._phase = "paused" if self._phase == "training" else "training"
        self._pacing.restart(self._step)
        self._continue_at = 0.0

    def make_run(self, member: int, stop: Callable[[], bool]) -> Run:
        """Train the run of a member by its own trainer to the step of the member, or until `stop()` is true.

        Raises Diverged.
        """
        began, run = perf_counter(), self._setup.make_run(member)
        population, index = self._setup.find_population(member)
        end = population.ends[index]
        run.trainer.run(stop, until=self._step if end is None else end.step)
        return replace(run, seconds=perf_counter() - began)

    def train_slice(self, interrupted: Callable[[], bool]) -> LuckView:
        """Make the steps and the scores that are due, until a view is due or `interrupted()` is true; return the view.

        While it rests, only the scores of the last step are taken.
        """
        view_at = perf_counter() + VIEW_SECONDS
        due = self._pacing.due(self._step)
        self._continue_at = view_at
        while True:
            if interrupted() or perf_counter() > view_at:
                # something is left to do at once
                self._continue_at = perf_counter()
                break
            if self._scoring is not None:
                self._score_portion(self._scoring)
            elif self._phase != "training" or self._step >= self._end or self._all_stand:
                if self._scored_step == self._step:
                    self._phase = "finished" if self._phase == "training" else self._phase
                    break
                self._scoring = self._score()
            elif perf_counter() > self._score_again_at and self._scored_step < self._step:
                self._scoring = self._score()
            elif due is not None and self._step >= due:
                break
            else:
                self._update()
        return self.view()

    @property
    def _all_stand(self) -> bool:
        return all(population.finished for population in self._setup.populations)

    def _update(self) -> None:
        for population in self._setup.populations:
            population.update()
        self._step += 1

    def _score_portion(self, scoring: Iterator[None]) -> None:
        """Score some of the networks; the scores of a step are published together."""
        try:
            next(scoring)
        except StopIteration:
            self._scoring = None

    def _score(self) -> Iterator[None]:
        """Score all networks, some of them at a time."""
        began = perf_counter()
        found = list[PartScores]()
        for population in self._setup.populations:
            for portion in population.score_in_portions(self._setup.part):
                found.append(portion)
                yield
        scores = join_scores(found)
        self._losses = scores.losses
        if scores.accuracies is not None:
            self._accuracies = scores.accuracies
        self._scored_step = self._step
        self._score_again_at = perf_counter() + (perf_counter() - began) * (1 / SCORING_SHARE - 1)

    # views

    def view(self) -> LuckView:
        """Return how all networks stand."""
        setup, classification = self._setup, self._setup.run.trainer.classification
        ends = [end for population in setup.populations for end in population.ends]
        diverged = np.array([end is not None and end.diverged for end in ends])
        stopped = np.array([end is not None and not end.diverged for end in ends])
        falling = np.concatenate([find_falling(each.losses.losses) for each in setup.populations])
        return LuckView(
            variation=setup.variation,
            run=setup.run,
            groups=setup.groups,
            members=setup.members,
            part_name=setup.part_name,
            guess=setup.guess,
            training_guess=setup.training_guess,
            wanted=setup.wanted,
            step=self._step,
            end=self._end,
            phase=self._phase,
            fans=() if setup.variation == "rates" else tuple(make_fans(setup, diverged)),
            scored_step=self._scored_step,
            losses=self._losses,
            accuracies=self._accuracies if classification else None,
            verdicts=judge_members(self._losses, diverged, falling, setup.guess),
            diverged=diverged,
            stopped=stopped,
            next_due=self._find_next_due(),
        )

    def _find_next_due(self) -> float | None:
        rests = self._phase != "training" and self._scored_step == self._step and self._scoring is None
        return None if rests else self._continue_at
