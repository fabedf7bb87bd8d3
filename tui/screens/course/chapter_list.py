"""The list of chapters: what each is about, how long it takes, and how far one is."""

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from gradstep.data.course.chapter import Chapter, list_chapters, read_chapter
from gradstep.data.course.language import Language
from gradstep.data.course.progress import Progress, read_progress
from gradstep.tui.drawing.cells import align_left
from gradstep.tui.drawing.chapter_row import describe_chapter
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.widgets.dialog import Dialog

WIDEST = 96
BORDERS = 8
"""Cells of the dialog beside the text."""

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Learn how this works, step by step",
        "keys": "↑ ↓ choose   enter begin   esc back",
    },
    "ru": {
        "title": "Курс: как это работает, шаг за шагом",
        "keys": "↑ ↓ выбрать   enter начать   esc назад",
    },
}


def read_chapters() -> tuple[list[Chapter], dict[str, Progress]]:
    """Read all chapters and the progress. It takes a moment, so call it in a thread."""
    return [read_chapter(path) for path in list_chapters().values()], read_progress()


class ChapterListScreen(Dialog[Chapter]):
    """Returns the chosen chapter, None for none.

    At the start the `current` one is chosen, or the one after it if that is finished; else the first not finished.
    """

    BINDINGS = [  # noqa: RUF012
        Binding("up", "move(-1)", "Above"),
        Binding("down", "move(1)", "Below"),
        Binding("enter,right_parenthesis", "begin", "Begin"),
        Binding("escape,q,L", "dismiss", "Back"),
        Binding("ctrl+c,ctrl+q", "app.quit", "Quit"),
    ]

    def __init__(
        self,
        chapters: Sequence[Chapter],
        progress: Mapping[str, Progress],
        language: Language,
        current: str,
        at: str = "",
    ) -> None:
        """`current` is the name of the chapter that was worked on last, and `at` of one to choose; empty for none."""
        super().__init__()
        self._chapters, self._progress, self._language = chapters, progress, language
        names = [chapter.name for chapter in chapters]
        self._chosen = names.index(at) if at in names else self._choose(current)

    def _choose(self, current: str) -> int:
        open_ones = [i for i, each in enumerate(self._chapters) if not self._is_finished(each.name)]
        at = next((i for i, each in enumerate(self._chapters) if each.name == current), None)
        if at is None:
            return open_ones[0] if open_ones else 0
        return (at + 1) % len(self._chapters) if self._is_finished(current) else at

    def _is_finished(self, name: str) -> bool:
        return self._progress.get(name, Progress()).finished

    def compose(self) -> ComposeResult:
        yield Static(self._draw(), id="chapters")

    def on_resize(self) -> None:
        self.query_one("#chapters", Static).update(self._draw())

    def action_move(self, direction: int) -> None:
        self._chosen = (self._chosen + direction) % len(self._chapters)
        self.query_one("#chapters", Static).update(self._draw())

    def action_begin(self) -> None:
        self.dismiss(self._chapters[self._chosen])

    def _draw(self) -> Text:
        words, width = WORDS[self._language], min(WIDEST, self.app.size.width - BORDERS)
        title = Text(words["title"], STRONG)
        rows = [self._draw_row(index, chapter, width) for index, chapter in enumerate(self._chapters)]
        return Text("\n").join([title, Text(), *rows, Text(), Text(spell_out(words["keys"]), DIM)])

    def _draw_row(self, index: int, chapter: Chapter, width: int) -> Text:
        text = describe_chapter(chapter, self._progress.get(chapter.name), self._language, width)
        return Text(align_left(text, width), MARKED if index == self._chosen else PLAIN)
