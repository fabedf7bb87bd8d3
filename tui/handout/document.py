"""A document before it has a format: headings, words, formulas, tables, drawings of a network, and page breaks."""

import re
from dataclasses import dataclass

from gradstep.tui.drawing.cells import make_drawable
from gradstep.tui.handout.network_drawing import NetworkDrawing

BLANK = "\ue000"
"""A number to be filled in."""

WORKING = "\ue001"
"""A line to work on."""

NOT_TEXT = re.compile("[\ue000\ue001\ufffe\uffff]")
"""What no name may contain: the two signs above, and what no XML may."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title, 2 a part, 3 a micro-step, which may have its formula beside it."""

    text: str
    level: int = 3
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; a note is small, and about the document rather than the numbers."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas or lines of words with numbers, one below the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A line of numpy."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, a header and rows of cells. The first cell of a row is its name; the cell at `marked` stands out."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Words | Formulas | Code | Table | NetworkDrawing | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed, from the first block to the last, in a language as HTML names it."""

    title: str
    blocks: tuple[Block, ...]
    language: str = "en"


def clean_name(name: str) -> str:
    """Return a name from the user's data without characters that a document cannot contain."""
    return NOT_TEXT.sub("\ufffd", make_drawable(name))
