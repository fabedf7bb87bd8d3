"""The command that walks through the first update on the screen."""

from gradstep.core.errors import GradstepError
from gradstep.data.shell_words import quote_word
from gradstep.tui.cli.display_options import DisplayOptions, with_display_options
from gradstep.tui.cli.exit_status import STATUS_OF_ENDING
from gradstep.tui.cli.lesson_argument import ExperimentOrLesson
from gradstep.tui.cli.standard_streams import is_interactive
from gradstep.tui.cli.train_and_summarize import print_figures
from gradstep.tui.terminal.signal_watcher import SignalWatcher


@with_display_options
def walk(what: ExperimentOrLesson = "", *, display: DisplayOptions) -> int:
    """Walk through the first update on the screen, number by number; without a name, that of the digits."""
    watcher = SignalWatcher() if is_interactive() else None

    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import load_experiment_or_lesson
    from gradstep.data.saved_runs import name_new_run
    from gradstep.tui.cli.screen_run import run_on_screen

    experiment, lesson = load_experiment_or_lesson(what)
    if watcher is None:
        file = quote_word(what) if what else "FILE"
        raise GradstepError(f"walk needs a terminal; gradstep trace {file} --step 1 prints the same as text")
    saves = name_new_run(lesson.name) if lesson else None
    figures = run_on_screen(lambda: assemble(experiment), display, saves, watcher, walk=True, lesson=lesson)
    print_figures(figures)
    return STATUS_OF_ENDING.get(figures.stopped, 0)
