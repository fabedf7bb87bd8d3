"""The text of a CSV file: its lines, what stands between fields, whether there is a header, what is a number."""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.formats.file_content import decode_text, read_bytes, reading_errors
from gradstep.data.formats.reading_progress import ReportProgress

DELIMITERS = ",;\t"
REPORTED = 1 << 20
# how programs write that there is no value
MISSING = frozenset(("", "na", "n/a", "nan", "null", "?"))


def read_csv_content(path: Path) -> bytes:
    """What a file holds, plain or gzipped. Raises GradstepError for what is no UTF-8 text."""
    content = read_bytes(path)
    if path.suffix == ".gz":
        with reading_errors(path):
            content = gzip.decompress(content)
    if content.startswith(b"PK"):
        raise GradstepError(f"{path} is a spreadsheet or an archive, not CSV text: save it as CSV there")
    decode_text(content, path)
    if b"\0" in content:
        raise GradstepError(f"{path} is not CSV text: byte {content.index(0)} is 0x00, as in binary files")
    return content


def iterate_lines(content: bytes, report: ReportProgress) -> Iterator[str]:
    """The lines of a text, each with its end; `report` is told of every `REPORTED` bytes that are read."""
    # not the decoded text: a list of its lines would take several times its memory
    file, reported = io.BytesIO(content), 0
    for line in io.TextIOWrapper(file, encoding="utf-8-sig", newline=""):
        if file.tell() >= reported + REPORTED:
            reported = file.tell()
            report(reported)
        yield line


def guess_delimiter(sample: Sequence[str], decimal: str) -> str:
    """The sign that gives all of these lines the same number of fields, more than one; else that of the first line."""
    delimiters = DELIMITERS.replace(decimal, "") + DELIMITERS[: decimal == ","]

    def order(delimiter: str) -> tuple[bool, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            return False, 0  # reading the rows says where
        regular = len(set(widths)) == 1 and widths[0] > 1
        return regular, widths[0] if widths else 0

    return max(delimiters, key=order)


def is_header(first: Sequence[str], second: Sequence[str], decimal: str) -> bool:
    """Whether the first row names the columns: it has no number, or a word over a number."""
    is_number = [[parse_number(cell, decimal) is not None for cell in row] for row in (first, second)]
    return not any(is_number[0]) or any(below and not above for above, below in zip(*is_number, strict=False))


def parse_number(cell: str, decimal: str) -> float | None:
    """The number that a field holds, or None. With a decimal comma a point is no part of a number."""
    if decimal != ".":
        if "." in cell:
            return None
        cell = cell.replace(decimal, ".")
    try:
        return float(cell)
    except ValueError:
        return None


def is_missing(cell: str) -> bool:
    """Whether a field says that there is no value."""
    return not cell or (len(cell) <= 4 and cell.lower() in MISSING)
