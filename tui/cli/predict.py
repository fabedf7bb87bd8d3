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
from gradstep.tui.cli.output_file import check_new_file
from gradstep.tui.cli.standard_streams import print_report
from gradstep.tui.numbers import plain_number, plain_share

if TYPE_CHECKING:
    from gradstep.data.score_rows import RowsScore
    from gradstep.data.trained_model import TrainedModel


def predict(
    model: Annotated[
        str,
        Argument(
            metavar="RUN|MODEL",
            help="A saved run (its name, or the beginning of it), a checkpoint file or a model file; by default the "
            "newest run.",
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
    """Predict the rows of a file: a class with its probabilities, or a number in its unit, as CSV.

    A file that has what was learnt, as a column or as the array y, is scored: loss and accuracy, or the errors, on
    standard error.
    """
    from gradstep.data.find_model import find_model
    from gradstep.data.new_file import write_output_file

    gc.enable()
    check_new_file("--output", output, overwrite)
    what, path = (model, Path(file)) if file else ("", _find_only_file(model))
    trained = find_model(what, data, best)
    with nullcontext() if trained.name == what else _naming(trained.name):
        text, notes, score = _predict_rows(trained, path)
    if trained.name != what:
        print_report([f"with {trained.name}"])
    if notes:
        first, *others = notes
        print_report([f"{path}: {first}", *(f"  {note}" for note in others)])
    if score is not None:
        print_report([f"{path}: {_describe_score(score)}"])
    if output is not None:
        write_output_file(output, text.encode(), overwrite)
        return 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # so that no name of a class is lost, whatever the terminal's is
    print(text, end="", flush=True)
    return 0


def _find_only_file(path: str) -> Path:
    """Return the path of the rows, which alone is given; raises GradstepError if it is that of a run or a model."""
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
    """Name the run in errors, where its whole name was not given."""
    try:
        yield
    except TableError as error:
        error.lines[0] += f" (with {run})"
        raise
    except GradstepError as error:
        raise GradstepError(f"{error} (with {run})") from None


def _predict_rows(trained: "TrainedModel", path: Path) -> tuple[str, Sequence[str], "RowsScore | None"]:
    """Return the predictions as CSV, the notes on the file, and the score where the file has the targets."""
    from gradstep.data.far_inputs import describe_far_inputs
    from gradstep.data.new_rows import read_new_rows
    from gradstep.data.prediction import write_predictions
    from gradstep.data.score_rows import score_rows

    rows = read_new_rows(path, trained.preprocessing.encoder, trained.experiment.data.file_options)
    notes = (*rows.notes, *describe_far_inputs(trained.preprocessing, rows))
    return write_predictions(trained, rows), notes, score_rows(trained, rows)


def _describe_score(score: "RowsScore") -> str:
    """Describe the score in the words of the summary of a run, with the rows that each figure is of."""
    from gradstep.tui.cli.summary import format_errors

    rows = _count_rows(score.rows)
    figures = [] if score.loss is None else [f"loss {plain_number(score.loss, 0)}"]
    if score.loss_rows < score.rows and figures:
        figures[0] += f" on {_count_rows(score.loss_rows)} of a class that was learnt"
        rows = f"all {rows}"
    figures += [] if score.accuracy is None else [f"accuracy {plain_share(score.accuracy)}"]
    figures += [format_errors(errors.rmse, errors.mae, errors.r2) for errors in score.errors]
    return f"scores {'   '.join(figures)}   on {rows}"


def _count_rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
