"""Where the table of a text file begins, and how its lines are split."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from gradstep.data.table.delimiter import find_delimiter, split_lines
from gradstep.data.table.raw_column import parse_plain
from gradstep.data.toml_value import quote_value

SAMPLE_LINES, SAMPLE_CHARACTERS = 1000, 1 << 20
"""What is looked at to find the delimiter: at most so many lines, and no more after so many characters."""

MOST_TITLES = 50
"""Lines before the table that are looked for."""

COMMENT = "#"
SOURCE = "# source:"
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The first line with which a spreadsheet is told the delimiter."""


@dataclass(slots=True)
class Layout:
    """How the lines of a file become rows.

    - `delimiter` separates the values, and `width` is their number in a row.
    - `comments` are the lines before the table that begin with #.
    - `skipped` is the number of lines before the first row.
    - `left_out` says which of the file's own first lines are no part of the table.
    - `names_short` says that the first line has no name for the first column, as R writes it.
    - `names_halved` is the number of names in the first line where decimal commas can have doubled the values below; 0
      elsewhere.
    - `quote` stands around values that hold a delimiter.
    - `ends_with_delimiter` says that a delimiter ends the lines, with nothing behind it.
    """

    delimiter: str
    width: int = 0
    comments: list[str] = field(default_factory=list)
    skipped: int = 0
    left_out: list[str] = field(default_factory=list)
    names_short: bool = False
    names_halved: int = 0
    ends_with_delimiter: bool = False
    quote: str = '"'

    @property
    def source(self) -> str | None:
        """Where the data come from, as a comment says."""
        named = (line.removeprefix(SOURCE).strip() for line in self.comments if line.startswith(SOURCE))
        return next(named, None)

    def fit(self, row: list[str]) -> list[str] | None:
        """Return the values of a row, without an empty one behind the last delimiter; None for a wrong number."""
        if len(row) == self.width + 1 and self.ends_with_delimiter and not row[-1].strip():
            return row[:-1]
        return row if len(row) == self.width else None


def read_layout(lines: Iterator[str], delimiter: str | None) -> tuple[Layout, Iterator[str]]:
    """Look at the beginning of a file; returns its layout, and the lines from the first row on.

    Without a `delimiter` it is found.
    """
    comments: list[str] = []
    first = ""
    for line in lines:
        if line.startswith(COMMENT + " ") or line.strip() == COMMENT:
            comments.append(line)
        else:
            first = line
            break
    left_out, told = [], SEPARATOR_LINE.fullmatch(first)
    skipped = len(comments)
    if told:
        delimiter = delimiter or told[1]
        left_out.append(f"line {skipped + 1} tells a spreadsheet the delimiter")
        skipped += 1
    sample = list(_take_sample(lines if told else chain([first], lines)))
    layout = Layout(delimiter or find_delimiter(sample), comments=comments, skipped=skipped, left_out=left_out)
    titles = _measure(layout, sample)
    layout.skipped += titles
    return layout, chain(sample[titles:], lines)


def _take_sample(lines: Iterator[str]) -> Iterator[str]:
    characters = 0
    for line in islice(lines, SAMPLE_LINES):
        yield line
        characters += len(line)
        if characters > SAMPLE_CHARACTERS:
            return


def _measure(layout: Layout, sample: Sequence[str]) -> int:
    """Find the width of the table; returns the number of lines before it."""
    rows = _split_sample(layout, sample)
    if not rows:
        return 0
    if all(re.fullmatch("'[^']*'", cell) for cell in rows[0][1]):
        layout.quote = "'"
        rows = _split_sample(layout, sample)
    widths = Counter(len(row) for _, row in rows)
    most = max(widths.values())
    # of two that are as frequent, that of the first line
    width = next(len(row) for _, row in rows if widths[len(row)] == most)
    titles = _count_titles(rows, width)
    if titles:
        first, last = (layout.skipped + rows[index][0] for index in (0, titles - 1))
        text = quote_value(" ".join(filter(None, rows[0][1])))
        are = f"line {first} is no row" if titles == 1 else f"lines {first} to {last} are no rows"
        layout.left_out.append(f"{are}: {text}")
    before, row = rows[titles - 1][0] if titles else 0, rows[titles][1]
    if len(row) == width + 1 and not row[-1]:
        # a delimiter ends the line of names alone
        layout.width, layout.ends_with_delimiter = width, True
        return before
    layout.ends_with_delimiter = _ends_with_delimiter(row, rows, width)
    layout.names_short = not layout.ends_with_delimiter and len(row) == width - 1 > 0 and not any(map(_is_number, row))
    if layout.delimiter == "," and _are_halved(row, [other for _, other in rows[titles + 1 :]]):
        layout.names_halved = len(row)
    layout.width = width - layout.ends_with_delimiter
    if len(row) > width and not layout.ends_with_delimiter:
        layout.width = len(row)
    return before


def _split_sample(layout: Layout, sample: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Return the rows of the sample that hold anything, each with the number of its line from 1."""
    rows = []
    reader = split_lines(sample, layout.delimiter, layout.quote)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error:
        pass
    return rows


def _count_titles(rows: Sequence[tuple[int, list[str]]], width: int) -> int:
    """Return how many lines stand before the table: shorter ones, or with one value alone, above one of names.

    Where no line of names follows, only lines of one value are no rows.
    """
    if width < 2:
        return 0
    count = 0
    for _, row in rows[: min(MOST_TITLES, len(rows) - 1)]:
        if len(row) >= width and sum(map(bool, row)) > 1:
            break
        if len(row) == width and not row[0]:
            break
        count += 1
    names = rows[count][1]
    has_numbers = any(_is_number(cell) for _, row in rows[count + 1 : MOST_TITLES] for cell in row)
    if len(names) == width and has_numbers and not any(map(_is_number, names)):
        if count == 1 and _is_short_of_a_name(rows[0][1], names, width):
            return 0
        return count
    count = 0
    for _, row in rows[: len(rows) - 1]:
        if len(row) != 1 or _is_number(row[0]):
            break
        count += 1
    return count


def _is_short_of_a_name(row: Sequence[str], after: Sequence[str], width: int) -> bool:
    """Whether the line names all columns but the first, as R writes them."""
    return len(row) == width - 1 > 1 and not any(map(_is_number, row)) and any(map(_is_number, after))


def _are_halved(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether each row below the names has several more values, but at most twice as many, and numbers among them."""
    widths = set(map(len, others))
    return (
        len(widths) == 1
        and len(names) + 1 < min(widths) <= 2 * len(names)
        and not any(map(_is_number, names))
        and all(any(map(_is_number, row)) for row in others)
    )


def _is_number(cell: str) -> bool:
    return parse_plain(cell) is not None


def _ends_with_delimiter(first: Sequence[str], rows: Sequence[tuple[int, list[str]]], width: int) -> bool:
    """Whether a delimiter ends the first line and the next, or each line but the first."""
    others = [row for _, row in rows if row is not first and len(row) == width]
    if width < 2 or not others or others[0][-1]:
        return False
    if len(first) == width:
        is_filled = any(row[-1] for row in others)
        return not first[-1] and not (is_filled and any(map(_is_number, first)))
    return len(first) == width - 1 and not any(row[-1] for row in others)
