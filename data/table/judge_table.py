"""Judges all columns of a table, and finds everything that keeps them from being learnt."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.data.file_options import FileOptions
from gradstep.data.name_list import write_names
from gradstep.data.shell_words import join_words, quote_word
from gradstep.data.table.choose_columns import ChosenColumns
from gradstep.data.table.column_kind import MOST_CATEGORIES, ColumnKind, judge_column
from gradstep.data.table.fill_inputs import count_missing
from gradstep.data.table.number_style import find_style, split_number
from gradstep.data.table.problems import LISTS, Cure, Problem
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value


@dataclass(frozen=True, slots=True, eq=False)
class JudgedTable:
    """What the chosen columns hold, the rows that are learnt, and what is wrong.

    `kinds` are by the index of the column. `rows` are indices of the rows that are left.
    """

    chosen: ChosenColumns
    kinds: dict[int, ColumnKind]
    rows: Indices
    problems: list[Problem]


def judge_table(table: RawTable, chosen: ChosenColumns, options: FileOptions, usual: str = ".") -> JudgedTable:
    """Judge the columns that are inputs and target; `usual` is the decimal mark where both would do."""
    indices = sorted({*chosen.inputs, chosen.target})
    kinds = {
        index: judge_column(table.columns[index], options.decimal, index in chosen.words, usual) for index in indices
    }
    problems = [*_find_ragged(table, options), *_find_duplicates(table, chosen)]
    for index in indices:
        is_target = index == chosen.target
        problems += _find_problems(table, index, kinds[index], options, is_target)
    if table.layout.delimiter != "," and not _has_fractions(table, kinds):
        problems += [_describe_unclear(table, index) for index, kind in kinds.items() if kind.other_decimal]
    rows = _choose_rows(table, kinds, chosen, options)
    if not len(rows):
        problems.append(
            Problem("no row has a value in every column; --missing mean fills them in", cure=(("missing", "mean"),))
        )
    return JudgedTable(chosen, kinds, rows, problems)


def find_columns_of_words(judged: JudgedTable) -> list[int]:
    """Return the indices of the columns whose cells are needed as they are written."""
    return [
        index
        for index, kind in judged.kinds.items()
        if kind.kind in ("category", "date") or (kind.kind == "text" and index == judged.chosen.target)
    ]


def _choose_rows(table: RawTable, kinds: dict[int, ColumnKind], chosen: ChosenColumns, options: FileOptions) -> Indices:
    """Return the rows that are learnt: without a target, nothing can be learnt of a row."""
    kept = np.ones(len(table.lines), bool)
    if options.missing != "refuse":
        kept[kinds[chosen.target].missing] = False
    if options.missing == "drop":
        for kind in kinds.values():
            kept[kind.missing] = False
    return np.flatnonzero(kept)


def _find_ragged(table: RawTable, options: FileOptions) -> list[Problem]:
    if not table.ragged_count or options.missing == "drop":
        return []
    line, width = table.ragged[0]
    cure = (("missing", "drop"),)
    needed = f"the first line has {table.layout.width}"
    if table.ragged_count == 1:
        return [Problem(f"{width} values, but {needed}", "--missing drop leaves the row out", line, cure=cure)]
    others = ", ".join(f"line {line} has {width}" for line, width in table.ragged)
    more = ", …" if table.ragged_count > len(table.ragged) else ""
    what = f"{table.ragged_count} rows have another number of values: {needed}, but {others}{more}"
    return [Problem(what, "--missing drop leaves them out", cure=cure)]


def _find_duplicates(table: RawTable, chosen: ChosenColumns) -> list[Problem]:
    """Find names that several of the chosen columns have."""
    indices = sorted({*chosen.inputs, chosen.target})
    several = {name for name, count in Counter(table.names[index] for index in indices).items() if count > 1}
    problems = []
    for name in dict.fromkeys(table.names[index] for index in indices if table.names[index] in several):
        numbers = [index + 1 for index in indices if table.names[index] == name]
        *others, last = map(str, numbers)
        droppable = [number for number in numbers if number - 1 != chosen.target]
        problems.append(
            Problem(
                f"columns {', '.join(others)} and {last} are all called {quote_value(name)}"
                if len(numbers) > 2
                else f"columns {others[0]} and {last} are both called {quote_value(name)}",
                f"--drop {droppable[-1]} leaves one out",
                cure=tuple(("drop", str(number)) for number in droppable[len(numbers) - len(droppable) == 0 :]),
            )
        )
    return problems


def _find_problems(
    table: RawTable, index: int, kind: ColumnKind, options: FileOptions, is_target: bool
) -> list[Problem]:
    """Find what keeps a column from being an input, or the target."""
    name = table.names[index]
    leave_out, drop = _advise_to_leave_out(table, index, kind, is_target)
    if kind.kind == "empty":
        return [Problem("has no values", leave_out, None, name, drop)]
    if len(kind.missing) == len(table.lines):
        return [Problem("has no values", leave_out, None, name, drop)]
    problems = []
    if kind.is_mixed:
        problems.append(_describe_wrong(table, index, kind, options, leave_out, drop))
    if kind.kind == "text" and not is_target:
        problems.append(_describe_text(table, index, kind, leave_out, drop))
    if kind.kind == "date" and is_target:
        problems.append(Problem("holds dates, which cannot be learnt", leave_out, None, name, drop))
    elif kind.kind == "date" and options.dates == "refuse":
        advice = f"--dates number makes a number of each, --dates parts year, month and day; {leave_out}"
        problems.append(Problem("holds dates", advice, None, name, (("dates", "number"),)))
    if len(kind.missing) and options.missing == "refuse" and not (drop and drop in [each.cure for each in problems]):
        problems.append(_describe_missing(table, index, kind, is_target))
    return problems


def _advise_to_leave_out(table: RawTable, index: int, kind: ColumnKind, is_target: bool) -> tuple[str, Cure]:
    """Return the advice to do without a column, and how."""
    if is_target:
        return advise_other_target(table, index, kind)
    name = table.names[index]
    return f"--drop {quote_word(write_names([name]))} leaves the column out", (("drop", name),)


def advise_other_target(table: RawTable, index: int, kind: ColumnKind) -> tuple[str, Cure]:
    """Return the advice to learn another column than this one, and how: the last one of numbers, if there is one."""
    others = [other for other in range(len(table.names)) if other != index]
    numbers = [other for other in others if len(table.columns[other].texts) < len(table.columns[other])]
    name = table.names[(numbers or others)[-1]]
    cure: Cure = (("target", name),)
    if kind.kind in ("text", "empty", "date"):
        # it can be no input either
        cure = (*cure, ("drop", table.names[index]))
    words = [
        word for option, value in cure for word in (f"--{option}", write_names([value]) if option in LISTS else value)
    ]
    return f"{join_words(words)} learns another column", cure


def _describe_missing(table: RawTable, index: int, kind: ColumnKind, is_target: bool) -> Problem:
    lines = table.lines[kind.missing]
    what = count_missing(lines)
    rows = "the row" if len(lines) == 1 else "the rows"
    advice = f"--missing drop leaves {rows} out"
    if not is_target:
        advice += ", --missing mean fills " + ("it in" if len(lines) == 1 else "them in")
    return Problem(
        what,
        advice,
        int(lines[0]) if len(lines) == 1 else None,
        table.names[index],
        (("missing", "drop" if is_target else "mean"),),
    )


def _describe_wrong(
    table: RawTable,
    index: int,
    kind: ColumnKind,
    options: FileOptions,
    leave_out: str,
    drop: Cure,
) -> Problem:
    """Describe the words in a column of numbers."""
    column, name = table.columns[index], table.names[index]
    texts = dict(zip(column.text_rows.tolist(), column.texts, strict=True))
    first = texts[int(kind.wrong[0])]
    line = int(table.lines[kind.wrong[0]])
    other = {".": ",", ",": "."}.get(options.decimal)
    wrong = [texts[row] for row in kind.wrong.tolist()]
    written_otherwise = split_number(first) is not None
    if other and len(kind.wrong) + len(kind.missing) == len(column) and find_style(set(wrong), other):
        advice, drop = f"--decimal {other} reads the column", (("decimal", other),)
        written_otherwise = False
    else:
        advice = f"--categories {quote_word(write_names([name]))} takes the column as words, {leave_out}"
    if len(wrong) == 1:
        one = "is written otherwise than the other numbers" if written_otherwise else "is not a finite number"
        return Problem(f"{quote_value(first)} {one}", advice, line, name, drop)
    several = "are written otherwise than the other numbers" if written_otherwise else "are not finite numbers"
    what = f"{len(wrong)} values {several}, first {quote_value(first)} in line {line}"
    return Problem(what, advice, None, name, drop)


def _has_fractions(table: RawTable, kinds: dict[int, ColumnKind]) -> bool:
    """Whether a column has plain numbers with a decimal point."""
    numbers = (table.columns[index].numbers for index in kinds)
    with np.errstate(invalid="ignore"):
        return any((column % 1 > 0).any() for column in numbers)


def _describe_unclear(table: RawTable, index: int) -> Problem:
    """Describe numbers such as 1,234 in a file that says nowhere which mark is the decimal one."""
    column = table.columns[index]
    example = next(text for text in column.texts if "," in text)
    readings = [found.style.parse(example) for mark in (".", ",") if (found := find_style([example], mark))]
    many, little = (f"{value:.15g}" for value in readings if value is not None)
    return Problem(
        f"{quote_value(example)} can be {many} or {little}",
        "--decimal . or --decimal , says which",
        None,
        table.names[index],
        (("decimal", "."),),
    )


def _describe_text(table: RawTable, index: int, kind: ColumnKind, leave_out: str, drop: Cure) -> Problem:
    example = quote_value(min(text for text in table.columns[index].texts if text))
    what = f"{kind.different} different words, such as {example}, and at most {MOST_CATEGORIES} can be categories"
    if kind.different <= MOST_CATEGORIES:
        what = f"every row has a word of its own, such as {example}, which is no category"
    return Problem(what, leave_out, None, table.names[index], drop)
