"""Trains a run, on the screen or in text, and writes its figures."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gradstep.tui.cli.display_options import DisplayOptions
from gradstep.tui.cli.exit_status import STATUS_OF_ENDING
from gradstep.tui.terminal.browser import is_in_browser
from gradstep.tui.terminal.signal_watcher import SignalWatcher

if TYPE_CHECKING:
    from gradstep.data.run import Run
    from gradstep.data.run_log import RunLog
    from gradstep.data.saved_runs import SavedRun
    from gradstep.tui.cli.summary import Summary


def train_and_summarize(
    make_run: "Callable[[], Run]",
    saves: "SavedRun | None",
    watcher: SignalWatcher | None,
    display: DisplayOptions,
    summary: Path | None,
    log: Path | None,
) -> int:
    """Train on the screen, or in text without a `watcher`; return the exit status. Without `saves` it is a new run.

    The figures are written to `summary`, and the history to `log` while it trains, if they are given.
    """
    from gradstep.data.atomic_write import write_atomically
    from gradstep.data.saved_runs import name_new_run
    from gradstep.tui.garbage_collection import freeze_objects

    open_log = partial(_open_log, log, saves is not None, watcher is not None)
    if watcher is None:
        from gradstep.tui.cli.plain_run import train_in_text
        from gradstep.tui.session.autosave import Autosave

        freeze_objects()
        run = make_run()
        autosave = Autosave(saves or name_new_run(run.dataset.name))
        figures = train_in_text(run, autosave, open_log(run))
    else:
        from gradstep.tui.cli.screen_run import run_on_screen

        figures = run_on_screen(make_run, display, saves, watcher, open_log=open_log)
        print_figures(figures)
    if summary:
        write_atomically(summary, figures.format_json().encode())
    return STATUS_OF_ENDING.get(figures.stopped, 0)


def print_figures(figures: "Summary") -> None:
    """Print the figures of a run that was on the screen; nobody would read them behind a browser."""
    if not is_in_browser():
        print(figures.format_text(), flush=True)


def _open_log(path: Path | None, resumed: bool, on_screen: bool, run: "Run") -> "RunLog | None":
    """Open the log of a run, if it is to have one; raises GradstepError."""
    if path is None:
        return None
    from gradstep.data.run_log import open_log

    return open_log(path, run.trainer.history if resumed else None, on_screen)
