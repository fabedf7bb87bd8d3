"""The course from the command line: its chapters as a list, and a chapter on the screen."""

import asyncio
from dataclasses import replace

from gradstep.data.assemble import assemble
from gradstep.data.course.chapter import Chapter, find_chapter, list_chapters, read_chapter
from gradstep.data.course.language import Language
from gradstep.data.course.opening import open_chapter
from gradstep.data.course.progress import read_progress
from gradstep.data.experiment import make_experiment
from gradstep.tui.app import GradstepApp
from gradstep.tui.cli.chapter_reader import reading
from gradstep.tui.cli.display_options import DisplayOptions
from gradstep.tui.cli.screen_run import run_on_screen
from gradstep.tui.cli.summary import Summary
from gradstep.tui.drawing.card_text import remove_marks
from gradstep.tui.drawing.chapter_row import describe_chapter
from gradstep.tui.terminal.signal_watcher import SignalWatcher

WIDTH = 100


def print_chapters(language: Language) -> None:
    """Print a line for each chapter: what was done of it, its title, the question that it answers, and the minutes."""
    progress = read_progress()
    for path in list_chapters().values():
        chapter = read_chapter(path)
        print(describe_chapter(chapter, progress.get(chapter.name), language, WIDTH).rstrip(), flush=True)


def print_chapter(what: str, language: Language) -> None:
    """Print each card of a chapter, and what it says once it is done, with the numbers of a run that does all of it."""
    # printed when the app has ended, because Textual captures what is printed meanwhile
    print("\n\n".join(asyncio.run(_read_chapter(find_chapter(what), language))), flush=True)


async def _read_chapter(chapter: Chapter, language: Language) -> list[str]:
    head = chapter.head
    title = f"{chapter.number or ''} {head.title.in_language(language)}".strip()
    end = "" if title[-1] in ".?!" else "."
    paragraphs = [f"{title}{end} {head.question.in_language(language)}"]
    async with reading(chapter) as reader:
        async for card in reader.read():
            before, after = (remove_marks(view[language].text) for view in (card.before, card.after))
            texts = [before, *map(remove_marks, card.choices[language]), *([after] if after != before else [])]
            paragraphs.append(f"{card.index + 1}. " + "\n   ".join(texts))
    return paragraphs


def learn_on_screen(what: str, language: Language, display: DisplayOptions, watcher: SignalWatcher) -> Summary:
    """Begin a chapter where it was left, or show the list of chapters if none is named. Raises GradstepError."""

    def begin(app: GradstepApp) -> None:
        app.language = language
        if chapter is None:
            app.begin_with_list()
        else:
            app.begin_with_chapter(chapter, opening.card)

    if not what:
        chapter = None
        return run_on_screen(lambda: assemble(make_experiment({})), display, None, watcher, paused=True, begin=begin)
    chapter = find_chapter(what)
    opening = open_chapter(chapter, read_progress().get(chapter.name) if chapter.number else None)
    display = replace(display, pace=opening.pace)
    return run_on_screen(opening.make_run, display, opening.saves, watcher, paused=opening.paused, begin=begin)
