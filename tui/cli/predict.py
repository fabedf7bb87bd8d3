"""The command that predicts new rows with a trained network."""

import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument

from gradstep.core.errors import GradstepError
from gradstep.data.shell_words import quote_word
from gradstep.data.table.problems import TableError
from gradstep.tui.cli.completions import complete_run
from gradstep.tui.cli.file_options import Best, MovedData, OutputFile, Overwrite
from gradstep.tui.cli.standard_streams import print_report

if TYPE_CHECKING:
    from gradstep.data.trained_model import TrainedModel


def predict(
    model: Annotated[
        str,
        Argument(
            metavar="RUN|MODEL",
            help="A saved run, a checkpoint file or a model file; by default the newest run.",
            show_default=False,
            autocompletion=complete_run,
        ),
    ] = "",
    file: Annotated[
        str,
        Argument(
            metavar="FILE",
            help="A table with the columns that were learnt from, such as a CSV file, or an NPZ file.",
            show_default=False,
        ),
    ] = "",
    output: OutputFile = None,
    overwrite: Overwrite = False,
    best: Best = False,
    data: MovedData = None,
) -> int:
    """Predict the rows of a file: a class with its probabilities, or a number in its unit, as CSV."""
    from gradstep.data.find_model import find_model
    from gradstep.data.new_file import write_output_file

    gc.enable()
    what, path = (model, Path(file)) if file else ("", _find_only_file(model))
    trained = find_model(what, data, best)
    with nullcontext() if what else _naming(trained.name):
        text, notes = _predict_rows(trained, path)
    if not what:
        print_report([f"with {trained.name}"])
    if notes:
        first, *others = notes
        print_report([f"{path}: {first}", *(f"  {note}" for note in others)])
    if output is not None:
        write_output_file(output, text.encode(), overwrite)
        return 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # so that no name of a class is lost, whatever the terminal's is
    print(text, end="", flush=True)
    return 0


def _find_only_file(path: str) -> Path:
    """Return the path of the rows, which alone is given; raises GradstepError if it is none, but a run or a model."""
    from gradstep.data.find_model import holds_network

    if not path:
        raise GradstepError("a file with rows is missing: gradstep predict [RUN or MODEL] FILE")
    if holds_network(path):
        kind = "model" if os.path.isfile(path) else "run"
        raise GradstepError(
            f"{path} is a {kind}; a file with rows is missing: gradstep predict {quote_word(path)} FILE"
        )
    return Path(path)


@contextmanager
def _naming(run: str) -> Iterator[None]:
    """Name the run in errors, where the newest was taken."""
    try:
        yield
    except TableError as error:
        error.lines[0] += f" (with {run})"
        raise
    except GradstepError as error:
        raise GradstepError(f"{error} (with {run})") from None


def _predict_rows(trained: "TrainedModel", path: Path) -> tuple[str, Sequence[str]]:
    """Return the predictions as CSV, and the notes on the file."""
    from gradstep.data.far_inputs import describe_far_inputs
    from gradstep.data.new_rows import read_new_rows
    from gradstep.data.prediction import write_predictions

    rows = read_new_rows(path, trained.preprocessing.encoder, trained.experiment.data.file_options)
    return write_predictions(trained, rows), (*rows.notes, *describe_far_inputs(trained.preprocessing, rows))
