"""The lines in which the ledger writes a micro-step out, an equation in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CONTINUATIONS = ("= ", "+ ", "− ")
"""An indented line that begins so goes on with the line above."""

BEFORE_NOTE = "   "


@dataclass(frozen=True, slots=True)
class Line:
    """An equation or a sentence, and the notes that stand beside it."""

    text: str
    notes: tuple[str, ...] = ()

    @property
    def is_equation(self) -> bool:
        return " = " in self.text

    def with_notes(self) -> str:
        """The line with its notes in brackets after it."""
        return f"{self.text}   ({'; '.join(self.notes)})" if self.notes else self.text


def join_lines(lines: Sequence[str]) -> tuple[Line, ...]:
    """Join each equation that stands in several lines."""
    return tuple(_join(lines))


def _join(lines: Sequence[str]) -> Iterator[Line]:
    current: Line | None = None
    for line in (part for each in lines for part in each.split("\n")):
        text, note = _split_note(line.strip())
        notes = (note,) if note else ()
        if current and line.startswith(" ") and text.startswith(CONTINUATIONS):
            current = Line(f"{current.text} {text}", (*current.notes, *notes))
            continue
        if current:
            yield current
        current = Line(text, notes)
    if current:
        yield current


def _split_note(text: str) -> tuple[str, str]:
    """Split a note off the end of an equation or of a line that goes on with one."""
    before, _, note = text.partition(BEFORE_NOTE)
    has_note = " = " in before or before.startswith(CONTINUATIONS)
    return (before, note.strip()) if has_note else (text, "")
