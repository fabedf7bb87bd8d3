"""The explorer: f and f′ of any neuron, and the loss over one output's z, with the shown example marked."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container

from gradstep.tui.screen_keys import EXPLORER_KEYS
from gradstep.tui.screens.explorer.panels import ActivationPlot, LossPlot
from gradstep.tui.screens.explorer.state import ExplorerView
from gradstep.tui.session.acting_keys import acts_on
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen

SIDE_BY_SIDE = 80
"""From this width on, both panels are shown side by side."""


class ExplorerScreen(PanelScreen[ExplorerView, None]):
    """Holds the shown neuron. The numbers follow the training."""

    keys = EXPLORER_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012

    def __init__(self, session: TrainingSession, backlog: OutputBacklog, frames: float) -> None:
        """Make the screen; `frames` is in frames a second."""
        run, snapshot = session.run, session.view.snapshot
        classes = run.dataset.class_names
        names = classes if len(classes) == run.network.sizes[-1] else ()
        super().__init__(ExplorerView(snapshot, run.trainer.loss, names, 0, 0, snapshot.layers[0].activation))
        self._session, self._backlog, self._frames = session, backlog, frames
        self._drawn: View | None = None

    def compose(self) -> ComposeResult:
        with Container(id="curves"):
            yield ActivationPlot(id="activation-curve")
            yield LossPlot(id="loss-curve")
        yield KeyBar(EXPLORER_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("explorer", activation=self.view.activation)

    def on_mount(self) -> None:
        self.set_interval(1 / self._frames, self._follow)

    def _follow(self) -> None:
        """Show the newest snapshot; not while earlier frames are not sent yet."""
        view = self._session.view
        if self.is_current and view is not self._drawn and not self._backlog.is_behind():
            self.show_view(replace(self.view, snapshot=view.snapshot))

    def can_act(self, id: str) -> bool:
        return acts_on(id, self._session.view)

    def key_bar_view(self) -> View:
        return self._session.view.on_other_screens

    def show_view(self, view: ExplorerView) -> None:
        self._drawn = self._session.view
        super().show_view(view)

    def draw(self, view: ExplorerView) -> None:
        self.query_one(ActivationPlot).display = not view.loss_alone
        self.query_one(LossPlot).display = view.loss_alone or self.size.width >= SIDE_BY_SIDE
        super().draw(view)

    def action_layer(self, direction: int) -> None:
        self.show_view(self.view.with_neuron(self.view.layer_index + direction, 0))

    def action_neuron(self, direction: int) -> None:
        self.show_view(self.view.with_neuron(self.view.layer_index, self.view.neuron + direction))

    def action_activation(self, direction: int) -> None:
        self.show_view(self.view.with_activation(direction))

    def action_loss(self) -> None:
        self.show_view(replace(self.view, loss_alone=not self.view.loss_alone))

    def action_leave(self) -> None:
        self.dismiss()
