"""The options of commands that write a file."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from gradstep.tui.cli.completions import complete_run

SavedRunName = Annotated[
    str,
    Argument(
        metavar="RUN",
        help="A saved run (its name, or the beginning of it), or a checkpoint file.",
        show_default="newest",
        autocompletion=complete_run,
    ),
]

OutputFile = Annotated[Path | None, Option("--output", metavar="FILE", help="Write a new file instead of printing.")]

Overwrite = Annotated[bool, Option("--overwrite", help="Write over a file that exists.")]

ExportFile = Annotated[
    Path | None,
    Option(
        "--output", metavar="FILE", help="Write this file; else weights go to RUN.FORMAT, and a history is printed."
    ),
]

Best = Annotated[bool, Option("--best", help="Take the best weights of the run instead of its newest.")]

MovedData = Annotated[
    str | None,
    Option("--data", metavar="PATH", help="The file with the data of the run, if it was moved and is not found."),
]
