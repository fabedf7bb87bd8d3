"""A run on the screen: it starts the app, and saves the run however the app ends."""

import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial

from gradstep.data.course.progress import is_first_start
from gradstep.data.first_walk import note_walk_opened, was_walk_opened
from gradstep.data.lesson import Lesson
from gradstep.data.run import Run
from gradstep.data.run_log import RunLog
from gradstep.data.saved_runs import SavedRun, name_new_run
from gradstep.tui.app import GradstepApp
from gradstep.tui.cli.display_options import DisplayOptions
from gradstep.tui.cli.plain_run import describe_resume, describe_signal
from gradstep.tui.cli.summary import Summary, save_and_summarize
from gradstep.tui.drawing.loss_plot import import_plotext
from gradstep.tui.garbage_collection import freeze_objects
from gradstep.tui.memory import give_memory_back
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.thread_priority import compute_with_low_priority
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.driver import TerminalDriver
from gradstep.tui.terminal.job import stop_job
from gradstep.tui.terminal.signal_watcher import SignalWatcher

THREAD_SWITCH_SECONDS = 0.0005
"""Seconds that the training thread may hold the interpreter. Python's default of 5 ms delays the answer to a key."""

SECONDS_FOR_NOTES = 15.0
"""How long the notes on a resumed run stay."""


def run_on_screen(
    make_run: Callable[[], Run],
    display: DisplayOptions,
    saves: SavedRun | None,
    watcher: SignalWatcher,
    walk: bool = False,
    lesson: Lesson | None = None,
    paused: bool = False,
    begin: Callable[[GradstepApp], None] | None = None,
    open_log: Callable[[Run], RunLog | None] = lambda run: None,
) -> Summary:
    """Train on the screen until the user quits, and return the figures of the run.

    The run is made here, so that no caller keeps it, with its data, after a new start. Without `saves` it is a new run.
    With `walk` it starts paused, in the walkthrough of the first update, with the texts of the `lesson` if given.
    `begin` is called with the app before it runs. `open_log` opens the log of the run, if it is to have one.
    After an internal error the run is saved, and the program exits with the app's return code.
    """
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    give_memory_back()
    import_plotext()
    freeze_objects()

    offers_example = not walk and not was_walk_opened()
    if begin is None and not walk and is_first_start():
        begin = GradstepApp.begin_with_offer
    if walk:
        note_walk_opened()

    def open_session() -> TrainingSession:
        run = make_run()
        autosave = Autosave(saves or name_new_run(run.dataset.name))
        session = TrainingSession(run, display.pace, walk or paused, autosave, open_log(run))
        if run.notes:
            session.show_note("; ".join(run.notes), SECONDS_FOR_NOTES)
        return session

    async def train() -> tuple[Ending, TrainingSession, int]:
        compute_with_low_priority()
        app = GradstepApp(open_session(), walk, lesson, display.capabilities, display.frames, offers_example)
        app.theme = display.theme
        if begin is not None:
            begin(app)
        watcher.leave, watcher.suspend, watcher.resume = (
            partial(_leave, app),
            partial(_suspend, app),
            partial(_resume, app),
        )
        ending = await app.run_async(mouse=display.mouse)
        return ending or "quit", app.session, app.return_code or 0

    # the app may have started another run, with a session of its own
    ending, session, return_code = asyncio.run(train())
    saved = session.autosave
    assert saved is not None
    if return_code:
        session.save_for_good()
        print(f"gradstep: ended by an error of its own; {describe_resume(saved)}", file=sys.stderr)
        sys.exit(return_code)
    loop = session.release()
    assert loop is not None
    return save_and_summarize(loop.run, loop.seconds, ending, saved, loop.findings, loop.end)


def _leave(app: GradstepApp, number: int) -> None:
    """Save the run after the current update, restore the terminal, and end the program.

    Called from a thread of the signal watcher.
    """

    def save() -> str:
        session = app.session
        assert session.autosave is not None
        session.save_for_good()
        return describe_signal(number, session.autosave)

    if isinstance(app._driver, TerminalDriver):
        app._driver.leave_terminal(save)
    else:
        save()
    os._exit(128 + number)


def _suspend(app: GradstepApp) -> None:
    """Restore the terminal and stop the program, from the signal watcher's thread."""
    if isinstance(app._driver, TerminalDriver):
        app._driver.suspend_soon()
    else:
        stop_job()


def _resume(app: GradstepApp) -> None:
    """Draw on the terminal again, from the signal watcher's thread."""
    if isinstance(app._driver, TerminalDriver):
        app._driver.resume_soon()
