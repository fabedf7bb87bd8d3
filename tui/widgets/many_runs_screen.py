"""The base class of screens that show many runs at once, which train while the training itself goes on."""

from dataclasses import replace
from typing import Any, TypeVar

from gradstep.data.run import Run
from gradstep.tui.session.many_runs_session import ManyRunsSession, ManyRunsView
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import ONE_MOMENT, KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen

V = TypeVar("V", bound=ManyRunsView)


class ManyRunsScreen(PanelScreen[V, Run | None]):
    """Draws the newest view of its session on a timer and after each key. Dismisses with the picked run, or None.

    There is no view before the runs are set up. A subclass says in `choose_first` what is chosen then.
    """

    def __init__(
        self, training: TrainingSession, backlog: OutputBacklog, frames: float, session: ManyRunsSession[Any, V]
    ) -> None:
        """`training` is the session of the run that the others are made from, `frames` is in frames a second."""
        super().__init__(None)
        self._training, self._backlog, self._frames = training, backlog, frames
        self.session = session
        self._drawn: V | None = None

    def choose_first(self, newest: V) -> V:
        """Return the first view with what is to be chosen in it."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.set_interval(1 / self._frames, self._draw_frame)

    def on_unmount(self) -> None:
        self.session.close()

    @property
    def waits(self) -> bool:
        """Whether the runs are not set up or not drawn yet."""
        return self._view is None

    def _draw_frame(self) -> None:
        if self.is_current and self.session.view is not self._drawn:
            self.redraw()

    def key_bar_view(self) -> V:
        return self.view

    def redraw(self) -> None:
        """Draw the newest view; before there is one, a note."""
        newest = self.session.view
        if newest is None:
            self.query_one(KeyBar).show(replace(self._training.view, note=ONE_MOMENT))
        else:
            self.show_view(self._view or self.choose_first(newest))

    def show_view(self, view: V) -> None:
        """Draw the newest view with the choice, axis and note of this one, once earlier frames are sent."""
        newest = self.session.view or view
        self._view = replace(newest, chosen=view.chosen, logarithmic=view.logarithmic, note=view.note)
        if not self._backlog.is_behind():
            self._drawn = newest
            super().show_view(self._view)

    def replace_session(self, session: ManyRunsSession[Any, V]) -> None:
        """Show the runs of another session, once they are set up."""
        before, self.session = self.session, session
        before.close()
        self._view = self._drawn = None
        self.redraw()

    def action_switch_axis(self) -> None:
        """Make the axis of the losses linear or logarithmic."""
        if self._view is not None:
            self.show_view(replace(self._view, logarithmic=not self._view.logarithmic))

    def action_leave(self) -> None:
        self.session.close()
        self.dismiss(None)
