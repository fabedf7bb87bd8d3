"""Finds what keeps a column from being an input or the target, and what would help."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.data.file_options import FileOptions
from gradstep.data.name_list import write_names
from gradstep.data.shell_words import join_words, quote_word
from gradstep.data.table.choose_columns import ChosenColumns
from gradstep.data.table.column_kind import MOST_CATEGORIES, MOST_CHOSEN, ColumnKind
from gradstep.data.table.cure import ANY_BUT_REFUSE, LISTS
from gradstep.data.table.fill_inputs import count_missing
from gradstep.data.table.no_number import describe_no_number, is_infinite
from gradstep.data.table.number_style import find_style, split_number
from gradstep.data.table.problems import Cure, Problem
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value

OTHER_MARK = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class JudgedColumn:
    """A chosen column of a table, what it holds, and the `rows` of the table that are learnt.

    `has_rows_without_inputs` says that a row has a target and nothing else, as a last line of totals has.
    """

    table: RawTable
    index: int
    kind: ColumnKind
    chosen: ChosenColumns
    options: FileOptions
    rows: Indices
    has_rows_without_inputs: bool = False

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.table.names[self.index]

    @property
    def is_target(self) -> bool:
        """Whether the column is to be learnt."""
        return self.index == self.chosen.target

    def describe(self, what: str, advice: str, cure: Cure, line: int | None = None) -> Problem:
        """Return the problem, with the place of the column."""
        return Problem(what, advice, line, self.name, cure)

    def do_without(self) -> tuple[str, Cure]:
        """Return the advice to do without the column, and the options; nothing where it is the only input."""
        if self.is_target:
            return self.learn_another()
        if len(self.chosen.inputs) == 1:
            return "", ()
        return f"--drop {quote_word(write_names([self.name]))} leaves the column out", (("drop", self.name),)

    def learn_another(self) -> tuple[str, Cure]:
        """Return the advice to learn another column: the last one of numbers, if there is one.

        There is no advice where each other column is the same in every row.
        """
        columns = self.table.columns
        others = [other for other in self.chosen.inputs if columns[other].count_different() > 1]
        if not others:
            return "", ()
        numbers = [other for other in others if len(columns[other].texts) < len(columns[other])]
        cure: Cure = (("target", self.table.names[(numbers or others)[-1]]),)
        if self.kind.kind in ("text", "empty", "date") and len(others) > 1:
            # it can be no input either
            cure = (*cure, ("drop", self.name))
        pairs = ((f"--{option}", write_names([value]) if option in LISTS else value) for option, value in cure)
        return f"{join_words(word for pair in pairs for word in pair)} learns another column", cure


def find_column_problems(column: JudgedColumn) -> list[Problem]:
    """Return everything that is wrong with the column."""
    kind = column.kind
    if kind.kind == "number" and not len(kind.missing) and not kind.is_mixed:
        return []
    advice, cure = column.do_without()
    if kind.kind == "empty" or len(kind.missing) == len(column.table.lines):
        return [column.describe("has no values", advice, cure)]
    if len(column.rows) and not len(np.setdiff1d(column.rows, kind.missing)):
        return [column.describe("has no values in the rows with a target", advice, cure)]
    problems = [*_find_wrong_cells(column), *_find_wrong_kind(column)]
    is_left_out = bool(cure) and any(problem.cure == cure for problem in problems)
    if len(kind.missing) and column.options.missing == "refuse" and not is_left_out:
        problems.append(_describe_missing(column))
    return problems


def _find_wrong_kind(column: JudgedColumn) -> Iterator[Problem]:
    """Find dates and text, which are no inputs by themselves."""
    kind = column.kind
    advice, cure = column.do_without()
    if kind.kind == "date" and column.is_target:
        yield column.describe("holds dates, which cannot be learnt", advice, cure)
    elif kind.kind == "date" and column.options.dates == "refuse":
        choices = "--dates number makes a number of each, --dates parts year, month and day"
        yield column.describe("holds dates", _join_advice(choices, advice), (("dates", "number"),))
    elif kind.kind == "text" and not column.is_target:
        example = quote_value(min(text for text in column.table.columns[column.index].texts if text))
        what = f"{kind.different} different words, such as {example}, and at most {MOST_CATEGORIES} can be categories"
        if kind.different <= MOST_CATEGORIES:
            what = f"every row has a word of its own, such as {example}, which is no category"
        if kind.different <= MOST_CHOSEN and kind.different < len(column.table.lines) - len(kind.missing):
            word = quote_word(write_names([column.name]))
            advice = _join_advice(advice, f"--categories {word} makes categories of them all the same")
            cure = cure or (("categories", column.name),)
        yield column.describe(what, advice, cure)


def _describe_missing(column: JudgedColumn) -> Problem:
    lines = column.table.lines[column.kind.missing]
    line = int(lines[0]) if len(lines) == 1 else None
    rows, values = ("the row", "it") if len(lines) == 1 else ("the rows", "them")
    advice = f"--missing drop leaves {rows} out"
    if not column.is_target and column.has_rows_without_inputs:
        return column.describe(count_missing(lines), advice, (("missing", "drop"),), line)
    if not column.is_target:
        advice += f", --missing mean fills {values} in"
    cure = (("missing", ANY_BUT_REFUSE if column.is_target else "mean"),)
    return column.describe(count_missing(lines), advice, cure, line)


def _find_wrong_cells(column: JudgedColumn) -> Iterator[Problem]:
    """Find the words in a column of numbers, and what is no date like the others in a column of dates."""
    kind = column.kind
    if not kind.is_mixed:
        return
    raw = column.table.columns[column.index]
    wrong = [raw.read_cell(row) for row in kind.wrong.tolist()]
    line = int(column.table.lines[kind.wrong[0]])
    other = OTHER_MARK.get(column.options.decimal)
    reads_all = (
        kind.kind == "number"
        and other is not None
        and len(wrong) + len(kind.missing) == len(raw)
        and bool(find_style(set(wrong), other))
    )
    written_otherwise = not reads_all and split_number(wrong[0]) is not None
    advice, cure = _advise_about_wrong(column, len(wrong))
    one, several = _say_what_is_wrong(kind, wrong[0], written_otherwise)
    if other is not None and reads_all:
        advice, cure = f"--decimal {other} reads the column", (("decimal", other),)
    if len(wrong) == 1:
        yield column.describe(f"{quote_value(wrong[0])} {one}", advice, cure, line)
    else:
        what = f"{len(wrong)} values {several}, first {quote_value(wrong[0])} in line {line}"
        yield column.describe(what, advice, cure)


def _say_what_is_wrong(kind: ColumnKind, first: str, written_otherwise: bool) -> tuple[str, str]:
    """Return what is wrong with one cell, and with several of which this is the first."""
    if kind.kind == "date":
        return "is no date like the others", "are no dates like the others"
    if written_otherwise and not is_infinite(first):
        return "is written otherwise than the other numbers", "are written otherwise than the other numbers"
    return describe_no_number(first)


def _advise_about_wrong(column: JudgedColumn, count: int) -> tuple[str, Cure]:
    """Return what helps against so many words among numbers, and the options of the first advice."""
    rows = "the row" if count == 1 else "the rows"
    word = quote_word(write_names([column.name]))
    chosen: list[tuple[str, Cure]] = []
    if not column.table.header_line and column.kind.wrong.tolist() == [0]:
        line = column.table.lines[0]
        chosen.append((f"--header yes takes line {line} for the names of the columns", (("header", "yes"),)))
    if column.kind.is_mostly_right:
        chosen.append((f"--missing drop leaves {rows} out", (("missing", "drop"),)))
    as_words: tuple[str, Cure] = ("", ())
    if column.table.columns[column.index].count_different() <= MOST_CHOSEN:
        as_words = (f"--categories {word} takes the column as words", (("categories", column.name),))
    leave_out = column.do_without()
    # many numbers are no good categories
    chosen += [leave_out, as_words] if leave_out[0] and not chosen else [as_words, leave_out]
    chosen = [each for each in chosen if each[0]] or [("", ())]
    return _join_advice(*(advice for advice, _ in chosen)), chosen[0][1]


def _join_advice(*advice: str) -> str:
    return ", ".join(filter(None, advice))
