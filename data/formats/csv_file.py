"""Reads data sets from tables of text, such as CSV files, plain or gzipped."""

from pathlib import Path

from gradstep.core.errors import make_printable
from gradstep.data.dataset import Dataset
from gradstep.data.file_options import DEFAULT_OPTIONS, FileOptions
from gradstep.data.table.choose_columns import choose_columns
from gradstep.data.table.describe_table import describe_table
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.judge_table import JudgedTable, judge_table
from gradstep.data.table.make_encoder import make_input_columns
from gradstep.data.table.problems import TableError
from gradstep.data.table.raw_table import RawTable, read_raw_table
from gradstep.data.table.table_problems import find_table_problems
from gradstep.data.table.target import make_table_target
from gradstep.data.table.warnings import find_warnings


def read_csv(path: Path, options: FileOptions = DEFAULT_OPTIONS) -> Dataset:
    """Read one column as the target, the last one if none is named, and the others as inputs.

    What holds for the whole file is found out from the whole file: how values are separated, whether the first line
    names the columns, what each column holds and how its numbers are written. A column of words becomes one input for
    each different word, 1 in its rows and 0 elsewhere. Raises TableError with everything that is wrong with the file,
    each with its line and column, and GradstepError for what is no table and for a column that is not there.
    """
    table, judged = _read_and_judge(path, options)
    problems = find_table_problems(table, judged, options)
    words = table.read_words(judged.columns_of_words)
    target = make_table_target(table, judged, words.get(judged.chosen.target), options, problems)
    if problems or target is None:
        inputs_left = [table.names[index] for index in judged.chosen.inputs]
        raise TableError(path, problems, {"drop": options.drop, "categories": options.categories}, inputs_left)
    fields, target_column = target
    left_out = [name for index, name in enumerate(table.names) if index not in judged.kinds]
    encoder = TableEncoder(make_input_columns(table, judged, words, options), target_column, tuple(left_out))
    inputs = encoder.encode(table, judged.rows)
    return Dataset(
        name=make_printable(path.name.split(".")[0]),
        inputs=inputs,
        **fields,
        feature_names=encoder.feature_names,
        target_names=(target_column.name,),
        source=table.layout.source or make_printable(str(path)),
        encoder=encoder,
        lines=table.lines[judged.rows],
        decided=describe_table(table, judged, encoder),
        warnings=find_warnings(table, judged, encoder, inputs, fields),
    )


def _read_and_judge(path: Path, options: FileOptions) -> tuple[RawTable, JudgedTable]:
    table = read_raw_table(path, options.delimiter, options.header, points=options.decimal != ",")
    judged = judge_table(table, choose_columns(path, table.names, options), options)
    if options.decimal == "auto" and any(kind.style.decimal == "," for kind in judged.kinds.values()):
        # a file with decimal commas writes 1.234 for 1234, in which a point has been taken for a decimal one
        table = read_raw_table(path, options.delimiter, options.header, points=False, content=table.content)
        judged = judge_table(table, judged.chosen, options, usual=",")
    return table, judged
