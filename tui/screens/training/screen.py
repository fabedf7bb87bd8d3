"""The training screen: the status line, four panels and the keys."""

from textual.app import ComposeResult
from textual.containers import Container

from gradstep.tui.keymap import CURSOR_KEYS, FOLLOW_KEYS, KEYS, POINTER_KEYS, PROGRAM_KEYS, Key
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.screens.training.arrangement import HEIGHT, WIDTH, choose_arrangement
from gradstep.tui.screens.training.end import EndPanel
from gradstep.tui.screens.training.frame_drawing import FrameDrawing
from gradstep.tui.screens.training.gradients import GradientsPanel
from gradstep.tui.screens.training.keys import TrainingKeys
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.screens.training.status_line import StatusLine
from gradstep.tui.session.acting_keys import acts_on
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.panel_screen import PanelScreen

HINT_ONE_OF_FOUR = f" · one of 4, {name_key('next_panel')}: next"
POINTING = (
    " · arrow keys: a neuron" if name_key("point_on") in ("→", "right") else f" · {name_key('point_on')}: a neuron"
)
HINT_POINT, HINT_FOLLOW = POINTING, f" · {name_key('follow')}: follow"

KEYS_WITH_CURSOR = (*CURSOR_KEYS, *KEYS)
KEYS_WITH_POINTER = (*(key for key in KEYS if key not in PROGRAM_KEYS), *POINTER_KEYS, *PROGRAM_KEYS)
"""Before a neuron is pointed at, the keys that point stand behind the others."""

KEYS_OF_NEURON = (*POINTER_KEYS, *FOLLOW_KEYS, *KEYS)


class TrainingScreen(PanelScreen[View, None]):
    """Places the four panels, moves the focus among them, and knows which keys act.

    `FrameDrawing` draws the newest view of the session on a timer, and at once after a command has taken effect.
    """

    BINDINGS = [  # noqa: RUF012
        key.binding() for key in (*CURSOR_KEYS, *POINTER_KEYS, *FOLLOW_KEYS, *KEYS) if key not in PROGRAM_KEYS
    ]
    VERTICAL_BREAKPOINTS = [(0, "short"), (32, "tall")]  # noqa: RUF012 - Textual's own declaration
    HORIZONTAL_BREAKPOINTS = [(0, "middling"), (144, "broad")]  # noqa: RUF012 - all keys fit on one line of a broad one

    def __init__(self, session: TrainingSession, backlog: OutputBacklog, frames: float) -> None:
        super().__init__(session.view)
        self._session, self._frames = session, frames
        self._drawing = FrameDrawing(self, session, backlog, frames, self._take_view)
        self._filled = self._loss_is_enlarged = False
        self._arrangement = ""

    def compose(self) -> ComposeResult:
        run = self._session.run
        yield StatusLine(run)
        with Container(id="panels"):
            yield ArchitecturePanel(run)
            yield LossPanel()
            yield GradientsPanel(id="gradients")
            yield OutputPanel(run)
        yield EndPanel(id="end")
        yield TrainingKeys(KEYS)

    def on_mount(self) -> None:
        self._session.call_on_change(self._drawing.draw_answer)
        self.set_interval(1 / self._frames, self._drawing.draw_frame)
        self.set_focus(self.query_one("#architecture"))

    def on_unmount(self) -> None:
        self._session.call_on_change(None)

    def on_screen_resume(self) -> None:
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()
        self._show_what_acts()

    @property
    def facts(self) -> ScreenFacts:
        focused = self.focused.id if isinstance(self.focused, Panel) else None
        # none while the app ends
        maps = any(panel.shows_maps(self._session.view) for panel in self.query(ArchitecturePanel))
        return ScreenFacts("training", panel=focused or "", enlarged=self._filled, maps=maps)

    def key_bar_view(self) -> View:
        return self.view

    def _show_or_hide_end(self) -> None:
        """Show the panel of the end while the run is at its planned end, if the terminal has room for it."""
        shown = self._session.view.end is not None and self.app.size.height >= HEIGHT
        self.query_one(EndPanel).display = self.query_one(TrainingKeys).end_is_shown = shown

    async def redraw_by_turns(self) -> None:
        """Draw the newest view on every panel."""
        await self._drawing.draw_all()

    def _take_view(self, view: View) -> None:
        """Make this view the one that is drawn, and show what goes with it."""
        self._show_or_hide_end()
        self._show_what_acts()
        self._view = view

    def focus_panel(self, name: str) -> None:
        """Focus a panel. If one panel is shown alone, it is this one afterwards."""
        chosen, uncovered = self.query_one(f"#{name}", Panel), False
        for panel in self._panels():
            hidden = not panel.display
            panel.display = panel is chosen or not self._shows_one_panel
            uncovered = uncovered or (hidden and panel.display)
        if uncovered:
            for panel in self.visible_panels():
                self.show_on(panel, self._session.view)
        self.set_focus(chosen)
        self._loss_is_enlarged = self._shows_one_panel and isinstance(chosen, LossPanel)
        if not self._loss_is_enlarged:
            self.query_one(LossPanel).remove_cursor()
        self._show_what_acts()

    def on_descendant_focus(self) -> None:
        self._show_what_acts()

    def on_click(self) -> None:
        self._show_what_acts()

    def _show_what_acts(self) -> None:
        """Write the keys that act now on the last line, and on the panels which of them is shown and what it takes."""
        pointing = HINT_FOLLOW if self._points else HINT_POINT if self._can_point else ""
        for panel in self._panels():
            hint = HINT_ONE_OF_FOUR if self._shows_one_panel else ""
            if isinstance(panel, ArchitecturePanel) and pointing and self.app.size.width >= WIDTH:
                hint = pointing
            # a title that is set is drawn again, with the whole panel
            if panel.border_title != panel.BORDER_TITLE + hint:
                panel.border_title = panel.BORDER_TITLE + hint
        self.query_one(TrainingKeys).show_keys(self.keys)

    @property
    def _can_point(self) -> bool:
        """Whether the arrows choose a neuron: the graph of the network has the focus."""
        architecture = self.query_one(ArchitecturePanel)
        return self.focused is architecture and not architecture.shows_maps(self._session.view)

    @property
    def _points(self) -> bool:
        return self._can_point and self.query_one(ArchitecturePanel).pointer.index is not None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that act now: also those of the cursor on the enlarged loss, and of the neuron on the graph."""
        if self._loss_is_enlarged:
            return KEYS_WITH_CURSOR
        if self._points:
            return KEYS_OF_NEURON
        return KEYS_WITH_POINTER if self._can_point else KEYS

    def can_act(self, id: str) -> bool:
        return self._filled if id == "back" else acts_on(id, self._session.view)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Switch the keys of the cursor and of the neuron off while they have nothing to act on."""
        if action in ("cursor", "cursor_end"):
            return self._loss_is_enlarged
        if action == "point":
            return self._can_point
        if action in ("follow", "withdraw"):
            return self._points
        return super().check_action(action, parameters)

    def action_point(self, layers: int, units: int) -> None:
        self.query_one(ArchitecturePanel).move_pointer(layers, units)
        self._show_what_acts()

    def action_follow(self) -> None:
        self.query_one(ArchitecturePanel).follow_example()
        self._show_what_acts()

    def action_withdraw(self) -> None:
        self.query_one(ArchitecturePanel).withdraw_pointer()
        self._show_what_acts()

    def action_cursor(self, direction: int) -> None:
        self.query_one(LossPanel).move_cursor(direction)

    def action_cursor_end(self, direction: int) -> None:
        self.query_one(LossPanel).move_cursor_to_end(direction)

    def focus_next_panel(self, direction: int) -> None:
        """Focus the next (1) or previous (−1) panel."""
        panels = self._panels()
        index = next((index for index, panel in enumerate(panels) if panel is self.focused), 0)
        self.focus_panel(str(panels[(index + direction) % len(panels)].id))

    def fill(self, filled: bool | None = None) -> None:
        """Let the focused panel fill the screen, or show all four. Without `filled`, switch between the two."""
        self._filled = not self._filled if filled is None else filled
        self._place_panels()

    def show_neurons(self) -> None:
        """Show the map of each neuron, or the graph again; with one input enlarge the curve, with each neuron's part.

        If the curve is enlarged already, all four panels are shown again.
        """
        view = self._session.view
        self._session.show_neurons()
        if view.run.neurons_shown == "parts":
            seen = self._filled and self.query_one("#output").display and view.request.output == "example"
            self.focus_panel("output")
            self.fill(not seen)
            if not seen:
                self.call_after_refresh(self._say_if_parts_have_no_room)

    def _say_if_parts_have_no_room(self) -> None:
        if self._filled and not self.query_one(OutputPanel).has_room_for_parts:
            self._session.show_note("what each neuron adds needs more lines than the panel has")

    @property
    def _shows_one_panel(self) -> bool:
        """Whether one panel is shown alone, by choice or because of the terminal's size."""
        return self._filled or self._arrangement == "one"

    def _arrange(self) -> None:
        """Place the panels by the size of the terminal, if their arrangement changes."""
        fitting = choose_arrangement(*self.app.size)
        if self.is_open and fitting != self._arrangement:
            self._arrangement = fitting
            self._place_panels()

    def _place_panels(self) -> None:
        container = self.query_one("#panels")
        for name in ("square", "column", "row"):
            container.set_class(name == self._arrangement and not self._filled, name)
        self.query_one(ArchitecturePanel).is_alone = self._shows_one_panel
        self.query_one(OutputPanel).is_alone = self._shows_one_panel
        focused = next((panel for panel in self._panels() if panel is self.focused), self._panels()[0])
        self.focus_panel(str(focused.id))

    def _panels(self) -> list[Panel[View]]:
        return [panel for panel in self.walk_children(Panel) if panel.parent and panel.parent.id == "panels"]
