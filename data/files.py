"""Data sets from CSV files, plain or gzipped."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable
from math import isfinite
from pathlib import Path

import numpy as np

from core.errors import GradstepError
from data.dataset import Array, Dataset, labels_of
from data.reading import decoded, read_bytes
from data.wording import one_of, shown

# a whole-number column with more distinct values than this is a quantity, not a class
MOST_CLASSES = 20


def read_csv(path: Path, target: str | None = None) -> Dataset:
    """Read a CSV file with a header: numeric features, and a target column by name (default: the last).

    A target of words, or of few distinct whole numbers, is a class; other numbers are a quantity. Lines before the
    header that start with "# " are comments, and `# source: ...` says where the data come from. Raises GradstepError
    with the file, the line and the column.
    """
    lines = _read_lines(path)
    comments = 0
    while comments < len(lines) and lines[comments].startswith("# "):
        comments += 1
    header, rows, numbers = _table(path, lines[comments:], comments)
    if target is not None and target not in header:
        raise GradstepError(f"{path} has no column {shown(target)}: data.target {one_of(header, target)}")
    column = len(header) - 1 if target is None else header.index(target)
    if len(header) < 2:
        raise GradstepError(f"{path} has one column only; features and a target are needed")
    features = [index for index in range(len(header)) if index != column]
    cells = [row[column].strip() for row in rows]
    for line, cell in zip(numbers, cells, strict=True):
        if not cell:
            raise GradstepError(f"{path}, line {line}, column {shown(header[column])}: the target is missing")
    where = f"{path}, column {shown(header[column])}"
    classes = _classes(cells)
    labels, class_names = (None, ()) if classes is None else labels_of(classes, where)
    return Dataset(
        name=path.name.split(".")[0],
        task="regression" if labels is None else "classification",
        inputs=_numbers(path, header, features, rows, numbers),
        labels=labels,
        targets=_numbers(path, header, [column], rows, numbers) if labels is None else None,
        feature_names=tuple(header[index] for index in features),
        class_names=class_names,
        source=_source(lines[:comments]) or str(path),
    )


def _read_lines(path: Path) -> list[str]:
    content = read_bytes(path)
    try:
        text = decoded(gzip.decompress(content) if path.suffix == ".gz" else content, path)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise GradstepError(f"{path} cannot be read: the compressed file is damaged or cut short") from None
    return list(io.StringIO(text, newline=""))


def _table(path: Path, lines: list[str], skipped: int) -> tuple[list[str], list[list[str]], list[int]]:
    """Split lines into the header, the rows, and the number of the line that each row ends on."""
    reader = csv.reader(lines)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for row in reader:
            if not row:
                continue
            line = reader.line_num + skipped
            if len(row) != len(header):
                raise GradstepError(f"{path}, line {line}: {len(row)} values, but the header has {len(header)}")
            rows.append(row)
            numbers.append(line)
    except csv.Error as error:
        raise GradstepError(f"{path}, line {reader.line_num + skipped}: {error}") from None
    if not rows:
        raise GradstepError(f"{path} holds no rows: a header and at least one row below it are needed")
    return header, rows, numbers


def _numbers(path: Path, header: list[str], columns: list[int], rows: list[list[str]], numbers: list[int]) -> Array:
    """Turn these columns into numbers (rows, columns)."""
    values = np.empty((len(rows), len(columns)))
    for index, (row, line) in enumerate(zip(rows, numbers, strict=True)):
        for position, column in enumerate(columns):
            number = _number(row[column])
            if number is None or not isfinite(number):
                place = f"{path}, line {line}, column {shown(header[column])}"
                raise GradstepError(f"{place}: {shown(row[column])} is not a finite number")
            values[index, position] = number
    return values


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _classes(cells: list[str]) -> list[int] | list[str] | None:
    """Return the class of each row, or None where the column is a quantity."""
    values = [_number(cell) for cell in cells]
    found = [value for value in values if value is not None]
    if len(found) < len(cells):
        return cells
    if all(value.is_integer() for value in found) and len(set(found)) <= MOST_CLASSES:
        return [int(value) for value in found]
    return None


def _source(comments: Iterable[str]) -> str:
    said = (line.removeprefix("# source:") for line in comments if line.startswith("# source:"))
    return next(said, "").strip()
