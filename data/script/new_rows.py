"""The blocks of a script that read new rows from a CSV file and predict them."""

from gradstep.data.features import FEATURES
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.python_text import indent_lines, write_list, write_string
from gradstep.data.script.source import Source, read_source
from gradstep.data.table.columns import InputColumn
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.number_style import PLAIN

COMMENT = "# what follows predicts the rows of new files: python SCRIPT.py new.csv"

MISSING = """MISSING = ["", "na", "n/a", "nan", "null", "?"]


def fill(cell, value):
    \"\"\"Return the cell, or what stands for it where its value is missing.\"\"\"
    return value if cell.strip().lower() in MISSING else cell.strip()"""

ONE_HOT = """def one_hot(word, words):
    \"\"\"Return 1 at the word and 0 at the others; raises ValueError for an unknown one.\"\"\"
    return np.eye(len(words))[words.index(word)]"""

READ_DATE = """def read_date(cell, form):
    \"\"\"Return the date in a cell, or the one so many days after 1970.\"\"\"
    if isinstance(cell, float):
        return datetime(1970, 1, 1) + timedelta(days=cell)
    return datetime.strptime(cell, form)"""

COUNT_DAYS = """def count_days(date):
    \"\"\"Return the days since 1970.\"\"\"
    return (date - datetime(1970, 1, 1)).total_seconds() / 86400"""


def find_table(plan: ScriptPlan) -> TableEncoder | None:
    """Return how the columns of a table became the inputs; None for data that come from no table, and for images."""
    dataset = plan.run.dataset
    is_table = isinstance(dataset.encoder, TableEncoder) and dataset.image_shape is None
    return dataset.encoder if is_table and isinstance(dataset.encoder, TableEncoder) else None


def import_for_rows(plan: ScriptPlan) -> list[str]:
    """Return the imports that the blocks of `write_prediction` need."""
    encoder = find_table(plan)
    if encoder is None:
        return []
    has_dates = any(column.kind == "date" for column in encoder.columns)
    return ["import csv", "import sys", *(["from datetime import datetime, timedelta"] if has_dates else [])]


def write_prediction(plan: ScriptPlan, outputs: list[str], decorator: str = "") -> list[str]:
    """Return the blocks that predict the rows of the files that the script is given; none for data of no table.

    The lines of `outputs` compute y_hat (rows, outputs) of the scaled `inputs` of rows.
    """
    encoder = find_table(plan)
    if encoder is None:
        return []
    run, source = plan.run, read_source(plan.run.experiment.data, encoder)
    body = [
        '"""Return the outputs for the rows of a CSV file, found by the names of columns."""',
        *_write_reading(encoder, source),
        *_write_features(run.dataset.features),
        *([] if run.split.scaling.kind == "none" else ["inputs = (inputs - x_shift) / x_scale"]),
        *outputs,
        *_write_answer(plan),
    ]
    predict = [*([decorator] if decorator else []), "def predict(path):", indent_lines("\n".join(body))]
    return [COMMENT, *_write_columns(encoder, source), *_write_classes(plan), "\n".join(predict), _write_printing(plan)]


def _is_plain(encoder: TableEncoder, source: Source) -> bool:
    return all(
        column.kind == "number" and column.fill is None and column.style == PLAIN and not source.calls.get(column.name)
        for column in encoder.columns
    )


def _write_columns(encoder: TableEncoder, source: Source) -> list[str]:
    """Return what turns the cells of a row into inputs."""
    columns = encoder.columns
    if _is_plain(encoder, source):
        return [write_list("COLUMNS", [write_string(column.name) for column in columns])]
    kinds = {column.kind for column in columns}
    words = [
        write_list(f"WORDS[{write_string(column.name)}]", [write_string(word) for word in column.categories])
        for column in columns
        if column.kind == "category"
    ]
    lines = [f"{line}," for column in columns for line in _write_inputs(column, source)]
    return [
        *(["\n".join(["WORDS = {}", *words])] if words else []),
        *(MISSING.split("\n\n\n") if any(column.fill is not None for column in columns) else []),
        *([ONE_HOT] if words else []),
        *([READ_DATE, COUNT_DAYS] if "date" in kinds else []),
        'def encode(row):\n    """Return the inputs of a row."""\n'
        f"    return [\n{indent_lines(chr(10).join(lines), 2)}\n    ]",
    ]


def _write_inputs(column: InputColumn, source: Source) -> list[str]:
    """Return the items of a list that a column becomes."""
    name = write_string(column.name)
    cell = f"row[{name}]"
    if column.kind == "number" and column.style != PLAIN:
        cell += _write_style(column)
    cell += source.calls.get(column.name, "")
    is_missing = f"fill(row[{name}], None) is None"
    cell = f"{cell}.strip()" if column.fill is None else f"fill({cell}, {_write_fill(column)})"
    if column.kind == "category":
        return [f"*one_hot({cell}, WORDS[{name}])"]
    if column.kind == "number":
        items = [f"float({cell.removesuffix('.strip()')})"]
    else:
        date = f"read_date({cell}, {write_string(column.date_format)})"
        methods = {"weekday": "weekday()"}
        items = [f"{date}.{methods.get(part, part)}" for part in column.date_parts] or [f"count_days({date})"]
    return [*items, *([is_missing] if column.marks_missing else [])]


def _write_fill(column: InputColumn) -> str:
    return write_string(column.fill) if isinstance(column.fill, str) else repr(column.fill)


def _write_style(column: InputColumn) -> str:
    """Return the calls that bring a number as it is written into the form that Python reads."""
    style = column.style
    removed = [style.before, style.after, style.thousands]
    calls = "".join(f'.replace({write_string(text)}, "")' for text in removed if text)
    if style.decimal == ".":
        return calls
    # a point that is no mark of this style stands between thousands: float refuses it, and does not read 1.005
    return calls + ("" if style.thousands == "." else '.replace(".", "(.)")') + '.replace(",", ".")'


def _write_reading(encoder: TableEncoder, source: Source) -> list[str]:
    """Return the lines that read `inputs` (rows, inputs) from the file."""
    arguments = ["file"]
    if all(column.name.startswith("column ") for column in encoder.columns):
        arguments.append(f'[f"column {{n}}" for n in range(1, {encoder.column_count + 1})]')
    if encoder.delimiter == " ":
        arguments.append('delimiter=" ", skipinitialspace=True')
    elif encoder.delimiter != ",":
        arguments.append(f"delimiter={write_string(encoder.delimiter)}")
    row = "[float(row[name]) for name in COLUMNS]" if _is_plain(encoder, source) else "encode(row)"
    return [
        f'with open(path, newline="", encoding="{source.encoding}") as file:',
        f"    rows = csv.DictReader({', '.join(arguments)})",
        f"    inputs = np.array([{row} for row in rows])",
    ]


def _write_features(features: tuple[str, ...]) -> list[str]:
    if not features:
        return []
    return ["x1, x2 = inputs.T", f"inputs = np.column_stack([{', '.join(FEATURES[f].numpy_code for f in features)}])"]


def write_both_classes(plan: ScriptPlan) -> list[str]:
    """Return the line that gives the probabilities of both classes, where y_hat is that of the second alone."""
    return ["y_hat = np.column_stack([1 - y_hat, y_hat])"] if _is_second_alone(plan) else []


def _is_second_alone(plan: ScriptPlan) -> bool:
    run = plan.run
    is_single = bool(run.dataset.class_names) and run.network.sizes[-1] == 1
    return is_single and plan.activations[-1].is_probability


def _write_answer(plan: ScriptPlan) -> list[str]:
    """Return the lines that turn y_hat into what the function gives."""
    if plan.run.dataset.targets is None:
        return ["return y_hat"]
    scaled = plan.run.split.target_scaling.kind != "none"
    return ["return y_hat * y_scale + y_shift" if scaled else "return y_hat"]


def _write_classes(plan: ScriptPlan) -> list[str]:
    names = plan.run.dataset.class_names
    return [write_list("CLASSES", [write_string(name) for name in names])] if names else []


def _write_printing(plan: ScriptPlan) -> str:
    """Return the loop that prints the answers: a class with the outputs of all, or the numbers."""
    lines = ["for path in sys.argv[1:]:", "    for row in predict(path):"]
    if not plan.run.dataset.class_names:
        return "\n".join([*lines, '        print(*row, sep=",")'])
    has_columns = plan.run.network.sizes[-1] > 1 or _is_second_alone(plan)
    index = "row.argmax()" if has_columns else f"int(row[0] > {plan.run.split.threshold})"
    return "\n".join([*lines, f'        print(CLASSES[{index}], *row, sep=",")'])
