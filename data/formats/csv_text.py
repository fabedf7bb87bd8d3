"""The text of a CSV file: its lines, the delimiter, the header, and which fields are numbers or missing."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.formats.file_content import decode_text, read_bytes, unpack_gzip
from gradstep.data.formats.reading_progress import ReportProgress

DELIMITERS = ",;\t"
REPORT_EVERY = 1 << 20
"""Bytes between two reports of progress."""

# how programs write a missing value
MISSING = frozenset(("", "na", "n/a", "nan", "null", "?"))


def read_csv_content(path: Path) -> bytes:
    """Return the content of a file, plain or gzipped. Raises GradstepError for what is not UTF-8 text."""
    content = read_bytes(path)
    if path.suffix == ".gz":
        content = unpack_gzip(content, path)
    if content.startswith(b"PK"):
        raise GradstepError(f"{path} is a spreadsheet or an archive, not CSV text: save it as CSV there")
    decode_text(content, path)
    if b"\0" in content:
        raise GradstepError(f"{path} is not CSV text: byte {content.index(0)} is 0x00, as in binary files")
    return content


def iterate_lines(content: bytes, report: ReportProgress) -> Iterator[str]:
    """Yield the lines of a text with their ends; `report` is called after every REPORT_EVERY bytes."""
    # read from the bytes, because a list of decoded lines would take several times the memory
    file, reported = io.BytesIO(content), 0
    for line in io.TextIOWrapper(file, encoding="utf-8-sig", newline=""):
        if file.tell() >= reported + REPORT_EVERY:
            reported = file.tell()
            report(reported)
        yield line


def guess_delimiter(sample: Sequence[str], decimal: str) -> str:
    """Return the delimiter that splits all of these lines into the same number of fields, more than one.

    If none does, the one that splits the first line into the most fields. A decimal comma makes the comma the last
    choice.
    """
    delimiters = DELIMITERS.replace(decimal, "") + DELIMITERS[: decimal == ","]

    def rate(delimiter: str) -> tuple[bool, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            return False, 0  # the error is raised again, with its line, when the rows are read
        regular = len(set(widths)) == 1 and widths[0] > 1
        return regular, widths[0] if widths else 0

    return max(delimiters, key=rate)


def is_header(first: Sequence[str], second: Sequence[str], decimal: str) -> bool:
    """Whether the first row names the columns: it has no number, or a word above a number."""
    is_number = [[parse_number(cell, decimal) is not None for cell in row] for row in (first, second)]
    return not any(is_number[0]) or any(below and not above for above, below in zip(*is_number, strict=False))


def parse_number(cell: str, decimal: str) -> float | None:
    """Return the number in a field, or None. With a decimal comma a number has no point in it."""
    try:
        return parse_numbers([cell], decimal)[0]
    except ValueError:
        return None


def parse_numbers(cells: Sequence[str], decimal: str) -> list[float]:
    """Return the numbers in these fields; raises ValueError if one of them is no number."""
    if decimal != ".":
        cells = [_replace_decimal(cell, decimal) for cell in cells]
    return list(map(float, cells))


def _replace_decimal(cell: str, decimal: str) -> str:
    if "." in cell:
        raise ValueError("a number with a decimal comma has no point in it")
    return cell.replace(decimal, ".")


def is_missing(cell: str) -> bool:
    """Whether a field stands for a missing value."""
    return not cell or (len(cell) <= 4 and cell.lower() in MISSING)
