"""The commands of `gradstep`.

numpy, Textual and what uses them are imported inside the commands, so that `gradstep --version` and a mistyped option
answer at once.
"""

import gc
import os
import sys
import warnings
from errno import EDQUOT, EFBIG, ENOSPC
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Context, Exit, Option, Typer, TyperException

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.table.problems import NoColumnError, TableError
from gradstep.tui.cli import resume_options
from gradstep.tui.cli import train_options as options
from gradstep.tui.cli.check import check
from gradstep.tui.cli.code import code
from gradstep.tui.cli.completions import complete_chapter, complete_lesson, complete_run
from gradstep.tui.cli.display_options import DisplayOptions, with_display_options
from gradstep.tui.cli.exit_status import BAD_INPUT, STATUS_OF_ENDING
from gradstep.tui.cli.export import export
from gradstep.tui.cli.hand_outs import trace, worksheet
from gradstep.tui.cli.listings import datasets, lessons
from gradstep.tui.cli.predict import predict
from gradstep.tui.cli.program import Program
from gradstep.tui.cli.runs import runs
from gradstep.tui.cli.setting_up import PASSED_ON, config, serve
from gradstep.tui.cli.standard_streams import is_interactive, prepare_streams, print_error, print_report
from gradstep.tui.cli.summary_file import check_summary_file
from gradstep.tui.cli.train_and_summarize import print_figures, train_and_summarize
from gradstep.tui.terminal.browser import is_in_browser, use_own_state
from gradstep.tui.terminal.signal_watcher import SignalWatcher

if TYPE_CHECKING:
    pass

DISK_FULL_ERRORS = (ENOSPC, EDQUOT, EFBIG)
"""The disk is full, the quota is used up, or the file has the largest size allowed."""

UPDATES_A_SECOND = "250"
"""Screen updates a second that Textual sends at most. With its default of 60 the answer to a key can wait 17 ms."""

app = Typer(cls=Program, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})


def main() -> None:
    """Run the command of `sys.argv`, and exit with its status."""
    # modules leave no garbage, but a tenth of the time to load them goes to looking for some; commands allow it again
    gc.disable()
    prepare_streams()
    if is_in_browser():
        use_own_state()
    if not sys.warnoptions:
        # what a user should know is said in words of our own
        warnings.simplefilter("ignore")
    os.environ.setdefault("TEXTUAL_FPS", UPDATES_A_SECOND)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command, and return its exit status.

    Bad input is reported in one line on standard error, with exit status 2.
    """
    try:
        return app(arguments, prog_name="gradstep", standalone_mode=False) or 0
    except TyperException as error:
        message = make_printable(error.format_message())
    except TableError as error:
        print_report(error.lines)
        return BAD_INPUT
    except NoColumnError as error:
        is_given = any(argument.partition("=")[0] == f"--{error.field}" for argument in arguments)
        message = error.describe_option() if is_given else str(error)
    except GradstepError as error:
        message = str(error)
    except MemoryError as error:
        message = f"not enough memory for this network and these data: {error}".removesuffix(": ")
    except OSError as error:
        what = "the output cannot be written" if error.errno in DISK_FULL_ERRORS else error.filename or "a file"
        message = make_printable(f"{what}: {error.strerror or error}")
    except ImportError as error:
        # too little memory, or too few open files; numpy's message is a page that ends with the reason
        message = f"a part of the program cannot be loaded: {str(error).strip().splitlines()[-1]}"
    print_error(message)
    return BAD_INPUT


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        print("gradstep", metadata.version("gradstep"), flush=True)
        raise Exit


@app.callback()
def _describe_program(
    version: Annotated[
        bool, Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Train a numpy neural network in the terminal, and see what every update does.

    Without a command: train. gradstep alone trains the digits, and gradstep FILE an experiment file or your own data.
    """


@app.command()
@with_display_options
def learn(
    chapter: Annotated[
        str,
        Argument(
            metavar="CHAPTER|FILE",
            help="The number or the name of a chapter, or a chapter file (TOML).",
            autocompletion=complete_chapter,
        ),
    ] = "",
    language: Annotated[Literal["en", "ru"] | None, Option(help="The language.", show_default="the locale's")] = None,
    list_chapters: Annotated[bool, Option("--list", help="List the chapters.")] = False,
    plain: Annotated[bool, Option("--plain", help="Print a chapter as text, with the numbers of a run.")] = False,
    *,
    display: DisplayOptions,
) -> int:
    """Learn how a neural network learns, step by step: fourteen short chapters on real runs, in English or Russian."""
    watcher = None if plain or list_chapters or not is_interactive() else SignalWatcher()

    from gradstep.data.course.language import find_language
    from gradstep.tui.cli.learn import learn_on_screen, print_chapter, print_chapters

    if watcher is None:
        if chapter and not list_chapters:
            print_chapter(chapter, find_language(language))
        else:
            print_chapters(find_language(language))
        return 0
    figures = learn_on_screen(chapter, find_language(language), display, watcher)
    print_figures(figures)
    return STATUS_OF_ENDING.get(figures.stopped, 0)


@app.command()
@with_display_options
def train(
    context: Context,
    file: options.ExperimentFile = None,
    data: options.Data = None,
    noise: options.Noise = None,
    target: options.Target = None,
    task: options.Task = None,
    drop: options.Drop = None,
    columns: options.Columns = None,
    categories: options.Categories = None,
    missing: options.Missing = None,
    dates: options.Dates = None,
    header: options.Header = None,
    delimiter: options.Delimiter = None,
    decimal: options.Decimal = None,
    transposed: options.Transposed = None,
    test_fraction: options.TestFraction = None,
    validation_fraction: options.ValidationFraction = None,
    stratify: options.Stratify = None,
    features: options.Features = None,
    scale: options.Scale = None,
    hidden: options.Hidden = None,
    activation: options.Activation = None,
    output: options.Output = None,
    init: options.Init = None,
    start: options.Start = None,
    dtype: options.Dtype = None,
    train_biases: options.TrainBiases = None,
    loss: options.Loss = None,
    optimizer: options.Optimizer = None,
    learning_rate: options.LearningRate = None,
    batch_size: options.BatchSize = None,
    l1: options.L1 = None,
    l2: options.L2 = None,
    class_weights: options.ClassWeights = None,
    shuffle: options.Shuffle = None,
    target_loss: options.TargetLoss = None,
    target_accuracy: options.TargetAccuracy = None,
    patience: options.Patience = None,
    max_epochs: options.MaxEpochs = None,
    max_steps: options.MaxSteps = None,
    seed: options.Seed = None,
    plain: options.Plain = False,
    summary: options.SummaryFile = None,
    log: options.LogFile = None,
    *,
    display: DisplayOptions,
) -> int:
    """Train a network: the experiment or the data in FILE, or the digits. An option wins over the file."""
    check_summary_file(summary)
    # the watcher must be made before numpy is imported: see SignalWatcher
    watcher = None if plain or not is_interactive() else SignalWatcher()

    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import make_experiment_from_options

    experiment = make_experiment_from_options(file, data, context.params)
    return train_and_summarize(lambda: assemble(experiment), None, watcher, display, summary, log)


@app.command()
@with_display_options
def resume(
    run: Annotated[
        str,
        Argument(
            metavar="RUN|FILE",
            help="A saved run, or a checkpoint file.",
            show_default="newest",
            autocompletion=complete_run,
        ),
    ] = "",
    list_runs: Annotated[bool, Option("--list", help="List the saved runs, as gradstep runs does.")] = False,
    data: resume_options.Data = None,
    optimizer: resume_options.Optimizer = None,
    learning_rate: resume_options.LearningRate = None,
    batch_size: resume_options.BatchSize = None,
    l1: resume_options.L1 = None,
    l2: resume_options.L2 = None,
    target_loss: resume_options.TargetLoss = None,
    target_accuracy: resume_options.TargetAccuracy = None,
    patience: resume_options.Patience = None,
    max_epochs: resume_options.MaxEpochs = None,
    max_steps: resume_options.MaxSteps = None,
    plain: options.Plain = False,
    summary: options.SummaryFile = None,
    log: options.LogFile = None,
    *,
    display: DisplayOptions,
) -> int:
    """Go on with a saved run, bit for bit as if it had never stopped; without a name, with the newest.

    With options it goes on with other values from its present step on, as if they had been changed on the screen.
    """
    changes = {
        "optimizer": optimizer,
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "l1": l1,
        "l2": l2,
        "target_loss": target_loss,
        "target_accuracy": target_accuracy,
        "patience": patience,
        "max_epochs": max_epochs,
        "max_steps": max_steps,
    }
    check_summary_file(summary)
    watcher = None if list_runs or plain or not is_interactive() else SignalWatcher()

    from gradstep.data.experiment_options import parse_options
    from gradstep.data.resume import resume_run
    from gradstep.data.saved_runs import find_checkpoint

    if list_runs:
        return runs()
    saves, checkpoint = find_checkpoint(run)
    saves.open_to_resume()
    training = parse_options(changes)
    return train_and_summarize(lambda: resume_run(checkpoint, data, training), saves, watcher, display, summary, log)


app.command()(check)
app.command()(runs)
app.command()(trace)
app.command()(worksheet)
app.command()(predict)
app.command()(export)
app.command()(code)


@app.command()
@with_display_options
def walk(
    what: Annotated[
        str,
        Argument(
            metavar="FILE|LESSON",
            help="An experiment file (TOML), or the name of a lesson.",
            autocompletion=complete_lesson,
        ),
    ] = "",
    *,
    display: DisplayOptions,
) -> int:
    """Walk through the first update on the screen, number by number; without a name, that of the digits."""
    watcher = SignalWatcher() if is_interactive() else None

    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import load_experiment_or_lesson
    from gradstep.data.saved_runs import name_new_run
    from gradstep.tui.cli.screen_run import run_on_screen

    experiment, lesson = load_experiment_or_lesson(what)
    if watcher is None:
        raise GradstepError("walk needs a terminal; gradstep trace FILE --step 1 prints the same as text")
    saves = name_new_run(lesson.name) if lesson else None
    figures = run_on_screen(lambda: assemble(experiment), display, saves, watcher, walk=True, lesson=lesson)
    print_figures(figures)
    return STATUS_OF_ENDING.get(figures.stopped, 0)


app.command(context_settings=PASSED_ON)(serve)
app.command()(config)
app.command()(lessons)
app.command()(datasets)
