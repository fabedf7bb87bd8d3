"""A document as Markdown in GitHub's flavour. Formulas and the drawing stand in blocks of text as they are."""

import re
from collections.abc import Iterator

from gradstep.tui.handout.document import (
    BLANK,
    WORKING,
    Block,
    Code,
    Document,
    Formulas,
    Heading,
    PageBreak,
    Table,
    Words,
)
from gradstep.tui.handout.network_drawing import NetworkDrawing
from gradstep.tui.handout.network_text import draw_text

LINES = {BLANK: "_" * 12, WORKING: "." * 40}

SPECIAL = re.compile(r"[\\`*_\[\]<>#|~$&!]")
"""What Markdown, or HTML inside it, may take for more than a character."""

LIST_ITEM = re.compile(r"^(\d*)([-+=.)])")
"""What makes a list or a heading of a paragraph that begins with it."""


def write_markdown(document: Document) -> str:
    """Return the text of the document."""
    return "\n\n".join(_write_block(block) for block in document.blocks) + "\n"


def _write_block(block: Block) -> str:
    match block:
        case Heading(text, level, formula):
            heading = f"{'#' * level} {_escape(text)}"
            return f"{heading}\n\n{_fence((formula,), 'text')}" if formula else heading
        case Words(text, is_note):
            return f"*{_escape(text)}*" if is_note else LIST_ITEM.sub(r"\1\\\2", _escape(text))
        case Formulas(lines):
            return _fence(lines, "text")
        case Code(text):
            return _fence((text,), "python")
        case Table():
            return "\n".join(_write_table(block))
        case NetworkDrawing():
            return _fence(draw_text(block), "text")
        case PageBreak():
            return '<div style="page-break-before: always"></div>'


def _escape(text: str) -> str:
    """Write words so that no character of them has a meaning."""
    return _draw_blanks(SPECIAL.sub(r"\\\g<0>", text))


def _draw_blanks(text: str) -> str:
    for sign, line in LINES.items():
        text = text.replace(sign, line)
    return text


def _fence(lines: tuple[str, ...], language: str) -> str:
    """Write lines as they are, in a fence that is longer than any row of its signs in them."""
    text = _draw_blanks("\n".join(lines))
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _write_table(table: Table) -> Iterator[str]:
    if table.caption:
        yield _escape(table.caption) + "\n"
    yield f"| {' | '.join(_escape(each) or ' ' for each in table.header)} |"
    yield f"|{'---:|' * len(table.header)}"
    for row, (name, *cells) in enumerate(table.rows):
        texts = [_write_cell(cell, table.marked == (row, column)) for column, cell in enumerate(cells)]
        yield f"| {' | '.join([_escape(name), *texts])} |"


def _write_cell(text: str, marked: bool) -> str:
    if text == BLANK:
        return "&nbsp;" * 12
    return f"**{_escape(text)}**" if marked else _escape(text)
