"""What a chapter opens with: the run of the card that a person is at, as they left it, or from its start."""

from collections.abc import Callable
from dataclasses import dataclass

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.course.chapter import Chapter, ChapterRun
from gradstep.data.course.progress import Progress
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.saved_runs import SavedRun, find_runs_folder, name_new_run


@dataclass(frozen=True, slots=True)
class Opening:
    """The index of a card, and its run: how it is made, where it is saved, its pace, and whether it starts paused."""

    card: int
    make_run: Callable[[], Run]
    saves: SavedRun
    pace: float | None
    paused: bool


def open_chapter(chapter: Chapter, progress: Progress | None) -> Opening:
    """Return how to go on with a chapter: at the card where it was left, with the saved run if that can be resumed.

    A card that starts a run starts it anew: what it says is said of the start of the run.

    Raises GradstepError for a run that cannot be made.
    """
    card = min(progress.card, len(chapter.cards) - 1) if progress is not None else 0
    given = chapter.runs[find_run_of(chapter, card)]
    starts_run = card == 0 or chapter.cards[card].run is not None
    if progress is not None and progress.run and not starts_run:
        try:
            saves = SavedRun(find_runs_folder() / progress.run)
            run = resume_run(saves.newest())
            saves.open_to_resume()
        except GradstepError:
            # it was removed, or another program has it open: the card starts its run anew
            pass
        else:
            return Opening(card, lambda: run, saves, given.pace, paused=True)
    return open_run(chapter.name, given, card)


def open_run(name: str, given: ChapterRun, card: int = 0) -> Opening:
    """Return how to start a run of the chapter of this name anew."""
    return Opening(card, lambda: assemble(given.experiment), name_new_run(name), given.pace, given.paused)


def find_run_of(chapter: Chapter, card: int) -> str:
    """Return the name of the run that belongs to a card: that of the last card up to it that starts one."""
    started = [each.run for each in chapter.cards[: card + 1] if each.run is not None]
    return started[-1] if started else chapter.first_run
