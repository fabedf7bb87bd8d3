"""A matrix as a table on paper: whole if it is small, or else its first rows and columns and the one in focus."""

from gradstep.core.ledger.micro_step import Axis, Focus, Matrix
from gradstep.core.notation import exact, subscript
from gradstep.tui.drawing.unit_names import NetworkNames
from gradstep.tui.handout.document import Table, clean_name

MOST_ROWS, MOST_COLUMNS = 8, 6


def make_table(matrix: Matrix, focus: Focus, names: NetworkNames) -> Table:
    """Make the table; the caption says how much of the matrix it leaves out."""
    marked = matrix.marked(focus)
    rows, columns = matrix.values.shape
    shown_rows = choose_shown(rows, MOST_ROWS, marked[0] if marked else 0)
    shown_columns = choose_shown(columns, MOST_COLUMNS, marked[1] if marked else 0)
    header = ("", *(_name_column(matrix, column, names) for column in shown_columns))
    cells = tuple(
        (name_index(matrix.rows, row, names), *(exact(matrix.values[row, column]) for column in shown_columns))
        for row in shown_rows
    )
    caption = f"{matrix.name}, {rows} × {columns}"
    if len(cells) < rows or len(header) - 1 < columns:
        caption += f": {len(shown_rows)} of {rows} rows and {len(shown_columns)} of {columns} columns are printed"
    where = (shown_rows.index(marked[0]), shown_columns.index(marked[1])) if marked else None
    return Table(caption, header, cells, where)


def choose_shown(count: int, most: int, chosen: int) -> tuple[int, ...]:
    """Choose the first indices, and in place of the last of them one that would be left out."""
    if count <= most:
        return tuple(range(count))
    return (*range(most - 1), max(most - 1, chosen))


def _name_column(matrix: Matrix, column: int, names: NetworkNames) -> str:
    """Name a column by what it counts; the last one of [W | b] has the biases."""
    if matrix.columns.counts == "only":
        return matrix.name
    is_bias = "|" in matrix.name and column + 1 == matrix.values.shape[1]
    return "b" if is_bias else name_index(matrix.columns, column, names)


def name_index(axis: Axis, index: int, names: NetworkNames) -> str:
    """Name a row or a column by what it counts."""
    match axis.counts:
        case "example":
            return f"example {index + 1}"
        case "neuron":
            if not names.is_output(axis.layer):
                return f"neuron {index + 1}"
            return clean_name(names.brief(axis.layer, index)) if names.outputs else f"output {index + 1}"
        case "weight":
            is_named = axis.layer == 1 and names.inputs
            letter = "x" if axis.layer == 1 else "a"
            return clean_name(names.brief(0, index)) if is_named else f"{letter}{subscript(index)}"
    return ""
