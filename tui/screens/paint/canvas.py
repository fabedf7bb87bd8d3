"""The map that is painted on, with what the network makes of the points so far."""

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from gradstep.data.run import Run
from gradstep.tui.drawing.cells import count_cells, shorten
from gradstep.tui.drawing.decision_map import EXAMPLE, LEAST_SIDE, DecisionMap
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, STRONG, make_style
from gradstep.tui.drawing.strips import Piece, join_blocks, make_line, wrap_text
from gradstep.tui.numbers import format_count, format_number
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.paint.state import PaintView
from gradstep.tui.session.view import View
from gradstep.tui.widgets.key_bar import ONE_MOMENT
from gradstep.tui.widgets.panel import Panel

WORDS, GAP = 28, 2
"""Cells beside the map, and between the two."""

BEFORE_TWO_CLASSES = "training begins with points of two classes"

PHASES = {
    "training": "training",
    "paused": f"paused: {name_key('paint_pause')} goes on",
    "finished": f"at the end of the run: {name_key('paint_pause')} goes on",
    "diverged": "it diverged",
}


class Canvas(Panel[PaintView]):
    """Draws the map as large as it can be, with the cursor on it, and the classes and numbers beside it."""

    BORDER_TITLE = "Paint"

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._map: tuple[Run, DecisionMap] | None = None

    @property
    def side(self) -> int:
        """The columns of the map, which has half as many lines; less than LEAST_SIDE where there is no room for it."""
        width, height = self.content_size
        return int(min(width - GAP - WORDS, 2 * height) // 2 * 2)

    def lines(self, view: PaintView, width: int, height: int) -> list[Strip]:
        if self.side < LEAST_SIDE:
            return [make_line(("no room to paint", DIM))]
        picture = self._draw_map(view.learner, view) if view.learner else _draw_points(view, self.side)
        room = width - self.side - GAP
        words = [*self._draw_classes(view, room), make_line(), *_describe_training(view, room)]
        if view.held:
            words += wrap_text("Picked up: m puts it down at the cursor.", room, STRONG)
        return join_blocks([picture, words[:height]], [self.side + GAP])

    def _draw_classes(self, view: PaintView, width: int) -> list[Strip]:
        """Draw a line for each class: its key, its sign on the map, its name and its number of points."""
        signs = self._list_signs() if view.learner else {}
        strips = []
        for label, (name, count) in enumerate(zip(view.points.class_names, view.points.counts, strict=True)):
            number = f": {format_count(count)}" + (" ◂" if label == view.label else "")
            sign = signs.get(name, (" ", PLAIN))
            room = width - 4 - count_cells(number)
            strips.append(make_line((f"{label + 1} ", STRONG), sign, (f" {shorten(name, room)}{number}", PLAIN)))
        return strips

    def _list_signs(self) -> dict[str, Piece]:
        """Return the sign of a point of each class on the map."""
        assert self._map is not None
        palette = self._map[1].palette
        pixels = self.capabilities.shaded and self.capabilities.glyphs != "ascii"
        return {
            name: ("■" if pixels else palette.training[tone], make_style(palette.points[tone]))
            for tone, name in palette.names
        }

    def _draw_map(self, learner: View, view: PaintView) -> list[Strip]:
        run = learner.run
        if self._map is None or self._map[0] is not run:
            assert run.grid is not None
            self._map = run, DecisionMap(run.split, run.grid, self.capabilities, every_point=True)
        return self._map[1].draw(learner.snapshot, np.array(view.cursor), self.side, self.side // 2)


def _draw_points(view: PaintView, side: int) -> list[Strip]:
    """Draw the points alone, each as the key of its class."""
    marks = {
        view.find_cell(point, side): Segment(str(label + 1), STRONG)
        for point, label in zip(view.points.points, view.points.labels, strict=True)
    } | {view.find_cell(view.cursor, side): Segment(EXAMPLE, MARKED)}
    blank = Segment("·", DIM)
    return [Strip([marks.get((x, y), blank) for x in range(side)]) for y in range(side // 2)]


def _describe_training(view: PaintView, width: int) -> list[Strip]:
    """Describe what the run has learnt, and how it goes on after a change of the points."""
    learner = view.learner
    if learner is None:
        return wrap_text(ONE_MOMENT if view.points.can_be_learnt else BEFORE_TWO_CLASSES, width, DIM)
    return [
        make_line(("step ", DIM), (format_count(learner.snapshot.step), PLAIN)),
        make_line(("batch loss ", DIM), (format_number(learner.snapshot.batch_loss, 0), PLAIN)),
        *wrap_text(PHASES[learner.phase], width, DIM),
        make_line(),
        *wrap_text("Every point is trained on; nothing is held out.", width, DIM),
        *wrap_text("After each change the network starts again from its first weights.", width, DIM),
    ]
