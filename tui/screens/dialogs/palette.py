"""Textual's command palette, which finds a command by any words of what it does."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from textual.app import SystemCommand
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from gradstep.tui.keymap import Key
from gradstep.tui.screen_keys import ALL_KEYS
from gradstep.tui.widgets.base_screen import BaseScreen

COURSE = next(key for key in ALL_KEYS if key.id == "course")

AT_START, INSIDE, ELSEWHERE = 1.0, 0.5, 0.25
"""The score of a word that is found at the start of a word of the sentence, inside of one, or in another name."""


class Palette(CommandPalette, BaseScreen[None]):
    """Finds commands by their words, and follows the size of the terminal as the other screens do."""


def list_commands(keys: Iterable[Key], run_action: Callable[[str], Awaitable[object]]) -> Iterator[SystemCommand]:
    """Return a command for each key but that of the palette itself; it runs the key's action."""
    for key in dict.fromkeys(keys):
        if key.id != "palette":
            yield SystemCommand(key.does, f"key {key.shown}", partial(run_action, f"{key.owner}.{key.action}"))


@runtime_checkable
class HasChapters(Protocol):
    """An app whose course has chapters."""

    async def read_chapter_commands(self) -> list[SystemCommand]:
        """Return a command for each chapter."""


class Commands(Provider):
    """Finds the commands of the app whose sentence, key or other names have every word that is typed.

    Where the course can be opened, it finds the chapters by the words of their title and question.
    """

    _chapters: list[SystemCommand] | None = None

    async def discover(self) -> Hits:
        for title, help, callback, discover in self.app.get_system_commands(self.screen):
            if discover:
                yield DiscoveryHit(title, callback, help=help)

    async def search(self, query: str) -> Hits:
        # not in `startup`, which the next letter would cancel for good together with the search that waits for it
        if self._chapters is None:
            self._chapters = await self._read_chapters()
        commands = [*self.app.get_system_commands(self.screen), *self._chapters]
        scores = [score_command(command.title, command.help, query) for command in commands]
        # where nothing has the words, letters may be left out of them
        fuzzy = self.matcher(query)
        for command, score in zip(commands, scores, strict=True):
            if score:
                yield Hit(score, mark_words(command.title, query), command.callback, help=command.help)
            elif not any(scores) and (match := fuzzy.match(command.title)) > 0:
                yield Hit(match, fuzzy.highlight(command.title), command.callback, help=command.help)

    async def _read_chapters(self) -> list[SystemCommand]:
        offered = {title for title, *_ in self.app.get_system_commands(self.screen)}
        app: object = self.app
        if isinstance(app, HasChapters) and COURSE.does in offered:
            return await app.read_chapter_commands()
        return []


def score_command(title: str, help: str, query: str) -> float:
    """Return how well the words of a query fit a command, from 0 to 1; 0 if one of them is nowhere."""
    title_words, words = title.lower().split(), query.lower().split()
    others = " ".join([help, *_list_other_names(title)]).lower().replace("_", " ").split()
    scores = []
    for word in words:
        if any(each.lstrip("(").startswith(word) for each in title_words):
            scores.append(AT_START)
        elif word in title.lower():
            scores.append(INSIDE)
        elif any(each.startswith(word) for each in others):
            scores.append(ELSEWHERE)
        else:
            return 0.0
    return sum(scores) / len(scores) if scores else 0.0


def mark_words(title: str, query: str) -> Content:
    """Return the title with the words of the query underlined, where it has them."""
    content = Content(title)
    for word in query.lower().split():
        if (start := title.lower().find(word)) >= 0:
            content = content.stylize("underline", start, start + len(word))
    return content


def _list_other_names(title: str) -> Iterator[str]:
    """Return the other words for a command: that of the key bar, its heading in the help, and its name."""
    for key in ALL_KEYS:
        if key.does == title:
            yield from (key.footer, key.group, key.id)
