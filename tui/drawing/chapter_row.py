"""A chapter of the course as one line of a list."""

from gradstep.data.course.chapter import Chapter
from gradstep.data.course.language import Language
from gradstep.data.course.progress import Progress
from gradstep.tui.drawing.cells import align_left, shorten

MINUTES: dict[Language, str] = {"en": "min", "ru": "мин"}
TITLE = 20
"""Cells of the title."""


def describe_chapter(chapter: Chapter, progress: Progress | None, language: Language, width: int) -> str:
    """Return one line: the mark (✓ finished, … begun), the number, the title, the question and the minutes."""
    mark = " " if progress is None else "✓" if progress.finished else "…"
    head = chapter.head
    minutes = f"{head.minutes:>2} {MINUTES[language]}"
    title = align_left(head.title.in_language(language), TITLE)
    room = width - len(minutes) - len(title) - 9
    question = align_left(shorten(head.question.in_language(language), room), room)
    return f"{mark} {chapter.number:>2}  {title} {question}  {minutes}"
