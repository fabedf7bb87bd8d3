"""The weights screen: choose a weight or a bias, set its value, see the effect, and undo it."""

from dataclasses import replace
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from gradstep.core.errors import GradstepError
from gradstep.core.observation.parameter_edit import find_heaviest_weight
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import measure_around
from gradstep.core.training.divergence import Diverged
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screen_keys import WEIGHTS_KEYS
from gradstep.tui.screens.weights.curve import WeightsCurve
from gradstep.tui.screens.weights.graph import WeightsGraph
from gradstep.tui.screens.weights.parameter_valley import ParameterValley
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.screens.weights.weight_editor import WeightEditor
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.widgets.actions_in_order import ActionsInOrder, Work
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen
from gradstep.tui.widgets.typed_number import apply_key, format_typed

SECONDS_BETWEEN_LOOKS = 0.1

LARGEST_DRAWN = 1e6
"""The largest value that is typed to which the line of the parameter is drawn."""

HIGH = 32
"""From so many lines on there is room for the line of the parameter besides the effect of a change, and for the curve
of a network with one input below the graph.
"""


class WeightsScreen(PanelScreen[WeightsView, None]):
    """Holds the chosen parameter and the typed text. Every number comes from the session."""

    keys = WEIGHTS_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (78, "wide")]  # noqa: RUF012

    def __init__(self, session: TrainingSession) -> None:
        snapshot = session.view.snapshot
        super().__init__(WeightsView(snapshot, session.run.dataset, find_heaviest_weight(snapshot)))
        self._session = session
        self._actions = ActionsInOrder(self)
        self._drawn: View = session.view

    def compose(self) -> ComposeResult:
        with Container(id="by-hand"):
            with Container(id="weights-network"):
                yield WeightsGraph(id="weights-graph")
                if self._has_curve:
                    yield WeightsCurve(self._session.run)
            with Container(id="weight-side"):
                yield WeightEditor(id="weight")
                yield ParameterValley(id="weight-valley")
        yield KeyBar(WEIGHTS_KEYS)

    @property
    def _has_curve(self) -> bool:
        """Whether the network has one input."""
        grid = self._session.run.grid
        return grid is not None and grid.raw.shape[1] == 1

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("weights")

    def on_mount(self) -> None:
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._follow)
        # after the first drawing, for which the processor is free then
        self.call_after_refresh(self._measure_later)

    def _follow(self) -> None:
        """Redraw if the session has a new view."""
        before = self._drawn
        if self._session.view is not before:
            self.redraw()
            if self._session.view.snapshot is not before.snapshot:
                self._measure_later()
                self._actions.do(lambda: self._follow_example)

    async def _follow_example(self) -> None:
        """Show the effect of the last change on the example that is shown now."""
        effect = self.view.effect
        if effect is not None and effect.after.example.index != self._session.view.snapshot.example.index:
            self.show_view(replace(self.view, effect=await self._session.read_effect_again(effect)))

    def draw(self, view: WeightsView) -> None:
        """Draw the view. On a low screen the line of the parameter has room only while a number is typed."""
        self.query_one(ParameterValley).display = bool(view.typed) or self.size.height >= HIGH
        for curve in self.query(WeightsCurve):
            curve.display = self.size.height >= HIGH and view.snapshot.grid_activations is not None
        super().draw(view)

    def _choose(self, view: WeightsView) -> None:
        """Show another parameter, or another value of it, and measure its line."""
        self.show_view(view)
        self._measure_later()

    def _measure_later(self) -> None:
        """Measure the line of the chosen parameter in a thread; a measurement for an older choice is dropped."""
        self.begin_work(self._measure, "line", exclusive=True)

    async def _measure(self) -> None:
        parameter, typed = self.view.parameter, self.view.typed_value
        if typed is not None and not abs(typed) <= LARGEST_DRAWN:
            typed = None
        try:
            step = await self._session.find_next_step()
        except Diverged:
            return
        line = await call_in_daemon_thread(measure_around, step, parameter, None, typed)
        self.show_view(replace(self.view, line=line))
        self._measure_if_too_short()  # a number may have been typed meanwhile

    def _measure_if_too_short(self) -> None:
        """Measure a longer line if the typed value is not on this one, and is not so large that nothing is seen."""
        line, value = self.view.line, self.view.typed_value
        if line is not None and value is not None and not line.reaches(value) and abs(value) <= LARGEST_DRAWN:
            self._measure_later()

    def key_bar_view(self) -> View:
        return self._session.view.on_other_screens

    def show_view(self, view: WeightsView) -> None:
        self._drawn = self._session.view
        super().show_view(replace(view, snapshot=self._drawn.snapshot, undoable=self._drawn.edits))

    def can_act(self, id: str) -> bool:
        return {"weights_undo": self.view.undoable > 0, "weights_set": bool(self.view.typed)}.get(id, True)

    def action_layer(self, direction: int) -> None:
        self._actions.do(lambda: self._choose(self.view.with_layer(direction)))

    def action_neuron(self, direction: int) -> None:
        self._actions.do(lambda: self._choose(self.view.with_neuron(direction)))

    def action_weight(self, direction: int) -> None:
        self._actions.do(lambda: self._choose(self.view.with_input(direction)))

    def action_set(self) -> None:
        """Set the chosen parameter to the typed value."""
        self._actions.do(self._set)

    def _set(self) -> Work | None:
        view = self.view
        if view.typed_value is not None:
            return partial(self._edit, view.parameter, view.typed_value)
        trouble = (
            f"{format_typed(view.typed)} is not a number that a weight can be" if view.typed else "type a number first"
        )
        self.show_view(replace(view, trouble=trouble))
        return None

    async def _edit(self, parameter: ParameterIndex, value: float) -> None:
        try:
            effect = await self._session.edit_parameter(parameter, value)
        except GradstepError as error:
            self.show_view(replace(self.view, trouble=typeset_minus(str(error))))
        else:
            self._choose(replace(self.view, effect=effect, typed="", trouble=""))

    def action_undo(self) -> None:
        self._actions.do(lambda: self._undo)

    async def _undo(self) -> None:
        effect = await self._session.undo_edit()
        if effect is None:
            self.show_view(replace(self.view, trouble="there is no change by hand that can be undone here"))
        else:
            self._choose(replace(self.view, parameter=effect.parameter, effect=effect, typed="", trouble=""))

    def action_leave(self) -> None:
        self.dismiss()

    def on_key(self, event: events.Key) -> None:
        """Digits, signs and backspace edit the new value."""
        if apply_key("", event) is not None:
            event.stop()
            event.prevent_default()
            self._actions.do(lambda: self._type(event))

    def _type(self, event: events.Key) -> None:
        typed = apply_key(self.view.typed, event)
        if typed is not None:
            self.show_view(replace(self.view, typed=typed, trouble=""))
            self._measure_if_too_short()
