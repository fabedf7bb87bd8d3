"""A run on the screen, from its beginning to its end, however it ends."""

import asyncio
import os
import signal
import sys
from functools import partial

from gradstep.data.lesson import Lesson
from gradstep.data.run import Run
from gradstep.tui.app import GradstepApp
from gradstep.tui.cli.display_options import DisplayOptions
from gradstep.tui.cli.plain_run import how_saved, last_words
from gradstep.tui.cli.summary import Summary, summarize
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.driver import TerminalDriver
from gradstep.tui.terminal.signal_watcher import SignalWatcher

THREAD_SWITCH_SECONDS = 0.0005
"""How long the training thread may keep the interpreter from the screen's; Python's own 5 ms is felt in the keys."""


def run_on_screen(
    run: Run,
    display: DisplayOptions,
    autosave: Autosave,
    watcher: SignalWatcher,
    walk: bool = False,
    lesson: Lesson | None = None,
) -> Summary:
    """Train on the screen until a person quits.

    With `walk` it begins paused, in the walkthrough of the first update, of a lesson or not. An error of gradstep's own
    ends the program, after the run is saved.
    """
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)

    async def train() -> tuple[Ending, TrainingSession, int]:
        session = TrainingSession(run, display.pace, paused=walk, autosave=autosave)
        app = GradstepApp(session, walk, lesson, display.capabilities, display.frames)
        watcher.leave = partial(_leave, app)
        ending = await app.run_async(mouse=display.mouse)
        return ending or "quit", app.session, app.return_code or 0

    # a person may have gone over to another run
    ending, session, return_code = asyncio.run(train())
    saved = session.autosave or autosave
    if return_code:
        session.save_for_good()
        print(f"gradstep: ended by an error of its own; {how_saved(saved)}", file=sys.stderr)
        sys.exit(return_code)
    loop = session.release()
    assert loop is not None
    return summarize(loop.run, loop.seconds, ending, saved)


def _leave(app: GradstepApp, number: signal.Signals) -> None:
    """Save the run after the update in hand, put the terminal back, and end the program.

    Called from the signal watcher's thread.
    """

    def save() -> str:
        session = app.session
        assert session.autosave is not None
        session.save_for_good()
        return last_words(number, session.autosave)

    if isinstance(app._driver, TerminalDriver):
        app._driver.leave_terminal(save)
    else:
        save()
    os._exit(128 + number)
