"""The command that opens the course."""

from typing import Annotated, Literal

from typer import Argument, Option

from gradstep.tui.cli.completions import complete_chapter
from gradstep.tui.cli.display_options import DisplayOptions, with_display_options
from gradstep.tui.cli.exit_status import STATUS_OF_ENDING
from gradstep.tui.cli.standard_streams import is_interactive
from gradstep.tui.cli.train_and_summarize import print_figures
from gradstep.tui.terminal.signal_watcher import SignalWatcher


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
    from gradstep.tui.cli.chapters import learn_on_screen, print_chapter, print_chapters

    if watcher is None:
        if chapter and not list_chapters:
            print_chapter(chapter, find_language(language))
        else:
            print_chapters(find_language(language))
        return 0
    figures = learn_on_screen(chapter, find_language(language), display, watcher)
    print_figures(figures)
    return STATUS_OF_ENDING.get(figures.stopped, 0)
