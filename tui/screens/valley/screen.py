"""The valley screen: the loss along the next step, or along one weight, and where the step lands."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.loss_plane import measure_plane, span_by_parameters, span_by_steps
from gradstep.core.observation.parameter_edit import find_heaviest_weight
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import find_steepest_weights, measure_around
from gradstep.core.training.descent_step import DescentStep
from gradstep.core.training.divergence import Diverged
from gradstep.tui.round_numbers import next_round_number
from gradstep.tui.screen_keys import VALLEY_KEYS
from gradstep.tui.screens.valley.explanation import ValleyExplanation
from gradstep.tui.screens.valley.notes import (
    LANE_ONLY,
    MAP_OF_WEIGHTS_ONLY,
    MAP_ONLY,
    WHAT_IF,
    explain_missing_plane,
)
from gradstep.tui.screens.valley.plot import ValleyPlot
from gradstep.tui.screens.valley.state import (
    COARSE,
    ValleyMode,
    ValleyView,
    choose_ends,
    find_other_axis,
    measure_part_line,
    measure_step_line,
)
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen

COARSE_MAP = (12, 8)
"""Columns and rows of the map that is computed first."""

SECONDS_BETWEEN_LOOKS = 0.05


class ValleyScreen(PanelScreen[ValleyView, None]):
    """Holds the chosen rate and parameter. It follows the run: after a step or a new rate there is another valley.

    With a given step, such as that of a walkthrough, the landing moves and the run does not change. `s` leaves it for
    the run's next step. Everything is computed in threads, first with few points, then with all.
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
                optimizer=snapshot.optimizer,
                mode="step" if parameter is None else "parameter",
                parameter=parameter or find_heaviest_weight(snapshot),
                rate=rate,
                ends=choose_ends(rate, None),
            )
        )
        self._session, self._given, self._of_lane = session, given, of_lane
        self._chosen = parameter is not None
        self._shown = self._read_moment()
        self.waits = True
        """Whether something is being measured that the screen will show."""

    def compose(self) -> ComposeResult:
        with Container(id="valley"):
            yield ValleyPlot(id="valley-plot")
            yield ValleyExplanation(id="valley-why")
        yield KeyBar(VALLEY_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        view = self._view
        landing = view.landing if view is not None else None
        return ScreenFacts("valley", valley=view.mode if view else "", landing=landing.kind if landing else "")

    def on_mount(self) -> None:
        # after the first drawing, for which the processor is free then
        self.call_after_refresh(self._measure_later)
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._follow)

    def draw(self, view: ValleyView) -> None:
        """Draw the view. The map needs more room, and fewer words."""
        self.set_class(view.mode == "map", "map")
        super().draw(view)

    def key_bar_view(self) -> View:
        return self._session.view.on_other_screens

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
                self._change_rate(self._session.view.snapshot.learning_rate)
        self.query_one(KeyBar).show(self.key_bar_view())

    def _change(self, view: ValleyView) -> None:
        """Show the view that a key has chosen, without a note on an earlier key, and measure what belongs to it."""
        self._session.show_note("")
        self.show_view(view)
        self._measure_later()

    def _measure_later(self) -> None:
        """Measure in a worker; one that is at work for an older view ends."""
        self.waits = True
        self.begin_work(self._measure, "valley", exclusive=True)

    def _change_rate(self, rate: float) -> None:
        """Let the step land where this rate leads, and measure the valley around that."""
        self.show_view(self._with_rate(rate))
        self._measure_later()

    def _with_rate(self, rate: float) -> ValleyView:
        return replace(self.view, rate=rate, ends=choose_ends(rate, self.view.ends))

    async def _measure(self) -> None:
        edits = self._session.view.edits  # read before the step: one that is made meanwhile is followed then
        try:
            step = self._given or await self._session.find_next_step()
        except Diverged as error:
            self.show_view(replace(self.view, trouble=f"There is no valley: {error}"))
            self.waits = False
            return
        if self._given is None:
            # the run may have moved since the measurement was begun, and back again, or its rate may be another one
            self._shown = step.step - 1, step.learning_rate, edits
            self.show_view(self._with_rate(step.learning_rate))
        if not self._chosen:
            await self._choose_steepest(step)
        match self.view.mode:
            case "step":
                await self._measure_step(step)
            case "parameter":
                await self._measure_parameter(step)
            case "map":
                await self._measure_map(step)
        self.waits = False

    async def _choose_steepest(self, step: DescentStep) -> None:
        """Choose the steepest weight of this step; once it is shown, it stays that of the following steps."""
        steepest, *_ = await call_in_daemon_thread(find_steepest_weights, step)
        view = self.view
        self._chosen = view.mode == "parameter" or (view.mode == "map" and view.of_weights)
        self.show_view(replace(view, parameter=steepest))

    async def _measure_step(self, step: DescentStep) -> None:
        ends, rate, part = self.view.ends, self.view.rate, self._session.run.trainer.training_part
        line, landing = await call_in_daemon_thread(measure_step_line, step, ends, rate, COARSE, False)
        edited, made = self._session.view.edits > 0, self._given is not None and not self._of_lane
        before = replace(self.view, part_line=None, part_loss=None, edited=edited, made=made, trouble="")
        self.show_view(replace(before, line=line, landing=landing))
        line, landing = await call_in_daemon_thread(measure_step_line, step, ends, rate, line.surface.points, True)
        self.show_view(replace(self.view, line=line, landing=landing))
        part_line = await call_in_daemon_thread(measure_part_line, step, part, ends)
        loss = await call_in_daemon_thread(part_line.find_loss, rate / step.learning_rate)
        self.show_view(replace(self.view, part_line=part_line, part_loss=loss))

    async def _measure_parameter(self, step: DescentStep) -> None:
        for points in (COARSE, None):
            line = await call_in_daemon_thread(measure_around, step, self.view.parameter, points)
            self.show_view(replace(self.view, parameter_line=line, trouble=""))

    async def _measure_map(self, step: DescentStep) -> None:
        view = self.view
        past = [] if self._of_lane else await self._session.read_path()
        axes = await call_in_daemon_thread(span_by_steps, step)
        missing = "" if axes else explain_missing_plane(step, of_walk=self._given is not None and not self._of_lane)
        if axes is None or view.of_weights:
            self._chosen = True
            up = view.up
            if up is None:
                up = await call_in_daemon_thread(find_other_axis, step, view.parameter, self._weights)
            axes = await call_in_daemon_thread(span_by_parameters, step, view.parameter, up)
            view = replace(view, up=up, of_weights=True)
        self.show_view(replace(view, missing=missing))
        size = self.query_one(ValleyPlot).content_size
        for cells in (COARSE_MAP, (max(COARSE_MAP[0], size.width), max(COARSE_MAP[1], 2 * size.height))):
            plane = await call_in_daemon_thread(measure_plane, step, axes, *cells, past)
            self.show_view(replace(self.view, plane=plane, trouble=""))

    def can_act(self, id: str) -> bool:
        on_map = self.view.mode == "map"
        if id in ("valley_step", "valley_back", "valley_on"):
            return not self._of_lane
        other_axes = on_map and not (self.view.of_weights and self.view.missing)
        return {"axes": other_axes, "swap": on_map and self.view.of_weights}.get(id, True)

    def action_rate(self, direction: int) -> None:
        """Move the landing: the rate of the run, or of a given step alone, goes one notch up (1) or down (−1)."""
        if self._given is None:
            self._session.change_rate(direction)
            return
        rate = next_round_number(self.view.rate, direction)
        self._session.show_note(WHAT_IF)
        self._change_rate(rate)

    def action_make_step(self) -> None:
        """Make the run's next step, and show the valley of the one after it.

        A given step that is made already is left first: what follows is the valley of the run's next step.
        """
        if self._of_lane:
            self._session.show_note(LANE_ONLY)
        elif self._given is not None:
            self._given = None
            self._change_rate(self._session.view.snapshot.learning_rate)
        else:
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
        mode: ValleyMode = "step" if self.view.mode == "parameter" else "parameter"
        self._change(replace(self.view, mode=mode))

    def action_map(self) -> None:
        """Show the map, or the line of the step again."""
        mode: ValleyMode = "step" if self.view.mode == "map" else "map"
        self._change(replace(self.view, mode=mode, plane=None))

    def action_axes(self) -> None:
        """On the map, take two weights as axes instead of the directions of the steps, or the other way round."""
        view = self.view
        if view.mode != "map":
            self._session.show_note(MAP_ONLY)
        elif view.of_weights and view.missing:
            self._session.show_note(view.missing)
        else:
            self._change(replace(view, of_weights=not view.of_weights, plane=None))

    def action_swap(self) -> None:
        """On a map of weights, swap the axes, so that the other weight can be chosen."""
        view = self.view
        if view.mode == "map" and view.of_weights and view.up is not None:
            self._change(replace(view, parameter=view.up, up=view.parameter))
        else:
            self._session.show_note(MAP_OF_WEIGHTS_ONLY)

    def action_layer(self, direction: int) -> None:
        self._choose(self.view.parameter.move_layer(self._weights, direction))

    def action_neuron(self, direction: int) -> None:
        self._choose(self.view.parameter.move_neuron(self._weights, direction))

    def action_weight(self, direction: int) -> None:
        self._choose(self.view.parameter.move_source(self._weights, direction))

    def _choose(self, parameter: ParameterIndex) -> None:
        self._chosen, view = True, self.view
        if view.mode == "map" and view.of_weights:
            if parameter != view.up:
                self._change(replace(view, parameter=parameter))
        else:
            self._change(replace(view, mode="parameter", parameter=parameter))

    @property
    def _weights(self) -> list[Floats]:
        return [layer.weights for layer in self._session.view.snapshot.layers]

    def action_leave(self) -> None:
        self.dismiss()
