"""The command that predicts new rows with a trained network."""

import gc
import io
import sys
from pathlib import Path
from typing import Annotated

from typer import Argument

from gradstep.tui.cli.file_options import OutputFile, Overwrite
from gradstep.tui.cli.standard_streams import print_report


def predict(
    model: Annotated[
        str,
        Argument(
            metavar="[RUN|MODEL]",
            help="A saved run, a checkpoint file or a model file; by default the newest run.",
            show_default=False,
        ),
    ],
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
) -> int:
    """Predict the rows of a file: a class with its probabilities, or a number in its unit, as CSV."""
    from gradstep.data.find_model import find_model
    from gradstep.data.new_file import write_output_file
    from gradstep.data.new_rows import read_new_rows
    from gradstep.data.prediction import write_predictions

    gc.enable()
    what, path = (model, Path(file)) if file else ("", Path(model))
    trained = find_model(what)
    rows = read_new_rows(path, trained.preprocessing.encoder, trained.experiment.data.file_options)
    text = write_predictions(trained, rows)
    if rows.notes:
        first, *others = rows.notes
        print_report([f"{path}: {first}", *(f"  {note}" for note in others)])
    if output is not None:
        write_output_file(output, text.encode(), overwrite)
        return 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # so that no name of a class is lost, whatever the terminal's is
    print(text, end="", flush=True)
    return 0
