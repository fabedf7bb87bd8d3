"""Says in two lines what was decided about a file."""

from gradstep.data.table.delimiter import DELIMITER_NAMES
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.raw_table import RawTable
from gradstep.data.table.text import ENCODING_NAMES
from gradstep.data.toml_value import quote_value

MOST_NAMES = 6
"""Columns of a kind that are named."""


def describe_table(table: RawTable, judged: JudgedTable, encoder: TableEncoder) -> tuple[str, str]:
    """Return a line about the file, and one about its columns."""
    return _describe_file(table, judged), _describe_columns(judged, encoder)


def _describe_file(table: RawTable, judged: JudgedTable) -> str:
    delimiter = table.layout.delimiter
    parts = [ENCODING_NAMES[table.encoding], DELIMITER_NAMES.get(delimiter, quote_value(delimiter))]
    parts.append(f"line {table.header_line} names the columns" if table.header_line else "no line names the columns")
    parts += table.layout.left_out
    parts.append(f"{len(judged.rows)} rows")
    left_out = len(table.lines) + table.ragged_count - len(judged.rows)
    if left_out:
        parts.append(f"{left_out} left out")
    return ", ".join(parts)


def _describe_columns(judged: JudgedTable, encoder: TableEncoder) -> str:
    target = encoder.target
    parts = []
    for kind, one, several in (
        ("number", "number", "numbers"),
        ("category", "category", "categories"),
        ("date", "date", "dates"),
    ):
        columns = [column for column in encoder.columns if column.kind == kind]
        if columns:
            names = [column.name + _describe_style(column.style.describe()) for column in columns[:MOST_NAMES]]
            more = ", …" if len(columns) > MOST_NAMES else ""
            parts.append(f"{len(columns)} {one if len(columns) == 1 else several} ({', '.join(names)}{more})")
    learnt = f"{len(target.classes)} classes" if target.kind == "class" else "a number"
    learnt += _describe_style(target.style.describe())
    if target.kind == "class" and judged.kinds[judged.chosen.target].kind == "number":
        learnt += " (--task regression learns a number)"
    dropped = list(encoder.dropped[:MOST_NAMES]) + ["…"] * (len(encoder.dropped) > MOST_NAMES)
    without = f"; without {', '.join(dropped)}" if dropped else ""
    return f"{', '.join(parts)}; learns {target.name}, {learnt}{without}"


def _describe_style(style: str) -> str:
    return f" [{style}]" if style else ""
