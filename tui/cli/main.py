"""The command line.

Nothing heavy is imported before a command needs it: `gradstep --version` and a mistyped option answer at once.
"""

import io
import os
import sys
from errno import EDQUOT, EFBIG, ENOSPC
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Context, Exit, Option, Typer, TyperException

from gradstep.core.errors import GradstepError
from gradstep.tui.cli.display_options import (
    BackgroundToUse,
    ColoursToUse,
    DisplayOptions,
    Fps,
    GlyphsToUse,
    LinkSpeed,
    Mouse,
    Pace,
    display_options,
)
from gradstep.tui.terminal.signal_watcher import SignalWatcher

if TYPE_CHECKING:
    from gradstep.data.run import Run
    from gradstep.data.saved_runs import SavedRun

BAD_INPUT = 2
# a full disk, a spent quota, a file of the largest size allowed
NO_ROOM = (ENOSPC, EDQUOT, EFBIG)
DEFAULT_PACE = "50"
UPDATES_A_SECOND = "250"
"""How soon after an update Textual sends the next: at its own 60 the answer to a key can wait 17 ms for its turn."""

STATUS_OF_ENDING = {"diverged": 3, "interrupted": 130, "terminated": 143, "hung up": 129}

app = Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


def main() -> None:
    """Run what was typed, and leave with its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a sign that the terminal's encoding lacks must not end a run
    os.environ.setdefault("TEXTUAL_FPS", UPDATES_A_SECOND)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command, `train` if none is given, and return its exit status.

    What cannot be done is one line on standard error and exit status 2.
    """
    try:
        return app(arguments or ["train"], prog_name="gradstep", standalone_mode=False) or 0
    except TyperException as error:
        message = error.format_message()
    except GradstepError as error:
        message = str(error)
    except MemoryError as error:
        message = f"not enough memory for this network and these data: {error}"
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        message = f"the output cannot be written: {error.strerror}"
    print("gradstep:", " ".join(message.split()), file=sys.stderr)
    return BAD_INPUT


def _print_version(wanted: bool) -> None:
    if wanted:
        print("gradstep", metadata.version("gradstep"), flush=True)
        raise Exit


@app.callback()
def _gradstep(
    version: Annotated[
        bool, Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Train a numpy neural network in the terminal, and see what every update does.

    Without a command: train the digits on the default network.
    """


@app.command()
def train(
    context: Context,
    file: Annotated[
        Path | None, Argument(metavar="FILE", help="An experiment file (TOML).", show_default="digits")
    ] = None,
    data: Annotated[
        str | None,
        Option(metavar="NAME|PATH", help="A built-in data set, a CSV or NPZ file, or a folder with MNIST's files."),
    ] = None,
    noise: Annotated[float | None, Option(help="Noise of a generated built-in set, 0 to 0.5.")] = None,
    target: Annotated[
        str | None,
        Option(metavar="NAME|N", help="The CSV column to learn: its name, or its number from 1; by default the last."),
    ] = None,
    task: Annotated[str | None, Option(help="What to learn from a file: auto, classification, regression.")] = None,
    decimal: Annotated[str | None, Option(metavar=".|,", help="The decimal sign in a CSV file.")] = None,
    test_fraction: Annotated[float | None, Option(help="Share of the rows held out for testing.")] = None,
    scale: Annotated[str | None, Option(help="How inputs are scaled: auto, none, standard, minmax.")] = None,
    hidden: Annotated[str | None, Option(metavar="N,N", help="Neurons per hidden layer, as in 16,16; or none.")] = None,
    activation: Annotated[
        str | None, Option(help="step, linear, sigmoid, tanh, relu, leaky_relu; one per hidden layer as in relu,tanh.")
    ] = None,
    output: Annotated[str | None, Option(help="softmax, or one of the above; by default what suits the data.")] = None,
    init: Annotated[str | None, Option(help="How the weights start: uniform, normal, xavier, he, zeros.")] = None,
    dtype: Annotated[str | None, Option(help="Precision: float64, float32.")] = None,
    train_biases: Annotated[bool | None, Option(help="Train the biases, or keep their first values.")] = None,
    loss: Annotated[
        str | None, Option(help="cross_entropy, binary_cross_entropy, mse, half_sse; by default what suits the data.")
    ] = None,
    optimizer: Annotated[str | None, Option(help="sgd, momentum, nesterov, rmsprop, adam.")] = None,
    learning_rate: Annotated[float | None, Option(help="How far one step goes against the gradient.")] = None,
    batch_size: Annotated[str | None, Option(metavar="N|full", help="Examples per step; full: all of them.")] = None,
    l1: Annotated[float | None, Option(help="Adds l1·Σ|w| to the loss.")] = None,
    l2: Annotated[float | None, Option(help="Adds (l2 / 2)·Σw² to the loss.")] = None,
    shuffle: Annotated[bool | None, Option(help="Shuffle the examples in every epoch, or keep their order.")] = None,
    target_loss: Annotated[
        float | None, Option(help="Stop after an epoch with at most this loss on the test part.")
    ] = None,
    target_accuracy: Annotated[
        float | None, Option(help="Stop after an epoch with at least this accuracy, 0 to 1, on the test part.")
    ] = None,
    patience: Annotated[
        int | None, Option(metavar="N", help="Stop after N epochs without a lower loss on the test part.")
    ] = None,
    max_epochs: Annotated[int | None, Option(help="Stop after this many passes over the training part.")] = None,
    max_steps: Annotated[int | None, Option(help="Stop after this many steps.")] = None,
    seed: Annotated[int | None, Option(help="Every seed: of the data, the first weights and the shuffling.")] = None,
    plain: Annotated[
        bool, Option("--plain", help="Print lines of text, at full speed, instead of drawing a screen.")
    ] = False,
    summary: Annotated[Path | None, Option(metavar="FILE", help="Write the figures of the whole run as JSON.")] = None,
    pace: Pace = DEFAULT_PACE,
    fps: Fps = None,
    link: LinkSpeed = "auto",
    colours: ColoursToUse = "auto",
    glyphs: GlyphsToUse = "auto",
    background: BackgroundToUse = "auto",
    mouse: Mouse = True,
) -> int:
    """Train a network: the experiment in FILE, or the digits. An option wins over the file."""
    display = display_options(context.params)
    _check_writable(summary)
    # before numpy is imported: see SignalWatcher
    watcher = None if plain or not _has_screen() else SignalWatcher()

    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import make_experiment_from_options
    from gradstep.data.saved_runs import name_new_run

    run = assemble(make_experiment_from_options(file, data, context.params))
    return _train(run, name_new_run(run.dataset.name), watcher, display, summary)


@app.command()
def resume(
    context: Context,
    run: Annotated[
        str, Argument(metavar="RUN|FILE", help="A saved run, or a checkpoint file.", show_default="newest")
    ] = "",
    list_runs: Annotated[bool, Option("--list", help="List the saved runs, the newest first.")] = False,
    plain: Annotated[bool, Option("--plain", help="Print lines of text instead of drawing a screen.")] = False,
    summary: Annotated[Path | None, Option(metavar="FILE", help="Write the figures of the whole run as JSON.")] = None,
    pace: Pace = DEFAULT_PACE,
    fps: Fps = None,
    link: LinkSpeed = "auto",
    colours: ColoursToUse = "auto",
    glyphs: GlyphsToUse = "auto",
    background: BackgroundToUse = "auto",
    mouse: Mouse = True,
) -> int:
    """Go on with a saved run, bit for bit as if it had never stopped; without a name, with the newest."""
    display = display_options(context.params)
    _check_writable(summary)
    watcher = None if list_runs or plain or not _has_screen() else SignalWatcher()

    from gradstep.data.resume import resume_run
    from gradstep.data.saved_runs import find_checkpoint, find_saved_runs

    if list_runs:
        for each in find_saved_runs():
            print(each.describe(), flush=True)
        return 0
    saves, checkpoint = find_checkpoint(run)
    return _train(resume_run(checkpoint), saves, watcher, display, summary)


def _train(
    run: "Run", saves: "SavedRun", watcher: SignalWatcher | None, display: DisplayOptions, summary: Path | None
) -> int:
    """Train on the screen, or in text if there is no `watcher`; return the exit status."""
    from gradstep.data.atomic_write import write_atomically
    from gradstep.tui.cli.plain_run import train_in_text
    from gradstep.tui.session.autosave import Autosave

    autosave = Autosave(saves)
    if watcher is None:
        figures = train_in_text(run, autosave)
    else:
        from gradstep.tui.cli.screen_run import run_on_screen

        figures = run_on_screen(run, display, autosave, watcher)
        print(figures.as_text(), flush=True)
    if summary:
        write_atomically(summary, figures.as_json().encode())
    return STATUS_OF_ENDING.get(figures.stopped, 0)


@app.command()
def trace(
    file: Annotated[str, Argument(metavar="FILE", help="An experiment file (TOML), or the name of a lesson.")],
    step: Annotated[int, Option(min=1, metavar="N", help="Which update, counted from 1.")],
    format: Annotated[Literal["text", "json"], Option(help="For a person, or for a program.")] = "text",
) -> None:
    """Print update N as the walkthrough shows it, with every number."""
    from gradstep.core.training.update import record_update
    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import load_experiment_or_lesson
    from gradstep.tui.cli.trace import as_json, as_text

    trainer = assemble(load_experiment_or_lesson(file)[0]).trainer
    trainer.run(lambda: False, until=step - 1)
    update = record_update(trainer)
    print(as_text(update) if format == "text" else as_json(update), flush=True)


@app.command()
def walk(
    context: Context,
    what: Annotated[
        str, Argument(metavar="FILE|LESSON", help="An experiment file (TOML), or the name of a lesson.")
    ] = "",
    pace: Pace = DEFAULT_PACE,
    fps: Fps = None,
    link: LinkSpeed = "auto",
    colours: ColoursToUse = "auto",
    glyphs: GlyphsToUse = "auto",
    background: BackgroundToUse = "auto",
    mouse: Mouse = True,
) -> int:
    """Walk through the first update on the screen, number by number; without a name, of the digits."""
    display = display_options(context.params)
    watcher = SignalWatcher() if _has_screen() else None

    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import load_experiment_or_lesson
    from gradstep.data.saved_runs import name_new_run
    from gradstep.tui.cli.screen_run import run_on_screen
    from gradstep.tui.session.autosave import Autosave

    experiment, lesson = load_experiment_or_lesson(what)
    if watcher is None:
        raise GradstepError("walk needs a terminal; gradstep trace FILE --step 1 prints the same as text")
    run = assemble(experiment)
    autosave = Autosave(name_new_run(lesson.name if lesson else run.dataset.name))
    figures = run_on_screen(run, display, autosave, watcher, walk=True, lesson=lesson)
    print(figures.as_text(), flush=True)
    return STATUS_OF_ENDING.get(figures.stopped, 0)


@app.command()
def lessons() -> None:
    """List the lessons for `gradstep walk`."""
    from gradstep.data.lesson import lesson_names, load_lesson

    for name in lesson_names():
        lesson = load_lesson(name)
        print(f"{name:<18} {lesson.title}\n{'':<18} {lesson.about}", flush=True)


@app.command()
def datasets() -> None:
    """List the built-in data sets, with a picture of each."""
    from gradstep.data.registry import BUILT_IN, load_built_in
    from gradstep.tui.cli.dataset_gallery import draw_gallery
    from gradstep.tui.drawing.glyph_fallback import glyph_table

    text = draw_gallery(load_built_in(name, seed=0) for name in BUILT_IN)
    encoding = sys.stdout.encoding.lower().replace("-", "")
    print(text if encoding == "utf8" else text.translate(glyph_table("ascii") or {}), flush=True)


def _check_writable(path: Path | None) -> None:
    """Refuse before the training what could not be written after it."""
    if path is None:
        return
    folder = path.absolute().parent
    if path.is_dir():
        raise GradstepError(f"--summary {path}: is a folder; must be a file")
    if not folder.is_dir():
        raise GradstepError(f"--summary {path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise GradstepError(f"--summary {path}: the folder {folder} cannot be written to")


def _has_screen() -> bool:
    """Whether a person looks at all three streams, on a terminal that can draw."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"
