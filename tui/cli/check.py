"""The command that says what is in a file, and everything that keeps it from being learnt."""

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from typer import Argument, Context

from gradstep.core.errors import GradstepError
from gradstep.tui.cli import data_options as options
from gradstep.tui.cli.standard_streams import wrap_lines


def check(
    context: Context,
    file: Annotated[
        str, Argument(metavar="FILE", help="A table of text, an NPZ file, or a folder with MNIST's files.")
    ],
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
) -> int:
    """Say what is in a file, what should be known before training, and every problem, with what would help."""
    from gradstep.data.command_line import write_command_line
    from gradstep.data.experiment_options import make_experiment_from_options
    from gradstep.data.given_source import is_experiment_file
    from gradstep.data.load_dataset import load_dataset
    from gradstep.data.shell_words import join_words
    from gradstep.data.table.problems import TableError
    from gradstep.tui.cli.file_report import describe_file

    gc.enable()
    # a pipe is one of data
    if os.path.isfile(file) and os.path.getsize(file) and is_experiment_file(Path(file)):
        raise GradstepError(f"{file} is an experiment file and holds no table; {_tell_how_to_check(file)}")
    given = {name: value for name, value in context.params.items() if name != "file"}
    experiment = make_experiment_from_options(None, None, given | {"path": file})
    try:
        dataset = load_dataset(experiment.data)
    except TableError as error:
        # a pipe can be read once
        if error.cure and os.path.isfile(file):
            if len(error.problems) == 1:
                error.lines.append(f"  with {join_words(error.cure_words)} the file can be learnt")
            cured = make_experiment_from_options(None, None, given | {"path": file} | error.cure)
            with suppress(GradstepError):
                error.lines += [f"  {line}" for line in describe_file(load_dataset(cured.data))]
        raise
    lines = [*describe_file(dataset), f"train     {write_command_line(experiment)}"]
    print("\n".join(wrap_lines(lines, sys.stdout)), flush=True)
    return 0


def _tell_how_to_check(file: str) -> str:
    """Return how the data of an experiment file are checked."""
    from gradstep.data.experiment import load_experiment
    from gradstep.data.shell_words import join_words

    path = load_experiment(Path(file), {}).data.path
    if path is None:
        return f"{join_words(['gradstep', 'train', file])} checks its data before it trains"
    return f"{join_words(['gradstep', 'check', path])} checks its data"
