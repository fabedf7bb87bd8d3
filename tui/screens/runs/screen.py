"""The screen of the saved runs: go on with one, compare some, delete some."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from textual.app import ComposeResult

from gradstep.core.errors import GradstepError
from gradstep.data.compared_run import read_compared_run
from gradstep.data.delete_runs import delete_runs
from gradstep.data.find_data import DataError
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.run_list import ListedRun, list_runs
from gradstep.data.saved_runs import SavedRun, find_runs_folder
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.runs_keys import RUNS_KEYS
from gradstep.tui.screens.runs.compare_screen import CompareScreen
from gradstep.tui.screens.runs.compare_state import CompareView, make_compare_view
from gradstep.tui.screens.runs.data_path import DataPathScreen
from gradstep.tui.screens.runs.list_panel import RunList
from gradstep.tui.screens.runs.state import RunsView
from gradstep.tui.session.beside_run import read_beside_run
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.key_bar import ONE_MOMENT, KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen
from gradstep.tui.widgets.question import QuestionScreen

MOST_COMPARED = len(LANE_COLOURS)

Resumed = tuple[SavedRun, Run]


class RunsScreen(PanelScreen[RunsView, Resumed]):
    """Lists the saved runs. Dismisses with the run to go on with and where it is saved, or with None.

    Every file is read and deleted in a thread.
    """

    keys = RUNS_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012

    def __init__(self, session: TrainingSession, open_screen: Callable[[CompareScreen], None]) -> None:
        beside = session.view.beside
        own = _find_own_name(session)
        super().__init__(RunsView(None, str(find_runs_folder()), own, beside.name if beside else ""))
        self._session, self._open_screen = session, open_screen
        self.waits = True
        """Whether files are being read."""

    def compose(self) -> ComposeResult:
        yield RunList(id="run-list")
        yield KeyBar(RUNS_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("runs")

    def key_bar_view(self) -> RunsView:
        return self.view

    def on_mount(self) -> None:
        # after the first drawing, for which the processor is free then
        self.call_after_refresh(partial(self._work, self._read))

    def _work(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what takes a thread; an error it ends with is shown. Keys act meanwhile."""
        self.begin_work(partial(self._report_errors, work))

    async def _report_errors(self, work: Callable[[], Awaitable[None]]) -> None:
        self.waits = True
        try:
            await work()
        except (GradstepError, OSError, MemoryError) as error:
            self._show_note(str(error))
        self.waits = False

    async def _read(self, note: str = "") -> None:
        """Read the list again; the chosen run and the marks stay, as far as they are there."""
        loop = asyncio.get_running_loop()

        def report(done: int, of: int) -> None:
            if done % 50 == 0:
                loop.call_soon_threadsafe(self._show_progress, done, of)

        before = self.view
        runs = tuple(await asyncio.to_thread(list_runs, report))
        names = [run.name for run in runs]
        kept = before.run.name if before.run else ""
        chosen = names.index(kept) if kept in names else min(before.chosen, max(0, len(runs) - 1))
        marked = self.view.marked & set(names)
        # the run may have been saved for the first time meanwhile
        own = _find_own_name(self._session)
        self.show_view(replace(self.view, runs=runs, own=own, chosen=chosen, marked=marked, note=note))

    def _show_progress(self, done: int, of: int) -> None:
        if self.view.runs is None:
            self.show_view(replace(self.view, read=(done, of)))

    def _show_note(self, note: str) -> None:
        self.show_view(replace(self.view, note=note))

    # choosing

    def action_choose(self, direction: int) -> None:
        view = self.view
        if view.runs:
            # single steps wrap around, larger ones stop at either end
            index, last = view.chosen + direction, len(view.runs) - 1
            chosen = index % (last + 1) if abs(direction) == 1 else min(max(index, 0), last)
            self.show_view(replace(view, chosen=chosen, note=""))

    def action_choose_run(self, index: int) -> None:
        """Choose the run of this index, on which was clicked."""
        if self.view.runs and index < len(self.view.runs):
            self.show_view(replace(self.view, chosen=index, note=""))

    def action_mark(self) -> None:
        """Mark the chosen run, or unmark it, and choose the next one."""
        view = self.view
        if view.run is not None:
            self.show_view(replace(view, marked=view.marked ^ {view.run.name}, note=""))
            self.action_choose(1)

    # acting on them

    def action_resume(self) -> None:
        """Go on with the chosen run in place of the one that trains."""
        run = self.view.run
        if run is None:
            return
        if run.name == self.view.own:
            self._show_note("this is the run that trains: esc goes back to it")
            return
        self._show_note(ONE_MOMENT)
        self._work(partial(self._resume, run))

    async def _resume(self, listed: ListedRun, data: str | None = None) -> None:
        """Go on with a run; `data` is the path of its data, if they are not where they were."""
        if listed.experiment is None:
            raise GradstepError(f"{listed.name}: {listed.problem}")
        saves = SavedRun(listed.folder)
        try:
            run = await asyncio.to_thread(_open_run, saves, data)
        except DataError as error:
            self._show_note("")
            self._ask_for_data(listed, error)
            return
        if self.is_current:
            self.dismiss((saves, run))
        else:
            saves.close()

    def _ask_for_data(self, listed: ListedRun, error: DataError) -> None:
        """Ask where the data of a run are, and go on with it there."""

        def resume(path: str | None) -> None:
            if path is not None:
                self._show_note(ONE_MOMENT)
                self._work(partial(self._resume, listed, path))

        if self.is_current:
            self.app.push_screen(DataPathScreen(listed.name, error.problem, error.path), resume)

    def action_compare(self) -> None:
        """Compare the marked runs, or the chosen one with the run that trains."""
        view, picked = self.view, self.view.picked
        own = [run for run in view.runs or () if run.name == view.own]
        if len(picked) == 1:
            picked = [*picked, *(run for run in own if run.name != picked[0].name)]
        if len(picked) < 2:
            self._show_note("space marks the runs to compare: mark two at least")
        elif len(picked) > MOST_COMPARED:
            self._show_note(f"at most {MOST_COMPARED} runs are compared: {len(picked)} are marked")
        else:
            self._show_note(ONE_MOMENT)
            self._work(partial(self._compare, picked))

    async def _compare(self, picked: list[ListedRun]) -> None:
        compared = await asyncio.to_thread(_read_to_compare, picked)
        self._show_note("")
        if self.is_current:
            self._open_screen(CompareScreen(compared))

    def action_beside(self) -> None:
        """Draw the curve of the chosen run beside that of the run that trains, or stop drawing it."""
        run = self.view.run
        if run is None:
            return
        if run.name == self.view.beside:
            self._session.show_beside(None)
            self.show_view(replace(self.view, beside="", note=""))
        elif run.name == self.view.own:
            self._show_note("this is the run that trains: choose another one")
        else:
            self._show_note(ONE_MOMENT)
            self._work(partial(self._show_beside, run))

    async def _show_beside(self, listed: ListedRun) -> None:
        compared = await asyncio.to_thread(read_compared_run, listed)
        beside, lacks = await asyncio.to_thread(read_beside_run, compared, self._session.run)
        self._session.show_beside(beside)
        note = f"drawn beside yours{f', without its border: {lacks}' if lacks else ''}"
        self.show_view(replace(self.view, beside=listed.name, note=note))

    def action_delete(self) -> None:
        """Delete the marked runs, or the chosen one, after a question."""
        picked = [run for run in self.view.picked if run.folder.is_dir()]
        if not picked:
            self._show_note("there is no run to delete")
        elif any(run.name == self.view.own for run in picked):
            self._show_note("the run that trains is not deleted: space unmarks it")
        else:
            what = picked[0].name if len(picked) == 1 else f"the {len(picked)} marked runs"
            question = QuestionScreen(f"Delete {what}, with all checkpoints?\nThey cannot be brought back.", "delete")
            self.app.push_screen(question, lambda yes: self._delete_if(yes, picked))

    def _delete_if(self, yes: bool | None, picked: list[ListedRun]) -> None:
        if yes:
            self._work(partial(self._delete, picked))

    async def _delete(self, picked: list[ListedRun]) -> None:
        left = await asyncio.to_thread(delete_runs, [run.folder for run in picked])
        await self._read("; ".join(left) or f"deleted: {len(picked) if len(picked) > 1 else picked[0].name}")

    def action_leave(self) -> None:
        self.dismiss(None)


def _find_own_name(session: TrainingSession) -> str:
    """Return the name of the run that trains; empty if it is not saved."""
    return session.autosave.name if session.autosave is not None and session.autosave.path else ""


def _read_to_compare(picked: list[ListedRun]) -> CompareView:
    return make_compare_view([read_compared_run(run) for run in picked])


def _open_run(saves: SavedRun, data: str | None) -> Run:
    """Lock a saved run and go to its newest checkpoint; raises GradstepError, with the run not locked."""
    saves.open_to_resume()
    try:
        return resume_run(saves.newest(), data)
    except BaseException:
        saves.close()
        raise
