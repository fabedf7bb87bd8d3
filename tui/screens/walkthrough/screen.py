"""The walkthrough: one update of the real run, micro-step by micro-step."""

import asyncio
from dataclasses import replace
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.screen import Screen

from gradstep.core.ledger.bugs import BUGS, Bug
from gradstep.core.notation import DIGITS, DIGITS_OF_RESULT
from gradstep.core.training.descent_step import DescentStep, find_step_of
from gradstep.core.training.divergence import Diverged
from gradstep.data.lesson import Lesson
from gradstep.tui.drawing.unit_labels import label_outputs
from gradstep.tui.screen_keys import WALK_KEYS, name_key
from gradstep.tui.screens.walkthrough.batch_table import BatchTable
from gradstep.tui.screens.walkthrough.computations import answer_guess, check_gradient, walk_with_bug
from gradstep.tui.screens.walkthrough.example import ExamplePanel
from gradstep.tui.screens.walkthrough.explanation import Explanation
from gradstep.tui.screens.walkthrough.graph import WalkthroughGraph
from gradstep.tui.screens.walkthrough.guess import Guess
from gradstep.tui.screens.walkthrough.lesson_texts import add_lesson
from gradstep.tui.screens.walkthrough.matrix_panel import MatrixPanel
from gradstep.tui.screens.walkthrough.network_strip import NetworkStrip
from gradstep.tui.screens.walkthrough.phase_bar import PhaseBar
from gradstep.tui.screens.walkthrough.recorded_updates import RecordedUpdates
from gradstep.tui.screens.walkthrough.room import divide_room
from gradstep.tui.screens.walkthrough.state import Asking, WalkView
from gradstep.tui.screens.walkthrough.values_so_far import ValuesSoFar
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.session.walk import Walk, continue_walk, start_walk
from gradstep.tui.widgets.actions_in_order import Action, ActionsInOrder, Work
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen
from gradstep.tui.widgets.typed_number import apply_key

SECONDS_BETWEEN_LOOKS = 0.1

BUG_FIRST = f"Only right numbers are asked: {name_key('bug')} switches the bug off first."
ASLEEP = f"That key sleeps while a number is asked: enter shows it, {name_key('hide')} ends the asking."


class WalkthroughScreen(PanelScreen[WalkView, None]):
    """Holds the view and changes it. Every number comes from the recorded update.

    There is no view before the update is made. Keys take effect in their order, and computations run in a thread.
    """

    keys = WALK_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (100, "wide"), (160, "broad")]  # noqa: RUF012

    def __init__(self, session: TrainingSession, step: int | None, lesson: Lesson | None = None) -> None:
        """A walk through update number `step` of the run; None is the update that made the newest step."""
        super().__init__(None)
        self.session, self._step, self._lesson = session, step, lesson
        self._actions = ActionsInOrder(self)
        self._room = Size(0, 0)
        self._updates = RecordedUpdates(session)

    @property
    def waits(self) -> bool:
        """Whether a computation is running whose result the screen will show."""
        return self._view is None or self._actions.busy

    def compose(self) -> ComposeResult:
        yield PhaseBar(id="phases")
        with Container(id="walk"):
            with Container(id="left"):
                yield WalkthroughGraph(id="walk-graph")
                yield ValuesSoFar(id="walk-values")
            with Container(id="right"):
                yield NetworkStrip(id="network-strip")
                yield Explanation(id="explanation")
                yield MatrixPanel(id="matrices")
                yield BatchTable(id="batch-table")
                yield ExamplePanel(id="walk-example")
        yield KeyBar(WALK_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("walkthrough") if self._view is None else self.view.facts

    def on_mount(self) -> None:
        self._actions.do(lambda: self._begin)
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._show_note)
        self.screen_layout_refresh_signal.subscribe(self, self._follow_layout)

    async def _begin(self) -> None:
        try:
            await self._updates.begin(self._step)
        except Diverged:
            self.dismiss()
            return
        update, dataset = self._updates.current, self.session.run.dataset
        # known figures have more digits than most walks need
        digits = DIGITS_OF_RESULT if self._lesson is not None and self._lesson.figures else DIGITS
        walk = await asyncio.to_thread(start_walk, update, label_outputs(dataset, update.y.shape[1]), digits)
        of_run = getattr(self.app, "session", None) is self.session
        self.show_view(WalkView(walk, dataset, scaling=self.session.run.split.scaling, of_run=of_run))
        self.redraw_in_place()

    def key_bar_view(self) -> View:
        """The session's view; a note on a running computation replaces its note."""
        view = self.session.view.on_other_screens
        return replace(view, note=self._actions.note or view.note)

    def show_view(self, view: WalkView) -> None:
        """Draw this view with the texts of the lesson."""
        super().show_view(add_lesson(view, self._lesson))

    def draw(self, view: WalkView) -> None:
        """Draw this view, after dividing the room among its panels."""
        self._make_room()
        super().draw(view)

    def _show_note(self) -> None:
        self.query_one(KeyBar).show(self.key_bar_view())

    def _follow_layout(self, _: Screen[None]) -> None:
        """Make room again when a new style, such as that of a narrower screen, has changed the room."""
        if self.query_one("#right").size != self._room:
            self.redraw_in_place()

    def _make_room(self) -> None:
        self._room = self.query_one("#right").size
        divide_room(self, self.view, self._room.height)

    def _show_walk(self, walk: Walk) -> None:
        """Show another walk. The guess and the gradient check of the old one are dropped."""
        asking = self.view.asking
        guess = Guess() if asking is not None and asking.includes(walk) else None
        self.show_view(replace(self.view, walk=walk, guess=guess, checked=None, at_end=False))

    def can_act(self, id: str) -> bool:
        """While a number is asked, most keys sleep."""
        return self._view is None or not self.view.hidden or id in ("hide", "leave", "help")

    def _do(self, action: Action) -> None:
        """Run the action of a key that sleeps while a number is asked."""
        self._actions.do(lambda: self._say_it_sleeps() if self.view.hidden else action())

    def _say_it_sleeps(self) -> None:
        assert self.view.guess is not None
        self.show_view(replace(self.view, guess=replace(self.view.guess, note=ASLEEP)))

    def action_walk(self, direction: int) -> None:
        self._do(lambda: self._walk(direction))

    def _walk(self, direction: int) -> Work | None:
        """Go to the next or previous micro-step. Before an update is made that was never made, the screen asks."""
        walk, step = self.view.walk, self._updates.current.step + direction
        if self.view.at_end and direction < 0:
            self._show_walk(walk)
        elif (moved := walk.move(direction)) is not None:
            self._show_walk(moved)
        elif step < 1:
            self.notify("This is the first update of the run.")
        elif step > self.session.view.newest_step and not self.view.at_end:
            self.show_view(replace(self.view, at_end=True, guess=None, checked=None))
        else:
            return partial(self._go_to_update, step, direction)
        return None

    async def _go_to_update(self, step: int, direction: int) -> None:
        try:
            update = await self._updates.go_to(step)
        except Diverged as error:
            self.notify(str(error), severity="error")
            self._show_walk(self.view.walk)
            return
        if update.step != step:
            self.notify(f"The run before update {update.step} is not kept any more.")
            return
        walk = await asyncio.to_thread(continue_walk, self.view.walk, update, 0 if direction > 0 else -1)
        await self._show_with_bug(walk, self.view.bug)

    def action_phase(self, direction: int) -> None:
        self._do(lambda: self._show_walk(self.view.walk.move_to_phase(direction)))

    def action_neuron(self, direction: int) -> None:
        self._do(lambda: self._show_walk(self.view.walk.with_neuron(direction)))

    def action_weight(self, direction: int) -> None:
        self._do(lambda: self._show_walk(self.view.walk.with_weight(direction)))

    def action_example(self, direction: int) -> None:
        self._do(lambda: self._show_walk(self.view.walk.with_example(direction)))

    def action_batch(self) -> None:
        self._actions.do(lambda: self.show_view(replace(self.view, table_of_batch=not self.view.table_of_batch)))

    def action_check(self) -> None:
        self._do(self._check)

    def _check(self) -> Work | None:
        if self.view.checked is None:
            return self._check_gradient
        self.show_view(replace(self.view, checked=None))
        return None

    async def _check_gradient(self) -> None:
        self.show_view(replace(self.view, checked=await call_in_daemon_thread(check_gradient, self.view.walk)))

    def action_hide(self) -> None:
        self._actions.do(lambda: self._ask(None if self.view.asking else Asking(), self.view.walk))

    def ask_last(self, last: int | None, phase: str | None = None) -> None:
        """Ask the numbers of the last micro-steps of each phase from now on, all if `last` is 0; none if it is None.

        If a phase is named, the walk goes there.
        """
        self._actions.do(lambda: self._ask_last(last, phase))

    def _ask_last(self, last: int | None, phase: str | None) -> None:
        walk = self.view.walk if phase is None else self.view.walk.at_phase(phase)
        start = walk.end_of_phase(last) if last else walk
        self._ask(None if last is None else Asking(last or None), start or walk)

    def action_fade(self) -> None:
        self._actions.do(self._fade)

    def _fade(self) -> None:
        """Ask one more of the last micro-steps of the phase, from the first of them; after all of them none."""
        last = 1 + ((self.view.asking and self.view.asking.last) or 0)
        walk = self.view.walk.end_of_phase(last)
        self._ask(None if walk is None else Asking(last), walk or self.view.walk)

    def _ask(self, asking: Asking | None, walk: Walk) -> None:
        if asking is not None and self.view.bug is not None:
            self.notify(BUG_FIRST)
            return
        self._view = replace(self.view, asking=asking)
        self._show_walk(walk)

    def action_bug(self) -> None:
        self._do(lambda: self._show_next_bug)

    async def _show_next_bug(self) -> None:
        """Show the walk with the next bug of the list, after the last one without a bug."""
        bugs: list[Bug | None] = [None, *BUGS]
        await self._show_with_bug(self.view.walk, bugs[(bugs.index(self.view.bug) + 1) % len(bugs)])

    async def _show_with_bug(self, walk: Walk, bug: Bug | None) -> None:
        before = None if bug is None else await self._updates.find_previous()
        walk, wrong_from = await asyncio.to_thread(walk_with_bug, walk, self._updates.current, bug, before)
        asking = self.view.asking if bug is None else None
        self._view = replace(self.view, bug=bug, wrong_from=wrong_from, asking=asking)
        self._show_walk(walk)

    def find_step(self) -> DescentStep | None:
        """Return the step of this update; None before it is made."""
        return None if self._view is None else find_step_of(self._updates.current, self.session.run.network)

    def action_leave(self) -> None:
        """Close the gradient check, then the table of the batch; leave, or go back from the question at the end."""
        view = self._view
        if view is not None and view.at_end:
            self._actions.do(lambda: self._walk(-1))
        elif view is not None and (view.checked is not None or view.table_of_batch):
            self._actions.do(self._close_topmost)
        else:
            self.dismiss()

    def _close_topmost(self) -> None:
        view = self.view
        closed = replace(view, table_of_batch=False) if view.checked is None else replace(view, checked=None)
        self.show_view(closed)

    def on_key(self, event: events.Key) -> None:
        """While a number is asked, digits, signs and enter go to the guess; at the end enter makes the next update."""
        # an earlier key that asks may still be waiting
        view = self._view
        if not self._actions.busy and (view is None or not (view.hidden or view.at_end)):
            return
        if event.key == "enter" or apply_key("", event) is not None:
            event.stop()
            event.prevent_default()
            self._actions.do(lambda: self._type(event))

    def _type(self, event: events.Key) -> Work | None:
        guess = self.view.guess
        if self.view.at_end and event.key == "enter":
            return self._walk(1)
        if guess is not None and not guess.graded:
            if event.key == "enter":
                guess = answer_guess(self.view.walk, guess)
            elif (typed := apply_key(guess.typed, event)) is not None:
                guess = replace(guess, typed=typed, note="")
            self.show_view(replace(self.view, guess=guess))
        return None
