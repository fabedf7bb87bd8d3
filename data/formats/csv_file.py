"""Reads data sets from tables of text, such as CSV files, plain or gzipped."""

from collections.abc import Sequence
from pathlib import Path

from gradstep.core.errors import make_printable
from gradstep.data.dataset import Dataset
from gradstep.data.file_options import DEFAULT_OPTIONS, FileOptions
from gradstep.data.table.cure import find_cure
from gradstep.data.table.describe_table import describe_table
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.examine import examine_table
from gradstep.data.table.gaps import find_gaps
from gradstep.data.table.make_encoder import make_input_columns
from gradstep.data.table.problems import Problem, TableError
from gradstep.data.table.warnings import find_warnings


def read_csv(path: Path, options: FileOptions = DEFAULT_OPTIONS) -> Dataset:
    """Read one column as the target, the last one if none is named, and the others as inputs.

    What holds for the whole file is found out from the whole file: how values are separated, whether the first line
    names the columns, what each column holds and how its numbers are written. A column of words becomes one input for
    each different word, 1 in its rows and 0 elsewhere. Raises TableError with everything that is wrong with the file,
    each with its line and column, and GradstepError for what is no table and for a column that is not there.
    """
    examined = examine_table(path, options)
    table, judged = examined.table, examined.judged
    if examined.target is None:

        def find_problems(other: FileOptions) -> Sequence[Problem]:
            return examine_table(path, other, table.content).problems

        raise TableError(path, examined.problems, find_cure(examined.problems, options, find_problems))
    fields, target_column = examined.target
    left_out = [name for index, name in enumerate(table.names) if index not in judged.kinds]
    encoder = TableEncoder(
        make_input_columns(table, judged, examined.words, options),
        target_column,
        tuple(left_out),
        table.layout.delimiter,
        len(table.names),
    )
    inputs = encoder.encode(table, judged.rows, judged.chosen.inputs)
    return Dataset(
        name=make_printable(path.name.split(".")[0]),
        inputs=inputs,
        **fields,
        feature_names=encoder.feature_names,
        target_names=(target_column.name,),
        source=table.layout.source or make_printable(str(path)),
        encoder=encoder,
        gaps=find_gaps(judged, encoder, inputs, examined.words),
        lines=table.lines[judged.rows],
        decided=describe_table(table, judged, encoder),
        warnings=find_warnings(table, judged, encoder, inputs, fields),
    )
