"""The experiment screen: a form with every field of the experiment."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.experiment import Experiment
from gradstep.data.features import FEATURES
from gradstep.data.run import Run
from gradstep.tui.screen_keys import EXPERIMENT_KEYS, name_key
from gradstep.tui.screens.experiment.chosen_file import read_chosen_file
from gradstep.tui.screens.experiment.experiment_file import read_experiment, write_experiment
from gradstep.tui.screens.experiment.feature_switches import read_features, switch_feature
from gradstep.tui.screens.experiment.field_steps import step_value, with_layer
from gradstep.tui.screens.experiment.fields import (
    OF_FILES,
    ONLY_IN_A_FILE,
    FormField,
    format_editable,
    parse_typed,
    with_value,
)
from gradstep.tui.screens.experiment.file_values import step_source
from gradstep.tui.screens.experiment.panels import FieldDetails, FieldTable, Scrolled
from gradstep.tui.screens.experiment.state import FormView, open_form, read_measured_sets
from gradstep.tui.screens.experiment.typing_line import TypingLine
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.actions_in_order import ActionsInOrder
from gradstep.tui.widgets.key_bar import ONE_MOMENT, KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen
from gradstep.tui.widgets.question import QuestionScreen

FILE = "experiment.toml"


class ExperimentScreen(PanelScreen[FormView, None]):
    """Holds the edited experiment. The training does not change before the experiment is applied.

    If it needs a new start, the user is asked, the new run is assembled here and passed to `begin`.
    """

    keys = EXPERIMENT_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (72, "wide"), (110, "broad")]  # noqa: RUF012

    def __init__(self, session: TrainingSession, begin: Callable[[Run], None], field: str | None = None) -> None:
        """`field` is the dotted name of the field that is chosen at first; None for the first one."""
        super().__init__(open_form(session.run, session.view.snapshot.learning_rate, field))
        self._session, self._begin = session, begin
        self._is_reading, self._actions = False, ActionsInOrder(self)

    def compose(self) -> ComposeResult:
        with Container(id="form"):
            yield FieldTable(id="fields")
            yield FieldDetails(id="about")
        yield TypingLine(id="typing")
        yield KeyBar(EXPERIMENT_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("experiment")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(FieldTable))
        self.begin_work(partial(call_in_daemon_thread, read_measured_sets, self.view.running.data.name), "reading")

    def key_bar_view(self) -> FormView:
        return self.view

    def show_view(self, view: FormView) -> None:
        super().show_view(view)
        if view.unread is not None and not self._is_reading:
            self._is_reading = True
            self.begin_work(self._read_chosen_files, "file")

    async def _read_chosen_files(self) -> None:
        """Read the file that is chosen, one at a time: in the end the one that was chosen last."""
        while (settings := self.view.unread) is not None:
            file = await call_in_daemon_thread(read_chosen_file, settings)
            super().show_view(replace(self.view, file=file))
        self._is_reading = False

    def _edit(self, edited: Callable[[], Experiment]) -> None:
        """Show the experiment that `edited` returns, or the message of the GradstepError that it raises."""
        try:
            self.show_view(replace(self.view, experiment=edited(), complaint="", note=""))
        except GradstepError as error:
            self.show_view(replace(self.view, complaint=str(error), note=""))

    def can_act(self, id: str) -> bool:
        view = self.view
        if id.startswith("feature_"):
            return bool(read_features(view.experiment, view.filled))
        return {
            "apply": bool(view.changed),
            "copy": view.command is not None and not self.app.is_web,
            "default": view.field.value(view.experiment) is not None,
            "layer_off": bool((view.filled or view.experiment).network.hidden),
        }.get(id, True)

    # fields

    def action_field(self, direction: int) -> None:
        view, last = self.view, len(self.view.fields) - 1
        index = view.index + direction
        # single steps wrap around, larger ones stop at either end
        index = index % (last + 1) if abs(direction) == 1 else min(max(index, 0), last)
        self.show_view(replace(view, chosen=view.fields[index].dotted, complaint="", note=""))

    def action_choose(self, dotted: str) -> None:
        """Choose the field that was clicked on; type its value if it is chosen already."""
        if self.query_one(TypingLine).has_class("shown"):
            self.action_drop()
        if dotted == self.view.field.dotted:
            self.action_type()
        else:
            self.show_view(replace(self.view, chosen=dotted, complaint="", note=""))

    def on_scrolled(self, event: Scrolled) -> None:
        """Change the chosen field if the mouse is on it, up to larger values; elsewhere go through the fields."""
        if event.dotted == self.view.field.dotted:
            self.action_value(event.direction)
        else:
            self.action_field(-event.direction)

    def action_value(self, direction: int) -> None:
        before = self.view
        if before.field.dotted in OF_FILES:
            # one after the other: a key that is pressed quickly again takes another step
            step = partial(self._step_source, before.field, direction)
            self._actions.do(lambda: partial(self._report_errors, step))
            return
        self._edit(lambda: step_value(before.experiment, before.field, direction, before.current_rows, before.filled))
        self._note_if_unchanged(before, f"the keys have no further value here: {name_key('type')} types one")

    async def _step_source(self, field: FormField, direction: int) -> None:
        """Show the next data file here, or column of the file."""
        before = self.view
        experiment = await call_in_daemon_thread(step_source, before.experiment, field, direction)
        self.show_view(replace(self.view, experiment=experiment, complaint="", note=""))
        none = "no other data file is in this folder" if field.name == "path" else "no other column is known"
        self._note_if_unchanged(before, f"{none}: {name_key('type')} types one")

    def action_layer(self, direction: int) -> None:
        before = self._view = replace(self.view, chosen="network.hidden")
        self._edit(lambda: with_layer(before.experiment, direction, before.filled))
        self._note_if_unchanged(before, "there is no hidden layer to remove")

    def _note_if_unchanged(self, before: FormView, note: str) -> None:
        """Show a note if a key has left the experiment as it was, and nothing else says why."""
        if self.view.experiment == before.experiment and not self.view.complaint:
            self._show_note(note)

    def action_feature(self, number: int) -> None:
        before = self._view = replace(self.view, chosen="data.features")
        name = list(FEATURES)[number - 1]
        self._edit(lambda: switch_feature(before.experiment, name, before.filled))

    def action_restore_default(self) -> None:
        before = self.view
        self._edit(lambda: with_value(before.experiment, before.field, None))
        self._note_if_unchanged(before, "this is the default")

    def action_type(self) -> None:
        view, field = self.view, self.view.field
        shown = view.filled if view.filled and field.value(view.experiment) is None else view.experiment
        text = "" if field.name in ONLY_IN_A_FILE else format_editable(field, shown)

        def accept(typed: str) -> None:
            # a default that is accepted as it stands stays a default
            if typed.strip() != text or not text:
                self._edit(lambda: parse_typed(view.experiment, field, typed))

        self._ask(f"{field.label}:", text, accept)

    # files

    def action_write(self) -> None:
        self._ask("write to:", FILE, self._write)

    def action_open(self) -> None:
        self._ask("open:", FILE, self._open)

    def _write(self, text: str) -> None:
        path = Path(os.path.expanduser(text))

        def write(yes: bool | None) -> None:
            if yes:
                self._read_or_write(lambda: self._write_file(path))

        if os.path.exists(path):
            self.app.push_screen(QuestionScreen(f"There is a {path} already.", "write over it"), write)
        else:
            write(True)

    async def _write_file(self, path: Path) -> None:
        await write_experiment(path, self.view.experiment)
        self._show_note(f"written to {path}")

    def _open(self, text: str) -> None:
        path = Path(os.path.expanduser(text))
        self._read_or_write(lambda: self._open_file(path))

    async def _open_file(self, path: Path) -> None:
        experiment = await read_experiment(path)
        self.show_view(
            replace(
                self.view, experiment=experiment, complaint="", note=f"opened {path}; {name_key('apply')} trains it"
            )
        )

    def _read_or_write(self, work: Callable[[], Awaitable[None]]) -> None:
        """Begin to read or write files, which can take long. The error that it ends with, if any, is shown."""
        self._show_note(ONE_MOMENT)
        self.begin_work(partial(self._report_errors, work), exclusive=True)

    async def _report_errors(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (GradstepError, MemoryError, OSError) as error:
            self._show_error(error)

    def action_copy(self) -> None:
        if self.view.command is None:
            self._show_note(f"no command line can say this: {name_key('write')} writes it to a file")
        elif self.app.is_web:
            self._show_note("a browser keeps its clipboard to itself: the line stands below the explanation")
        else:
            self.app.copy_to_clipboard(self.view.command)
            self._show_note(f"copied: {self.view.command}")

    # apply

    def action_apply(self) -> None:
        view = self.view
        if not view.changed:
            self._show_note(f"nothing has been changed: {name_key('form_leave')} goes back")
        elif view.new_start:
            names = ", ".join(field.label for field in view.new_start)
            question = (
                f"{names}: cannot change in this run.\nA new run starts from seed {view.experiment.network.seed}."
            )
            self.app.push_screen(QuestionScreen(question, "start it"), self._start_again)
        else:
            self._session.change_training(view.experiment)
            self.dismiss()

    def _start_again(self, yes: bool | None) -> None:
        if yes:
            self._read_or_write(self._assemble)

    async def _assemble(self) -> None:
        self._begin(await call_in_daemon_thread(assemble, self.view.experiment))

    def action_leave(self) -> None:
        self.dismiss()

    # typing

    def _ask(self, what: str, text: str, accept: Callable[[str], None]) -> None:
        """Show a line to type on, with this text. Enter passes the line to `accept`, esc drops it."""
        self.query_one(TypingLine).ask(what, text, accept)

    def action_accept(self) -> None:
        """Take the line that is typed."""
        take = self.query_one(TypingLine).take()
        self.set_focus(self.query_one(FieldTable))
        take()

    def action_drop(self) -> None:
        """Drop the line that is typed."""
        self.query_one(TypingLine).drop()
        self.set_focus(self.query_one(FieldTable))

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.query_one(TypingLine).has_class("shown"):
            event.stop()
            event.prevent_default()
            self.action_drop()

    def _show_note(self, note: str) -> None:
        self.show_view(replace(self.view, note=note, complaint=""))

    def _show_error(self, error: Exception) -> None:
        self.show_view(replace(self.view, note="", complaint=str(error)))
