"""The explorer: f and f′ of any neuron, and the loss along one output, where the chosen example stands on them."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from gradstep.tui.keymap import EXPLORER_KEYS
from gradstep.tui.screens.explorer.panels import ActivationPlot, LossPlot
from gradstep.tui.screens.explorer.state import ExplorerView
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import FRAMES_A_SECOND
from gradstep.tui.widgets.key_bar import KeyBar

TWO = 80
"""Columns from which on both panels stand side by side."""


class ExplorerScreen(Screen[None], inherit_bindings=False):
    """Holds which neuron is looked at; the numbers follow the training while it goes on."""

    BINDINGS = [key.binding() for key in EXPLORER_KEYS]  # noqa: RUF012

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        run, snapshot = session.run, session.view.snapshot
        self._seen: View | None = None
        classes = run.dataset.class_names
        names = classes if len(classes) == run.network.sizes[-1] else ()
        self._exploring = ExplorerView(snapshot, run.trainer.loss, names, 0, 0, snapshot.layers[0].activation)

    @property
    def exploring(self) -> ExplorerView:
        """What is drawn."""
        return self._exploring

    def compose(self) -> ComposeResult:
        with Container(id="curves"):
            yield ActivationPlot(id="activation-curve")
            yield LossPlot(id="loss-curve")
        yield KeyBar(EXPLORER_KEYS)

    def on_mount(self) -> None:
        self.set_interval(1 / FRAMES_A_SECOND, self._follow)

    def on_screen_resume(self) -> None:
        self._show_in_place()

    def on_resize(self) -> None:
        self._show_in_place()

    def _show_in_place(self) -> None:
        self.call_after_refresh(lambda: self._show(self._exploring))

    def _follow(self) -> None:
        """Look at the newest snapshot."""
        view = self._session.view
        if self.is_current and view is not self._seen:
            self._show(replace(self._exploring, snapshot=view.snapshot))

    def _show(self, exploring: ExplorerView) -> None:
        self._exploring, self._seen = exploring, self._session.view
        alone = self.size.width < TWO or exploring.loss_alone
        f, loss = self.query_one(ActivationPlot), self.query_one(LossPlot)
        f.display, loss.display = not exploring.loss_alone, exploring.loss_alone or not alone
        for panel in (f, loss):
            if panel.display:
                panel.show(exploring)
        self.query_one(KeyBar).show(self._session.view)

    def action_layer(self, direction: int) -> None:
        self._show(self._exploring.at(self._exploring.layer + direction, 0))

    def action_neuron(self, direction: int) -> None:
        self._show(self._exploring.at(self._exploring.layer, self._exploring.neuron + direction))

    def action_activation(self, direction: int) -> None:
        self._show(self._exploring.with_activation(direction))

    def action_loss(self) -> None:
        self._show(replace(self._exploring, loss_alone=not self._exploring.loss_alone))

    def action_leave(self) -> None:
        self.dismiss()
