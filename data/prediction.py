"""The predictions of a trained network as a table: a class with its probabilities, or a number in its unit."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.data.new_rows import NewRows
from gradstep.data.trained_model import TrainedModel


def write_predictions(model: TrainedModel, rows: NewRows) -> str:
    """Return a CSV table with a line for each row of the file, empty for one that cannot be predicted.

    Every number is written with all its digits, so that it is read again bit for bit. Raises GradstepError for a
    network whose training has diverged, and where an output is not a finite number.
    """
    model.check_can_predict()
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    header = _name_columns(model)
    table.writerow(header)
    outputs = model.compute_outputs(rows.inputs)
    if not (whole := np.isfinite(outputs).all(axis=1)).all():
        row = int(rows.indices[int(np.argmin(whole))]) + 1
        raise GradstepError(f"row {row}: its output is not a finite number; the input is too large for this network")
    lines = _write_classes(model, outputs) if model.preprocessing.class_names else _write_numbers(model, outputs)
    by_row = dict(zip(rows.indices.tolist(), lines, strict=True))
    table.writerows(by_row.get(row, [""] * len(header)) for row in range(rows.count))
    return file.getvalue()


def _name_columns(model: TrainedModel) -> list[str]:
    preprocessing = model.preprocessing
    if not preprocessing.class_names:
        return [f"predicted_{name}" for name in preprocessing.target_names]
    target = "_".join(["predicted", *preprocessing.target_names])
    if model.gives_probabilities:
        return [target, *(f"probability_{name}" for name in preprocessing.class_names)]
    if model.network.sizes[-1] == 1:
        return [target, "output"]
    return [target, *(f"output_{name}" for name in preprocessing.class_names)]


def _write_classes(model: TrainedModel, outputs: Floats) -> list[list[str]]:
    names = model.preprocessing.class_names
    lines = []
    for row, index in zip(outputs.tolist(), model.classify(outputs), strict=True):
        # a single output is the probability of the second class
        values = [1 - row[0], row[0]] if len(row) == 1 and model.gives_probabilities else row
        lines.append([names[index], *map(repr, values)])
    return lines


def _write_numbers(model: TrainedModel, outputs: Floats) -> Sequence[list[str]]:
    return [[repr(value) for value in numbers.tolist()] for numbers in model.restore_units(outputs)]
