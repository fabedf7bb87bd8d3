"""Reads a table, judges what it holds, and finds all that keeps it from being learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradstep.data.file_options import FileOptions
from gradstep.data.formats.targets import TargetFields
from gradstep.data.table.choose_columns import choose_columns
from gradstep.data.table.columns import TargetColumn
from gradstep.data.table.judge_table import JudgedTable, judge_table
from gradstep.data.table.problems import Problem
from gradstep.data.table.raw_table import RawTable, read_raw_table
from gradstep.data.table.table_problems import find_table_problems
from gradstep.data.table.target import make_table_target


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedTable:
    """A table, what its columns hold, and the `problems` that keep it from being learnt.

    `words` are the cells of the columns that hold words or dates, by the index of the column. `target` is None if there
    are problems.
    """

    table: RawTable
    judged: JudgedTable
    words: Mapping[int, Sequence[str]]
    target: tuple[TargetFields, TargetColumn] | None
    problems: Sequence[Problem]


def examine_table(path: Path, options: FileOptions, content: bytes | None = None) -> ExaminedTable:
    """Read a table with these options; `content` is that of the file if it was read before.

    Raises GradstepError for what is no table, and for a column that is not there.
    """
    last = None if options.first is None else options.first.last_line or None
    table = read_raw_table(
        path, options.delimiter, options.header, options.decimal != ",", content=content, last_line=last
    )
    judged = judge_table(table, choose_columns(path, table.names, options), options)
    if options.decimal == "auto" and any(kind.style.decimal == "," for kind in judged.kinds.values()):
        # a file with decimal commas writes 1.234 for 1234, in which a point has been taken for a decimal one
        table = read_raw_table(
            path, options.delimiter, options.header, points=False, content=table.content, last_line=last
        )
        judged = judge_table(table, judged.chosen, options, usual=",")
    problems = find_table_problems(table, judged, options)
    words = table.read_words(judged.columns_of_words)
    target = make_table_target(table, judged, words.get(judged.chosen.target), options, problems)
    return ExaminedTable(table, judged, words, target, problems)
