"""The options of commands that write a file."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

SavedRunName = Annotated[str, Argument(metavar="RUN", help="A saved run, or a checkpoint file.", show_default="newest")]

OutputFile = Annotated[Path | None, Option("--output", metavar="FILE", help="Write a new file instead of printing.")]

Overwrite = Annotated[bool, Option("--overwrite", help="Write over a file that exists.")]
