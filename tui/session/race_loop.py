"""The race on the screen: what each command does to it, and a slice of racing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.passes import predict
from gradstep.core.training.descent_step import DescentStep, find_next_step
from gradstep.core.training.race import LaneStanding
from gradstep.data.input_grid import make_input_grid
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup
from gradstep.data.run import Run
from gradstep.tui.round_numbers import next_pace
from gradstep.tui.session.many_runs_session import ManyRunsView
from gradstep.tui.session.pacing import Pacing

VIEW_SECONDS = 0.1

RacePhase = Literal["racing", "paused", "finished"]


@dataclass(frozen=True, slots=True)
class RaceView(ManyRunsView):
    """What the screen draws of a race.

    - `runs` are the runs of the lanes. The screen reads only their data, sizes and names, which do not change.
    - `own_index` is the index of the lane that stands for the run that the race was made from.
    - `position` and `end` are in steps, or in examples if batch sizes race.
    - `rows` is the number of examples of an epoch.
    - `start_loss` is the loss that all lanes start with; between networks of several sizes, that of the first.
    - `fits` are the outputs (points, outputs) of each lane over the grid of a single input, in the race of sizes.
    - `pace` is in turns a second, None without a limit.
    - `chosen` is the index of the selected lane.
    """

    contest: Contest
    runs: tuple[Run, ...]
    own_index: int
    standings: tuple[LaneStanding, ...]
    position: int
    end: int
    rows: int
    start_loss: float
    phase: RacePhase
    pace: float | None
    fits: tuple[Floats, ...] | None = None


class RaceLoop:
    """Owns the lanes of a race, advances them turn by turn and makes views of them. Synchronous."""

    def __init__(self, entries: RaceSetup, contest: Contest, pace: float | None, paused: bool = False) -> None:
        """`pace` is in turns of all lanes a second, None without a limit."""
        self._race, self._runs, self._own_index = entries.race, entries.runs, entries.own_index
        self._contest = contest
        grid = make_input_grid(entries.runs[0].split) if contest == "sizes" else None
        self._grid = grid if grid is not None and grid.scaled.shape[1] == 1 else None
        self._phase: RacePhase = "paused" if paused else "racing"
        self._pacing = Pacing(pace, self._turn)

    @property
    def _turn(self) -> int:
        return -(-self._race.position // self._race.stride)

    def toggle_pause(self) -> None:
        """Pause, or go on. A finished race goes on for as long again."""
        if self._phase == "finished":
            self._race.extend()
        self._enter("paused" if self._phase == "racing" else "racing")

    def change_pace(self, direction: int) -> None:
        """Raise (1) or lower (−1) the pace by one notch."""
        self._pacing.pace = next_pace(self._pacing.pace, direction)
        self._pacing.restart(self._turn)

    def find_next_step(self, lane: int, stop: Callable[[], bool]) -> DescentStep:
        """Pause, and return the step that a lane would make next. Raises Diverged.

        It is an earlier one if `stop()` was true before the lane's trainer had caught up.
        """
        return find_next_step(self.take_run(lane, stop).trainer)

    def take_run(self, lane: int, stop: Callable[[], bool]) -> Run:
        """Pause, and return the run of a lane, which its own trainer has brought to the step of the lane.

        It is at an earlier step if `stop()` was true before. Raises Diverged.
        """
        if self._phase == "racing":
            self._enter("paused")
        self._race.lanes[lane].catch_up(stop)
        return replace(self._runs[lane], seconds=self._race.lanes[lane].seconds)

    def restart(self) -> None:
        """Restart all lanes."""
        self._race.restart()
        self._enter("racing")

    def _enter(self, phase: RacePhase) -> None:
        self._phase = phase
        self._pacing.restart(self._turn)

    def train_slice(self, interrupted: Callable[[], bool]) -> RaceView:
        """Make the turns that are due, until a view is due or `interrupted()` is true; return the view."""
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
        """Return the present standings of all lanes."""
        race, racing = self._race, self._phase == "racing"
        return RaceView(
            self._contest,
            self._runs,
            self._own_index,
            race.standings(evaluate_now=not racing),
            race.position,
            race.end,
            len(self._runs[0].trainer.training_part),
            race.start_loss,
            self._phase,
            self._pacing.pace,
            next_due=perf_counter() + self._pacing.seconds_until_due(self._turn) if racing else None,
            fits=None if self._grid is None else self._compute_fits(self._grid.scaled),
        )

    @np.errstate(all="ignore")
    def _compute_fits(self, rows: Floats) -> tuple[Floats, ...]:
        return tuple(predict(run.network, rows) for run in self._runs)
