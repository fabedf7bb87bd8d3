"""Judges what a column holds, over all of its cells: numbers, dates, categories or text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.data.table.dates import find_date_formats, find_usual_date_format, parse_date
from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.number_style import PLAIN, NumberStyle, find_style, split_number
from gradstep.data.table.raw_column import RawColumn

Kind = Literal["number", "date", "category", "text", "empty"]

MOST_CATEGORIES = 50
"""A column with more different words than this holds names, dates or remarks, and no categories."""

MOST_CHOSEN = 1000
"""So many different words can be categories if the user says so."""

FEWEST_NAMES = 10
"""In so many rows, a word of its own in each names the row."""

MOST_CODES = 20
"""A column of words and numbers holds categories if at most so many different numbers are among them, all whole …"""

LEAST_WORDS = 0.05
"""… and at least this share of its cells are words."""

LEAST_REPEATS = 1.5
"""… and each stands so often, on average."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnKind:
    """What a column holds.

    - `style` is how its numbers are written; with `other_decimal` the other decimal mark would fit them as well.
    - `date_formats` are the formats of its dates; two where day and month cannot be told apart.
    - `missing` are the indices of the rows without a value, and `wrong` those of the rows whose cell is no number in a
      column of numbers, or no date like most in a column of dates.
    - `different` is the number of different words or dates; 0 for numbers.
    - `cells` is the number of all cells; 0 where none is wrong.
    """

    kind: Kind
    missing: Indices
    wrong: Indices
    style: NumberStyle = PLAIN
    other_decimal: bool = False
    date_formats: tuple[str, ...] = ()
    different: int = 0
    cells: int = 0

    @property
    def is_mostly_right(self) -> bool:
        """Whether more cells are right than wrong, so that the wrong ones are exceptions."""
        return len(self.wrong) * 2 < self.cells

    @property
    def is_mixed(self) -> bool:
        """Whether words stand among the numbers, or what is no date among dates."""
        return len(self.wrong) > 0


NO_ROWS: Indices = np.zeros(0, np.intp)


def judge_column(column: RawColumn, decimal: str, as_words: bool = False, usual: str = ".") -> ColumnKind:
    """Judge a column.

    `decimal` is ".", "," or "auto", which takes the `usual` mark where both would do. `as_words` says that the column
    holds words, whatever they look like.
    """
    rows, texts = column.text_rows, column.texts
    plain = len(column) - len(texts)
    counts = Counter(texts)
    if as_words:
        words = _judge_words(rows, texts, counts, plain)
        return words if words.different > MOST_CHOSEN else replace(words, kind="category")
    missing_numbers = {text for text in counts if is_missing_number(text)}
    written = [text for text in counts if text not in missing_numbers]
    if not written:
        missing = _find_rows(rows, texts, missing_numbers)
        # a column of nothing but words such as "none" holds words
        if plain or all(map(is_missing, missing_numbers)):
            return ColumnKind("number" if plain else "empty", missing, NO_ROWS)
        return _judge_words(rows, texts, counts, plain)
    found = find_style(written, decimal, plain > 0, usual)
    if found is not None:
        missing = _find_rows(rows, texts, missing_numbers)
        return ColumnKind("number", missing, NO_ROWS, found.style, found.other_decimal)
    if not plain and (formats := find_date_formats(written)):
        missing = _find_rows(rows, texts, missing_numbers)
        return ColumnKind("date", missing, NO_ROWS, date_formats=tuple(formats), different=len(written))
    if plain * 2 < len(column) and (usual_date := find_usual_date_format(written, counts)):
        return _judge_mixed_dates(column, usual_date, missing_numbers)
    if not plain and not _are_mostly_numbers(written, counts):
        return _judge_words(rows, texts, counts, plain)
    if _are_codes(column, counts, plain) or _are_mostly_names(counts, written, plain):
        return _judge_words(rows, texts, counts, plain)
    return _judge_mixed(column, rows, texts, counts, missing_numbers, decimal)


def _judge_words(rows: Indices, texts: Sequence[str], counts: Counter[str], plain: int) -> ColumnKind:
    missing = {text for text in counts if is_missing(text)}
    different = len(counts) - len(missing)
    names_rows = different == len(texts) == plain + len(texts) >= FEWEST_NAMES
    kind: Kind = "text" if different > MOST_CATEGORIES or names_rows else "category"
    return ColumnKind(kind, _find_rows(rows, texts, missing), NO_ROWS, different=different)


def _are_mostly_numbers(written: Sequence[str], counts: Counter[str]) -> bool:
    """Whether half of the cells are numbers with a unit or a currency, each by itself."""
    numbers = sum(counts[text] for text in written if _is_number_alone(text))
    return 2 * numbers > sum(counts[text] for text in written)


def _is_number_alone(text: str) -> bool:
    parts = split_number(text)
    # letters behind a number can make it a name, as in 5th
    return parts is not None and not any(map(str.isalpha, parts.after))


def _are_mostly_names(counts: Counter[str], written: Sequence[str], plain: int) -> bool:
    """Whether more cells have letters than are numbers: names, some of which are numbers by chance."""
    alone = {text for text in written if _is_number_alone(text)}
    names = (text for text in written if any(map(str.isalpha, text)) and text not in alone)
    return plain + sum(counts[text] for text in alone) < sum(counts[text] for text in names)


def _are_codes(column: RawColumn, counts: Counter[str], plain: int) -> bool:
    """Whether words and numbers together name categories, as in 2, 3, 4, 5more."""
    numbers = column.numbers[~np.isnan(column.numbers)]
    codes = np.unique(numbers)
    words = sum(count for text, count in counts.items() if not is_missing(text))
    return (
        len(codes) <= MOST_CODES
        and bool((codes % 1 == 0).all())
        and words >= LEAST_WORDS * (words + plain)
        and (len(codes) + len(counts)) * LEAST_REPEATS <= words + plain
        and len(counts) <= MOST_CATEGORIES
    )


def _judge_mixed(
    column: RawColumn,
    rows: Indices,
    texts: Sequence[str],
    counts: Counter[str],
    missing_numbers: set[str],
    decimal: str,
) -> ColumnKind:
    """Judge a column of numbers with words among them: which cells are wrong depends on the style of most."""
    written = [text for text in counts if text not in missing_numbers]
    most: Counter[NumberStyle] = Counter()
    if len(column) > len(texts):
        most[PLAIN] = len(column) - len(texts)
    for text in written:
        found = find_style([text], decimal)
        if found is not None:
            most[found.style] += counts[text]
    style = most.most_common(1)[0][0] if most else PLAIN
    wrong = {text for text in written if style.parse(text) is None}
    missing, wrong_rows = (_find_rows(rows, texts, wanted) for wanted in (missing_numbers, wrong))
    return ColumnKind("number", missing, wrong_rows, style, cells=len(column))


def _judge_mixed_dates(column: RawColumn, written: str, missing_numbers: set[str]) -> ColumnKind:
    """Judge a column most of whose cells are dates in one format."""
    rows, texts = column.text_rows, column.texts
    dates = {text for text in set(texts) if text not in missing_numbers and parse_date(text, written)}
    wrong = _find_rows(rows, texts, set(texts) - dates - missing_numbers)
    wrong = np.union1d(wrong, np.flatnonzero(~np.isnan(column.numbers)))
    missing = _find_rows(rows, texts, missing_numbers)
    return ColumnKind("date", missing, wrong, date_formats=(written,), different=len(dates), cells=len(column))


def _find_rows(rows: Indices, texts: Sequence[str], wanted: set[str]) -> Indices:
    if not wanted:
        return NO_ROWS
    return rows[[text in wanted for text in texts]]
