"""The commands that print for paper and for programs: one update with every number, and a worksheet of one."""

import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from gradstep.tui.cli.completions import complete_lesson
from gradstep.tui.cli.exit_status import STATUS_OF_ENDING
from gradstep.tui.cli.lesson_argument import ExperimentOrLesson
from gradstep.tui.cli.standard_streams import print_error

if TYPE_CHECKING:
    from gradstep.core.training.update import Update
    from gradstep.data.experiment import Experiment
    from gradstep.data.run import Run


def trace(
    file: ExperimentOrLesson,
    step: Annotated[int, Option(min=1, metavar="N", help="Which update, counted from 1.")],
    format: Annotated[
        Literal["text", "json", "markdown", "latex", "html"],
        Option(help="text, json: every number. markdown, latex, html: a hand-out for paper, large matrices in part."),
    ] = "text",
) -> int:
    """Print update N as the walkthrough shows it: all its numbers, or a hand-out for paper with the network drawn."""
    from gradstep.data.experiment_options import load_experiment_or_lesson

    gc.enable()
    run, update = _make_update(load_experiment_or_lesson(file)[0], step)
    if update is None:
        return STATUS_OF_ENDING["diverged"]
    if format == "text" or format == "json":
        from gradstep.tui.cli.trace import format_json, format_text

        print(format_text(update) if format == "text" else format_json(update), flush=True)
        return 0
    from gradstep.tui.handout.formats import FORMATS
    from gradstep.tui.handout.names import name_units
    from gradstep.tui.handout.walk_document import make_walk_document

    _print_document(FORMATS[format](make_walk_document(update, name_units(run), _name_experiment(file))))
    return 0


def worksheet(
    file: Annotated[
        str,
        Argument(
            metavar="FILE|LESSON",
            help="An experiment file (TOML) with a small network, or the name of a lesson.",
            show_default="a 2-2-2 network of sigmoids with round numbers",
            autocompletion=complete_lesson,
        ),
    ] = "",
    hide: Annotated[
        Literal["last", "backward", "all"],
        Option(help="Which numbers are blank: the last of each phase, the backward pass, or all."),
    ] = "all",
    seed: Annotated[
        int | None,
        Option(
            min=0,
            max=2**63 - 1,
            metavar="N",
            help="Which numbers: each seed has its own. With FILE it draws round first weights.",
            show_default="1, or the weights of FILE",
        ),
    ] = None,
    format: Annotated[
        Literal["markdown", "latex", "html"], Option(help="html prints from a browser, latex through pdflatex.")
    ] = "html",
    answers: Annotated[bool, Option(help="Whether the answers follow, on pages of their own.")] = True,
    language: Annotated[Literal["en", "ru"] | None, Option(help="The language.", show_default="the locale's")] = None,
) -> int:
    """Print a worksheet for a class: one update of a small network with blanks to fill in, and the answers."""
    from gradstep.data.course.language import find_language
    from gradstep.tui.handout.formats import FORMATS
    from gradstep.tui.handout.names import name_units
    from gradstep.tui.handout.sheet_words import WORDS
    from gradstep.tui.handout.worksheet import make_worksheet

    gc.enable()
    chosen = find_language(language)
    run, update = _make_update(_find_worksheet_experiment(file, seed), 1)
    if update is None:
        return STATUS_OF_ENDING["diverged"]
    number = 1 if seed is None and not file else seed
    sheet = [] if number is None else [WORDS[chosen].seed.format(seed=number)]
    label = ", ".join([*([_name_experiment(file)] if file else []), *sheet])
    document = make_worksheet(update, name_units(run), label, hide, chosen, answers)
    _print_document(FORMATS[format](document))
    return 0


def _find_worksheet_experiment(file: str, seed: int | None) -> "Experiment":
    """Draw the built-in network, or read that of a file. Raises GradstepError for one that is too large."""
    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import load_experiment_or_lesson
    from gradstep.data.worksheet_numbers import draw_parameters_for, draw_small_experiment
    from gradstep.tui.handout.worksheet import check_size

    if not file:
        return draw_small_experiment(1 if seed is None else seed)
    experiment = load_experiment_or_lesson(file)[0]
    check_size(assemble(experiment).network.parameters.size)
    return experiment if seed is None else draw_parameters_for(experiment, seed)


def _make_update(experiment: "Experiment", step: int) -> "tuple[Run, Update | None]":
    """Train up to an update and record it; None, with the error printed, for a run that diverges before."""
    from gradstep.core.training.divergence import Diverged
    from gradstep.core.training.update import record_update
    from gradstep.data.assemble import assemble

    run = assemble(experiment)
    try:
        run.trainer.run(lambda: False, until=step - 1)
        return run, record_update(run.trainer)
    except Diverged as error:
        print_error(str(error))
        return run, None


def _name_experiment(file: str) -> str:
    """The name of a lesson, or that of a file without its folder and its ending."""
    return Path(file).stem if os.sep in file or "." in file else file


def _print_document(text: str) -> None:
    """Print a document as UTF-8, which it says of itself, whatever the terminal's encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(text, end="", flush=True)
