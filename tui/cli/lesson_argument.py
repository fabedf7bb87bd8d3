"""The argument that names an experiment file or a lesson."""

from typing import Annotated

from typer import Argument

from gradstep.tui.cli.completions import complete_lesson

ExperimentOrLesson = Annotated[
    str,
    Argument(
        metavar="FILE|LESSON",
        help="An experiment file (TOML), or the name of a lesson.",
        autocompletion=complete_lesson,
    ),
]
