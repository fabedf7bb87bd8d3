"""The race that is shown on the screen: what each command does to it, and a slice of racing."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from gradstep.core.training.race import LaneStanding
from gradstep.data.race_setup import Contest, RaceSetup
from gradstep.data.run import Run
from gradstep.tui.round_numbers import next_pace
from gradstep.tui.session.pacing import Pacing

VIEW_SECONDS = 0.1

RacePhase = Literal["racing", "paused", "finished"]


@dataclass(frozen=True, slots=True)
class RaceView:
    """What the screen draws. `at` and `end` are in steps, or in examples where batches race; `pace` None is no limit.

    `rows` are the examples of an epoch, `start` is the loss that all began with, `chosen` the lane a person looks at.
    `next_due` is the moment of `perf_counter` at which the lanes may go on, None while they rest. `runs` are the runs
    of the lanes; the screen reads only what does not change meanwhile. `own` is the lane nearest to the run that the
    race was made from.
    """

    contest: Contest
    runs: tuple[Run, ...]
    own: int
    standings: tuple[LaneStanding, ...]
    at: int
    end: int
    rows: int
    start: float
    phase: RacePhase
    pace: float | None
    chosen: int = 0
    logarithmic: bool = True
    note: str = ""
    next_due: float | None = None


class RaceLoop:
    """Owns the trainers of a race; advances them turn by turn, and makes views of them. Plain and synchronous."""

    def __init__(self, entries: RaceSetup, contest: Contest, pace: float | None, paused: bool = False) -> None:
        """With `pace` in turns of all lanes a second, None without a limit."""
        self._race, self._runs, self._own = entries.race, entries.runs, entries.own_index
        self._contest = contest
        self._phase: RacePhase = "paused" if paused else "racing"
        self._pacing = Pacing(pace, self._turn)

    @property
    def _turn(self) -> int:
        return -(-self._race.position // self._race.stride)

    def toggle_pause(self) -> None:
        """Pause, or go on; at the end for as long again."""
        if self._phase == "finished":
            self._race.extend()
        self._enter("paused" if self._phase == "racing" else "racing")

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""
        self._pacing.pace = next_pace(self._pacing.pace, direction)
        self._pacing.restart(self._turn)

    def restart(self) -> None:
        """Let all begin again."""
        self._race.restart()
        self._enter("racing")

    def _enter(self, phase: RacePhase) -> None:
        self._phase = phase
        self._pacing.restart(self._turn)

    def race_slice(self, interrupted: Callable[[], bool]) -> RaceView:
        """Make as many turns as are due, at least one, until it is time for a view or `interrupted` ends it."""
        view_at = perf_counter() + VIEW_SECONDS
        due = self._pacing.due(self._turn)
        while not (self._race.finished or interrupted() or perf_counter() > view_at):
            if due is not None and self._turn >= due:
                break
            self._race.advance()
        if self._race.finished:
            self._phase = "finished"
        return self.view()

    def view(self) -> RaceView:
        """What the screen draws: how every lane stands now."""
        race, racing = self._race, self._phase == "racing"
        return RaceView(
            self._contest,
            self._runs,
            self._own,
            race.standings(evaluate_now=not racing),
            race.position,
            race.end,
            len(self._runs[0].trainer.training_part),
            race.start_loss,
            self._phase,
            self._pacing.pace,
            next_due=perf_counter() + self._pacing.seconds_until_due(self._turn) if racing else None,
        )
