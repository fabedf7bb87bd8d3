"""The race at work: an async worker that supervises, a thread that computes, a slot for what to look at."""

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from gradstep.core.training.race import LaneStanding
from gradstep.data.race_setup import Contest, set_up_race
from gradstep.data.run import Run
from gradstep.tui.round_numbers import next_pace
from gradstep.tui.session.command_queue import CommandQueue
from gradstep.tui.session.pacing import Pacing

VIEW_SECONDS = 0.1
PACE = 50.0
"""Steps a second to begin with: 300 take six seconds, in which the curves are seen to part."""

RacePhase = Literal["racing", "paused", "finished"]


@dataclass(frozen=True, slots=True)
class RaceView:
    """What the screen draws. `at` and `end` are in steps, or in examples where batches race; `pace` None is no limit.

    `rows` are the examples of an epoch, `start` is the loss that all began with, `chosen` the lane a person looks at.
    """

    contest: Contest
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


class RaceSession:
    """Runs a race in slices, between which commands are applied, and leaves the newest `view` for whoever looks."""

    def __init__(self, run: Run, contest: Contest, pace: float | None = PACE, paused: bool = False) -> None:
        """A race from the start of `run`, which is left as it is; `pace` is in turns of all lanes a second."""
        entered = set_up_race(run, contest)
        self.runs, self.own = entered.runs, entered.own_index
        self._race, self._contest = entered.race, contest
        self._rows = len(run.trainer.training_part)
        self._phase: RacePhase = "paused" if paused else "racing"
        self._pacing = Pacing(pace, self._turn)
        self._commands = CommandQueue()
        self.view = self._make_view()

    @property
    def _turn(self) -> int:
        return -(-self._race.position // self._race.stride)

    def pause_or_go_on(self) -> None:
        """Pause, or go on; at the end for as long again."""

        def toggle() -> None:
            if self._phase == "finished":
                self._race.extend()
            self._enter("paused" if self._phase == "racing" else "racing")

        self._commands.add(toggle)

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""

        def change() -> None:
            self._pacing.pace = next_pace(self._pacing.pace, direction)
            self._pacing.restart(self._turn)

        self._commands.add(change)

    def restart(self) -> None:
        """Let all begin again."""

        def restart() -> None:
            self._race.restart()
            self._enter("racing")

        self._commands.add(restart)

    def close(self) -> None:
        """End the supervisor and, after the turn in hand, the thread."""
        self._commands.close()

    async def supervise(self) -> None:
        """Run until `close`: race while racing, and apply commands as they come."""
        while not self._commands.closed:
            if self._commands:
                while self._commands:
                    self._commands.next()()
                self.view = await asyncio.to_thread(self._make_view)
            elif self._phase != "racing":
                await self._commands.wait()
            elif (wait := self._pacing.seconds_until_due(self._turn)) > 0:
                await self._commands.wait(wait)
            else:
                await asyncio.to_thread(self._run)

    def _enter(self, phase: RacePhase) -> None:
        self._phase = phase
        self._pacing.restart(self._turn)

    def _run(self) -> None:
        """In the thread: as many turns as are due, at least one, and not for long; then a view."""
        look_at = perf_counter() + VIEW_SECONDS
        due = self._pacing.due(self._turn)
        while not (self._race.finished or self._commands.interrupt or perf_counter() > look_at):
            if due is not None and self._turn >= due:
                break
            self._race.advance()
        if self._race.finished:
            self._phase = "finished"
        self.view = self._make_view()

    def _make_view(self) -> RaceView:
        race = self._race
        standings = race.standings(evaluate_now=self._phase != "racing")
        return RaceView(
            self._contest,
            standings,
            race.position,
            race.end,
            self._rows,
            race.start_loss,
            self._phase,
            self._pacing.pace,
        )
