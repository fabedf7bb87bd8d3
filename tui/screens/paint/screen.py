"""The painting screen: points of one's own on the plane, learnt at once."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual import events
from textual.app import ComposeResult

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.painted_points import PaintedPoints, make_painted_experiment, read_points, write_points
from gradstep.data.run import Run
from gradstep.data.shell_words import quote_word
from gradstep.tui.drawing.decision_map import LEAST_SIDE
from gradstep.tui.keymap import Key
from gradstep.tui.screen_keys import PAINT_KEYS
from gradstep.tui.screens.paint.canvas import BEFORE_TWO_CLASSES, Canvas
from gradstep.tui.screens.paint.state import Cell, PaintView
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen


class PaintScreen(PanelScreen[PaintView, Run | None]):
    """Holds the painted points, and a session of its own that learns them. Dismisses with its run, or None.

    The points begin as those of the data. After each change of them another run is assembled, and begins from its first
    weights; the run of the training screen does not change.
    """

    BINDINGS = [key.binding() for key in PAINT_KEYS]  # noqa: RUF012

    def __init__(self, session: TrainingSession, backlog: OutputBacklog, frames: float) -> None:
        """Make the screen for the plane of a run. Raises GradstepError for data that cannot be painted."""
        points, grid = read_points(session.run), session.run.grid
        assert grid is not None
        middle = (grid.low + grid.high) / 2
        super().__init__(PaintView(points, grid.low, grid.high, (float(middle[0]), float(middle[1]))))
        self._training, self._backlog, self._frames = session, backlog, frames
        self._paused = False
        self._painting: TrainingSession | None = None
        self._pressed: Cell | None = None

    def compose(self) -> ComposeResult:
        yield Canvas(id="canvas")
        yield KeyBar(self.keys)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("paint")

    def on_mount(self) -> None:
        self._learn_later()
        self.set_interval(1 / self._frames, self._follow)

    def on_unmount(self) -> None:
        self._end_learning()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of this screen, without those of classes that there are not."""
        none = [f"put_{number}" for number in range(len(self.view.points.class_names) + 1, 10)]
        return tuple(key for key in PAINT_KEYS if key.id not in none)

    def key_bar_view(self) -> PaintView:
        return self.view

    def _follow(self) -> None:
        """Draw the newest view of the run that learns the points."""
        learner = self.view.learner
        if self._painting and learner and self.is_current and not self._backlog.is_behind():
            newest = self._painting.view
            if newest is not learner:
                self.show_view(replace(self.view, learner=newest))

    # learning

    def _learn_later(self) -> None:
        self.begin_work(partial(self._learn, self.view.points), "learn", exclusive=True)

    async def _learn(self, points: PaintedPoints) -> None:
        """Train the network on these points, from its first weights."""
        if not points.can_be_learnt:
            self._end_learning()
            self.show_view(replace(self.view, learner=None))
            return
        try:
            session = await asyncio.to_thread(self._make_session, points)
        except (GradstepError, MemoryError) as error:
            self._end_learning()
            self.show_view(replace(self.view, learner=None, note=str(error)))
            return
        self._end_learning()
        self._painting = session
        self.begin_work(session.supervise)
        self.show_view(replace(self.view, learner=session.view))

    def _make_session(self, points: PaintedPoints) -> TrainingSession:
        """Assemble the run of these points, in a worker thread."""
        training = self._training.view
        run = assemble(make_painted_experiment(training.run, training.snapshot.learning_rate, points))
        return TrainingSession(replace(run, corners=(self.view.low, self.view.high)), training.pace, self._paused)

    def _end_learning(self) -> None:
        if self._painting is not None:
            self._painting.close()
        self._painting = None

    # the cursor and the points

    def _side(self) -> int:
        return self.query_one(Canvas).side

    def _cell(self) -> Cell:
        return self.view.find_cell(self.view.cursor, self._side())

    def _go_to(self, cell: Cell) -> None:
        side = self._side()
        inside = min(max(cell[0], 0), side - 1), min(max(cell[1], 0), side // 2 - 1)
        self.show_view(replace(self.view, cursor=self.view.find_point(inside, side), note=""))

    def action_cursor(self, columns: int, lines: int) -> None:
        if self._side() >= LEAST_SIDE:
            column, line = self._cell()
            self._go_to((column + columns, line + lines))

    def _change(self, points: PaintedPoints, note: str = "") -> None:
        """Show these points, and learn them."""
        self.show_view(self.view.with_points(points, note))
        self._learn_later()

    def action_put(self, number: int) -> None:
        """Put a point of a class at the cursor, or give the points there this class."""
        view, names = self.view, self.view.points.class_names
        if number > len(names):
            self.show_view(replace(view, note=f"there are {len(names)} classes: 1 to {len(names)}"))
            return
        self._view = view = replace(view, label=number - 1)
        there = view.find_points_in(self._cell(), self._side())
        if there:
            self._change(view.points.with_label(there, number - 1))
        else:
            self._change(view.points.with_point(view.find_point(self._cell(), self._side()), number - 1))

    def can_act(self, id: str) -> bool:
        view = self.view
        at_cursor = bool(view.find_points_in(self._cell(), self._side()))
        learns = self._painting is not None
        return {
            "erase": at_cursor,
            "hold": at_cursor or bool(view.held),
            "paint_undo": bool(view.past),
            "keep": learns,
            "paint_pause": learns,
            "write_points": bool(view.points.points),
            "clear": bool(view.points.points),
        }.get(id, True)

    def action_erase(self) -> None:
        there = self.view.find_points_in(self._cell(), self._side())
        if there:
            self._change(self.view.points.without(there))
        else:
            self.show_view(replace(self.view, note="there is no point at the cursor"))

    def action_hold(self) -> None:
        """Pick up the points at the cursor, or put down those that are picked up."""
        view = self.view
        if view.held:
            self._change(view.points.moved(view.held, view.find_point(self._cell(), self._side())))
        elif there := view.find_points_in(self._cell(), self._side()):
            self.show_view(replace(view, held=there, note=""))
        else:
            self.show_view(replace(view, note="there is no point at the cursor"))

    def action_clear(self) -> None:
        names = self.view.points.class_names
        self._change(PaintedPoints(names), "all points are gone: u brings them back")

    def action_undo(self) -> None:
        """Take back the last change of the points."""
        if not self.view.past:
            self.show_view(replace(self.view, note="there is no change of the points to undo"))
            return
        self.show_view(self.view.undone("the last change is undone"))
        self._learn_later()

    # the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._pressed = self._find_clicked(event)
        if self._pressed is not None:
            self._go_to(self._pressed)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Paint a point where there is none; move one that was drawn to another cell."""
        pressed, released = self._pressed, self._find_clicked(event)
        self._pressed = None
        if pressed is None or released is None:
            return
        there = self.view.find_points_in(pressed, self._side())
        self._go_to(released)
        if there and released != pressed:
            self._change(self.view.points.moved(there, self.view.find_point(released, self._side())))
        elif not there:
            self.action_put(self.view.label + 1)

    def _find_clicked(self, event: events.MouseEvent) -> Cell | None:
        """Return the cell of the map under the mouse; None outside of it."""
        canvas = self.query_one(Canvas)
        offset = event.get_content_offset(canvas)
        if offset is None or offset.x >= canvas.side or offset.y >= canvas.side // 2:
            return None
        return offset.x, offset.y

    # the run

    def action_paint_pause(self) -> None:
        if self._painting is not None:
            self._paused = self._painting.phase == "training"
            self._painting.toggle_pause()

    def action_write(self) -> None:
        self.begin_work(self._write, "write", exclusive=True)

    async def _write(self) -> None:
        if not self.view.points.points:
            self.show_view(replace(self.view, note="there are no points to write"))
            return
        try:
            path = await asyncio.to_thread(write_points, self.view.points, Path())
            note = f"written to {path}: gradstep train --data {quote_word(str(path))}"
        except GradstepError as error:
            note = str(error)
        self.show_view(replace(self.view, note=note))

    async def action_keep(self) -> None:
        """Dismiss with the run that learns the points, at its present step."""
        painting = self._painting
        if painting is None:
            self.show_view(replace(self.view, note=BEFORE_TWO_CLASSES))
            return
        painting.close()
        loop = await asyncio.to_thread(painting.release)
        self.dismiss(replace(loop.run, seconds=loop.seconds) if loop else None)

    def action_leave(self) -> None:
        self.dismiss(None)
