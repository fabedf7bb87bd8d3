"""The values of an example's row, each as it stands in the file: a word, not the inputs that stand for it."""

from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import Dataset
from gradstep.data.table.encoder import TableEncoder
from gradstep.tui.numbers import format_of_data


def list_values(dataset: Dataset, raw: Floats) -> list[tuple[str, str]]:
    """Return the name and the value of each column of a row (features,), in the units of the data.

    A column of words has its word; where it has none of those that are known, "–".
    """
    if not isinstance(dataset.encoder, TableEncoder) or dataset.features:
        return [(name, format_of_data(float(value))) for name, value in zip(dataset.feature_names, raw, strict=True)]
    values, first = list[tuple[str, str]](), 0
    for column in dataset.encoder.columns:
        names = column.feature_names
        part = raw[first : first + len(names)]
        first += len(names)
        if column.kind == "category":
            # its names are that of the column, "=" and a word
            word = next((name for name, value in zip(names, part, strict=True) if value == 1), None)
            values.append((column.name, "–" if word is None else word.removeprefix(f"{column.name}=")))
        else:
            values += [(name, format_of_data(float(value))) for name, value in zip(names, part, strict=True)]
    return values
