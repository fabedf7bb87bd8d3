"""The walkthrough: one update of the real run, micro-step by micro-step."""

from dataclasses import replace

import numpy as np
from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from gradstep.core.ledger.bugs import BUGS, Bug, with_bug
from gradstep.core.observation.gradient_check import GradientChecker
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.update import Update
from gradstep.data.lesson import Lesson, Remark
from gradstep.tui.keymap import WALK_KEYS
from gradstep.tui.screens.walkthrough.batch_table import BatchTable
from gradstep.tui.screens.walkthrough.explanation import Explanation
from gradstep.tui.screens.walkthrough.graph import WalkthroughGraph
from gradstep.tui.screens.walkthrough.matrix_panel import MatrixPanel
from gradstep.tui.screens.walkthrough.phase_bar import PhaseBar
from gradstep.tui.screens.walkthrough.state import CheckedGradient, WalkView
from gradstep.tui.screens.walkthrough.values_so_far import ValuesSoFar
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.session.walk import Walk, start_walk, walk_at
from gradstep.tui.widgets.guess import Guess
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen
from gradstep.tui.widgets.typed_number import type_key

LEAST_MATRIX = 5
"""Lines that the matrices need; where there are fewer, as beside a gradient check on a small screen, they give way."""

LEAST_TABLE = 8
"""Lines that the table of the batch takes, once it is asked for."""

SPARE = 12
"""With more lines than this to spare, the explanation gets room to breathe."""


class WalkthroughScreen(PanelScreen[WalkView, None]):
    """Holds the view and moves in it; every number comes from the recorded update."""

    BINDINGS = [key.binding() for key in WALK_KEYS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (100, "wide"), (160, "broad")]  # noqa: RUF012

    def __init__(self, session: TrainingSession, update: Update, lesson: Lesson | None = None) -> None:
        super().__init__(WalkView(start_walk(update), session.run.dataset))
        self._session, self._lesson = session, lesson
        self._right = update
        self._before: Update | None = None

    def compose(self) -> ComposeResult:
        yield PhaseBar(id="phases")
        with Container(id="walk"):
            with Container(id="left"):
                yield WalkthroughGraph(id="walk-graph")
                yield ValuesSoFar(id="walk-values")
            with Container(id="right"):
                yield Explanation(id="explanation")
                yield MatrixPanel(id="matrices")
                yield BatchTable(id="batch-table")
        yield KeyBar(WALK_KEYS)

    def noted(self) -> View:
        return self._session.view

    def show_view(self, view: WalkView) -> None:
        view = self._with_lesson(view)
        self._make_room(view)
        super().show_view(view)

    def _make_room(self, view: WalkView) -> None:
        """Give the explanation the lines that it needs, and the matrices or the table of the batch the rest, if any."""
        explanation = self.query_one(Explanation)
        width = explanation.content_size.width or self.size.width
        needed = explanation.needed(view, width)
        height = self.query_one("#right").size.height
        table = view.table_of_batch
        room = height - (LEAST_TABLE if table else LEAST_MATRIX)
        crowded = needed > room
        self.query_one(BatchTable).display = table
        self.query_one(MatrixPanel).display = not (table or crowded)
        wanted = min(needed + (4 if room - needed > SPARE else 1), room)
        explanation.styles.height = max(1, height if crowded and not table else wanted)

    def _with_lesson(self, view: WalkView) -> WalkView:
        """What the lesson has to say here; with a bug in the numbers it has nothing to compare."""
        if self._lesson is None or view.bug is not None:
            return replace(view, published=(), remarks=())
        here = (view.walk.update.step, view.walk.step.key)
        figures = (figure for figure in self._lesson.published if (figure.update, figure.micro_step) == here)
        remarks = [remark for remark in self._lesson.remarks if (remark.update, remark.micro_step) == here]
        if view.walk.index == 0:
            remarks.insert(0, Remark(*here, f"{self._lesson.title}. {self._lesson.about}"))
        return replace(view, published=tuple(figures), remarks=tuple(remarks))

    def _go(self, walk: Walk) -> None:
        """Stand elsewhere: what was asked about the old place is gone."""
        guess = None if self._view.guess is None else Guess()
        self.show_view(replace(self._view, walk=walk, guess=guess, checked=None))

    async def action_walk(self, direction: int) -> None:
        moved = self._view.walk.move(direction)
        if moved is not None:
            self._go(moved)
            return
        step = self._right.step + direction
        if step < 1:
            self.notify("This is the first update of the run.")
            return
        try:
            update = await self._session.recorded(step)
        except Diverged as error:
            self.notify(str(error), severity="error")
            return
        if update.step != step:
            self.notify(f"The run before update {update.step} is not kept any more.")
            return
        self._right, self._before = update, self._right if direction > 0 else None
        self._view = replace(self._view, bug=None, wrong_from=None)
        self._go(walk_at(self._view.walk, update, 0 if direction > 0 else -1))

    def action_phase(self, direction: int) -> None:
        self._go(self._view.walk.move_to_phase(direction))

    def action_neuron(self, direction: int) -> None:
        self._go(self._view.walk.with_neuron(direction))

    def action_weight(self, direction: int) -> None:
        self._go(self._view.walk.with_weight(direction))

    def action_example(self, direction: int) -> None:
        self._go(self._view.walk.with_example(direction))

    def action_batch(self) -> None:
        self.show_view(replace(self._view, table_of_batch=not self._view.table_of_batch))

    def action_check(self) -> None:
        """Central differences of the recorded update, beside its own gradient."""
        walk = self._view.walk
        if self._view.checked is not None:
            self.show_view(replace(self._view, checked=None))
            return
        checker = GradientChecker(walk.update)
        chosen = checker.check(walk.layer, walk.focus.neurons[walk.layer - 1], walk.focus.weights[walk.layer - 1])
        worst, count = checker.find_worst(walk.layer)
        self.show_view(replace(self._view, checked=CheckedGradient(chosen, worst, count)))

    def action_hide(self) -> None:
        self.show_view(replace(self._view, guess=Guess() if self._view.guess is None else None))

    async def action_bug(self) -> None:
        """The next bug of the list, and after the last none."""
        bugs: list[Bug | None] = [None, *BUGS]
        bug = bugs[(bugs.index(self._view.bug) + 1) % len(bugs)]
        wrong = self._right
        if bug is not None:
            wrong = with_bug(self._right, bug, await self._update_before())
        walk = walk_at(self._view.walk, wrong, self._view.walk.index)
        wrong_from = first_difference(walk_at(walk, self._right, 0), walk) if bug else None
        self._view = replace(self._view, bug=bug, wrong_from=wrong_from)
        self._go(walk)

    async def _update_before(self) -> Update | None:
        step = self._right.step
        if self._before is None and step > 1:
            before = await self._session.recorded(step - 1)
            self._before = before if before.step == step - 1 else None
            self._right = await self._session.recorded(step)
        return self._before

    def action_leave(self) -> None:
        self.dismiss()

    def on_key(self, event: events.Key) -> None:
        """While a number is hidden, the keys of a number write the guess."""
        guess = self._view.guess
        if guess is None or guess.graded:
            return
        if event.key == "enter":
            guess = replace(guess, graded=True)
        elif (typed := type_key(guess.typed, event)) is not None:
            guess = replace(guess, typed=typed)
        else:
            return
        event.stop()
        event.prevent_default()
        self.show_view(replace(self._view, guess=guess))


def first_difference(right: Walk, wrong: Walk) -> int | None:
    """The first micro-step that comes to other numbers in the second walk; None if none does."""
    for index, (one, other) in enumerate(zip(right.steps, wrong.steps, strict=True)):
        tables = zip(one.writes, other.writes, strict=True)
        if any(not np.array_equal(a.values, b.values) for a, b in tables):
            return index
        if one.at(right.focus).result != other.at(wrong.focus).result:
            return index
    return None
