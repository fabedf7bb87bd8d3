"""Weights by hand: choose one, type a value, see at once what the network makes of it, take it back."""

from collections.abc import Awaitable
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from gradstep.core.errors import GradstepError
from gradstep.core.observation.parameter_edit import ParameterIndex
from gradstep.tui.keymap import WEIGHT_KEYS
from gradstep.tui.screens.weights.editor import WeightEditor
from gradstep.tui.screens.weights.graph import WeightsGraph
from gradstep.tui.screens.weights.state import WeightsView, heaviest_weight
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.widgets.actions_in_order import ActionsInOrder
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel

NUMBER_KEYS = "0123456789.,+-e"
LONGEST = 20
SECONDS_BETWEEN_LOOKS = 0.1


class WeightsScreen(Screen[None], inherit_bindings=False):
    """Holds what is chosen and typed; every number comes from the session."""

    BINDINGS = [key.binding() for key in WEIGHT_KEYS]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (78, "wide")]  # noqa: RUF012

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        self._actions = ActionsInOrder(self)
        snapshot = session.view.snapshot
        self._seen: View = session.view
        held_out = session.run.trainer.test is not None
        self._view = WeightsView(snapshot, session.run.dataset, heaviest_weight(snapshot), held_out)

    @property
    def view(self) -> WeightsView:
        """What is drawn."""
        return self._view

    def compose(self) -> ComposeResult:
        with Container(id="by-hand"):
            yield WeightsGraph(id="weights-graph")
            yield WeightEditor(id="weight")
        yield KeyBar(WEIGHT_KEYS)

    def on_mount(self) -> None:
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._refresh_view)

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self._show, self._view)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show, self._view)

    def _refresh_view(self) -> None:
        """Follow the session: it has come to rest, computes, or shows another example."""
        if self._session.view is not self._seen:
            self._show(self._view)

    def _show(self, view: WeightsView) -> None:
        self._seen = self._session.view
        self._view = replace(view, snapshot=self._seen.snapshot, undoable=self._seen.edits)
        for panel in self.query(Panel):
            if isinstance(panel, KeyBar):
                panel.show(self._seen)
            elif panel.display:
                panel.show(self._view)

    def action_layer(self, direction: int) -> None:
        self._actions.do(lambda: self._show(self._view.with_layer(direction)))

    def action_neuron(self, direction: int) -> None:
        self._actions.do(lambda: self._show(self._view.with_neuron(direction)))

    def action_weight(self, direction: int) -> None:
        self._actions.do(lambda: self._show(self._view.with_source(direction)))

    def action_set(self) -> None:
        """Set what is typed."""
        self._actions.do(self._set)

    def _set(self) -> Awaitable[None] | None:
        view = self._view
        if view.number is not None:
            return self._edit(view.parameter, view.number)
        trouble = f"{view.typed} is not a number that a weight can be" if view.typed else "type a number first"
        self._show(replace(view, trouble=trouble))
        return None

    async def _edit(self, parameter: ParameterIndex, value: float) -> None:
        try:
            effect = await self._session.edit_parameter(parameter, value)
        except GradstepError as error:
            self._show(replace(self._view, trouble=str(error)))
        else:
            self._show(replace(self._view, effect=effect, typed="", trouble=""))

    def action_undo(self) -> None:
        self._actions.do(self._undo)

    async def _undo(self) -> None:
        effect = await self._session.undo_edit()
        if effect is None:
            self._show(replace(self._view, trouble="there is no change by hand to take back here"))
        else:
            self._show(replace(self._view, parameter=effect.parameter, effect=effect, typed="", trouble=""))

    def action_leave(self) -> None:
        self.dismiss()

    def on_key(self, event: events.Key) -> None:
        """The keys of a number write the new value."""
        if event.key == "backspace" or (event.character is not None and event.character in NUMBER_KEYS):
            event.stop()
            event.prevent_default()
            self._actions.do(lambda: self._type(event.key, event.character or ""))

    def _type(self, key: str, character: str) -> None:
        typed = self._view.typed
        if key == "backspace":
            typed = typed[:-1]
        elif len(typed) < LONGEST:
            typed += character
        self._show(replace(self._view, typed=typed, trouble=""))
