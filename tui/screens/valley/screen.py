"""The valley screen: the loss along the next step, or along one weight, and where the step lands."""

import asyncio
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.parameter_edit import ParameterIndex, find_heaviest_weight
from gradstep.core.observation.parameter_line import measure_around
from gradstep.core.training.descent_step import DescentStep
from gradstep.core.training.divergence import Diverged
from gradstep.tui.keymap import VALLEY_KEYS
from gradstep.tui.round_numbers import next_round_number
from gradstep.tui.screens.valley.explanation import ValleyExplanation
from gradstep.tui.screens.valley.plot import ValleyPlot
from gradstep.tui.screens.valley.state import (
    COARSE,
    ValleyMode,
    ValleyView,
    choose_ends,
    measure_part_line,
    measure_step_line,
)
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen

SECONDS_BETWEEN_LOOKS = 0.05

LANE_ONLY = "this is a lane of the race: it makes its steps there"
WHAT_IF = "what if: the step was made with its own rate, the run does not change"


class ValleyScreen(PanelScreen[ValleyView, None]):
    """Holds the chosen rate and parameter. It follows the run: after a step or a new rate there is another valley.

    With a given step, such as that of a walkthrough, the landing moves and the run does not change, until `s` makes the
    run's next step. Everything is computed in threads, first with few points, then with all.
    """

    keys = VALLEY_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (100, "wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short")]  # noqa: RUF012

    def __init__(
        self,
        session: TrainingSession,
        given: DescentStep | None = None,
        parameter: ParameterIndex | None = None,
        of_lane: bool = False,
    ) -> None:
        """Make the screen. With a `parameter` it begins with the line of that one.

        `of_lane` says that the given step belongs to a lane of a race, which makes its steps there only.
        """
        snapshot = session.view.snapshot
        rate = snapshot.learning_rate if given is None else given.learning_rate
        super().__init__(
            ValleyView(
                dataset=session.run.dataset,
                optimizer=session.run.trainer.optimizer.name,
                mode="step" if parameter is None else "parameter",
                parameter=parameter or find_heaviest_weight(snapshot),
                rate=rate,
                ends=choose_ends(rate, None),
            )
        )
        self._session, self._given, self._of_lane = session, given, of_lane
        self._shown = self._read_moment()

    def compose(self) -> ComposeResult:
        with Container(id="valley"):
            yield ValleyPlot(id="valley-plot")
            yield ValleyExplanation(id="valley-why")
        yield KeyBar(VALLEY_KEYS)

    def on_mount(self) -> None:
        self._measure_later()
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._follow)

    def key_bar_view(self) -> View:
        return self._session.view

    def _read_moment(self) -> tuple[object, ...]:
        """Return what the valley depends on: it is another one if this has changed."""
        view = self._session.view
        return view.snapshot.step, view.snapshot.learning_rate, view.edits

    def _follow(self) -> None:
        """Measure the valley anew if the run has moved on."""
        moment = self._read_moment()
        if moment != self._shown and self._session.phase != "training":
            self._shown = moment
            if self._given is None:
                rate = self._session.view.snapshot.learning_rate
                self._change(replace(self.view, rate=rate, ends=choose_ends(rate, self.view.ends)))
        self.query_one(KeyBar).show(self.key_bar_view())

    def _change(self, view: ValleyView) -> None:
        """Show this view, and measure what belongs to it."""
        self.show_view(view)
        self._measure_later()

    def _measure_later(self) -> None:
        """Measure in a worker; one that is at work for an older view ends."""
        self.run_worker(self._measure(), group="valley", exclusive=True, exit_on_error=True)

    async def _measure(self) -> None:
        try:
            step = self._given or await self._session.find_next_step()
        except Diverged as error:
            self.show_view(replace(self.view, trouble=f"There is no valley: {error}"))
            return
        if self.view.mode == "step":
            await self._measure_step(step)
        else:
            await self._measure_parameter(step)

    async def _measure_step(self, step: DescentStep) -> None:
        ends, rate, part = self.view.ends, self.view.rate, self._session.run.trainer.training_part
        line, landing = await asyncio.to_thread(measure_step_line, step, ends, rate, COARSE)
        self.show_view(replace(self.view, line=line, landing=landing, part_line=None, part_loss=None, trouble=""))
        line, landing = await asyncio.to_thread(measure_step_line, step, ends, rate, line.surface.points)
        self.show_view(replace(self.view, line=line, landing=landing))
        part_line = await asyncio.to_thread(measure_part_line, step, part, ends)
        loss = await asyncio.to_thread(part_line.find_loss, rate / step.learning_rate)
        self.show_view(replace(self.view, part_line=part_line, part_loss=loss))

    async def _measure_parameter(self, step: DescentStep) -> None:
        for points in (COARSE, None):
            line = await asyncio.to_thread(measure_around, step, self.view.parameter, points)
            self.show_view(replace(self.view, parameter_line=line, trouble=""))

    def action_rate(self, direction: int) -> None:
        """Move the landing: the rate of the run, or of a given step alone, goes one notch up (1) or down (−1)."""
        if self._given is None:
            self._session.change_rate(direction)
            return
        rate = next_round_number(self.view.rate, direction)
        self._session.show_note(WHAT_IF)
        self._change(replace(self.view, rate=rate, ends=choose_ends(rate, self.view.ends)))

    def action_make_step(self) -> None:
        """Make the run's next step, and show the valley of the one after it."""
        if self._of_lane:
            self._session.show_note(LANE_ONLY)
            return
        self._given = None
        self._session.make_step()

    def action_move(self, steps: int) -> None:
        """Go back or forward through the recorded steps."""
        if self._of_lane:
            self._session.show_note(LANE_ONLY)
            return
        self._given = None
        self._session.move(steps)

    def action_along(self) -> None:
        """Show the line of one parameter instead of that of the step, or the other way round."""
        mode: ValleyMode = "parameter" if self.view.mode == "step" else "step"
        self._change(replace(self.view, mode=mode))

    def action_layer(self, direction: int) -> None:
        self._choose(self.view.parameter.move_layer(self._weights, direction))

    def action_neuron(self, direction: int) -> None:
        self._choose(self.view.parameter.move_neuron(self._weights, direction))

    def action_weight(self, direction: int) -> None:
        self._choose(self.view.parameter.move_source(self._weights, direction))

    def _choose(self, parameter: ParameterIndex) -> None:
        self._change(replace(self.view, mode="parameter", parameter=parameter))

    @property
    def _weights(self) -> list[Floats]:
        return [layer.weights for layer in self._session.view.snapshot.layers]

    def action_leave(self) -> None:
        self.dismiss()
