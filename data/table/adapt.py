"""Adapts how columns are read to a new table: to the case of its names, and to how it writes numbers and dates."""

from collections.abc import Sequence
from dataclasses import replace

from gradstep.data.table.columns import InputColumn
from gradstep.data.table.dates import find_date_formats, parse_date, write_example
from gradstep.data.table.encoder import TableEncoder, find_columns
from gradstep.data.table.missing import is_missing_number
from gradstep.data.table.number_style import NumberStyle, find_style
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value

FRACTIONS = "%\N{PER MILLE SIGN}"
"""Signs that change the number before them: without them the same value is written as another number."""

MOST_NOTES = 5
"""Columns of which the same is told."""


def adapt_encoder(encoder: TableEncoder, table: RawTable) -> tuple[TableEncoder, tuple[str, ...]]:
    """Return the encoder for this table, and notes on what is read otherwise than the data that were learnt.

    A column whose name differs by its case alone is taken, if there is one only. Where cells are not written as those
    that were learnt, the whole column is judged anew: another decimal mark, other thousands, a unit where there was
    none and another form of dates are taken where they can be read in one way only.
    """
    columns, renamed, rewritten = [], list[str](), list[str]()
    taken = {column.name for column in encoder.columns}
    for column in encoder.columns:
        named = _find_by_case(column, table, taken)
        if named is not column:
            renamed.append(f"column {quote_value(named.name)} is read as {quote_value(column.name)}")
        columns.append(named)
    written = {column.name: _adapt_form(column, table, index) for column, index in find_columns(table, columns, [])}
    for index, column in enumerate(columns):
        columns[index], note = written.get(column.name, (column, ""))
        rewritten += [note] if note else []
    return replace(encoder, columns=tuple(columns)), (*_shorten(renamed), *_shorten(rewritten))


def _shorten(notes: Sequence[str]) -> list[str]:
    """Return the first few of notes that say the same of one column each, with how many more there are."""
    more = len(notes) - MOST_NOTES
    return [*notes[:MOST_NOTES], *([f"and so it is in {more} more column{'s' * (more > 1)}"] if more > 0 else [])]


def _find_by_case(column: InputColumn, table: RawTable, taken: set[str]) -> InputColumn:
    """Return the column with the name that it has in the table, or as it is."""
    if column.name in table.names:
        return column
    wanted = column.name.casefold()
    alike = [name for name in table.names if name.casefold() == wanted and name not in taken]
    is_alone = sum(name.casefold() == wanted for name in taken) == 1
    return replace(column, name=alike[0]) if len(alike) == 1 and is_alone else column


def _adapt_form(column: InputColumn, table: RawTable, index: int) -> tuple[InputColumn, str]:
    """Return the column as it is written in the table, and a note where that differs."""
    if column.kind == "category":
        return column, ""
    if column.kind == "number":
        texts = [text for text in table.columns[index].texts if not is_missing_number(text)]
        if all(column.style.parse(text) is not None for text in texts):
            return column, ""
    cells = list(dict.fromkeys(cell for cell in table.read_words([index])[index] if not is_missing_number(cell)))
    where = f"column {quote_value(column.name)}"
    if column.kind == "date":
        if not cells or all(parse_date(cell, column.date_format) for cell in cells):
            return column, ""
        formats = [each for each in find_date_formats(cells) if _has_day(each) == _has_day(column.date_format)]
        if len(formats) != 1:
            return column, ""
        adapted = replace(column, date_format=formats[0])
        new, learnt = write_example(formats[0]), write_example(column.date_format)
        return adapted, f"{where}: its dates are read as in {new}; those that were learnt were written as in {learnt}"
    style, note = adapt_style(column.style, column.name, cells)
    return replace(column, style=style), note


def adapt_style(learnt: NumberStyle, name: str, cells: Sequence[str]) -> tuple[NumberStyle, str]:
    """Return the style that the numbers of a column are written in, and a note where it is not the one learnt.

    `cells` are those that are not missing. The style stays as it is if they can be read in no other way, or in several.
    """
    other = [cell for cell in cells if learnt.parse(cell) is None]
    style = _find_only_style(cells, learnt) if other else None
    if style is None:
        return learnt, ""
    note = f"column {quote_value(name)}: {quote_value(other[0])} is read as {style.parse(other[0])!r}; "
    return style, f"{note}numbers were learnt as {learnt.write_example()}"


def _has_day(date_format: str) -> bool:
    return "%d" in date_format


def _find_only_style(cells: Sequence[str], learnt: NumberStyle) -> NumberStyle | None:
    """Return the style in which all cells are numbers; None if there is none, or if two lead to other numbers."""
    found = []
    for mark in (learnt.decimal, "." if learnt.decimal == "," else ","):
        style = find_style(cells, mark, usual=mark)
        if style is not None and _suits(style.style, learnt):
            found.append(style.style)
    values = [[style.parse(cell) for cell in cells] for style in found]
    return found[0] if found and all(each == values[0] for each in values) else None


def _suits(style: NumberStyle, learnt: NumberStyle) -> bool:
    """Whether numbers of a style can stand for those that were learnt, by the unit beside them."""
    units, own = (style.before, style.after), (learnt.before, learnt.after)
    is_fraction = any(sign in unit for unit in units for sign in FRACTIONS)
    return units == own or not any(units) or (not any(own) and not is_fraction)
