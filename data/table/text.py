"""The text of a table: its encoding and its lines."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.formats.file_content import decode_text, read_bytes, unpack_gzip
from gradstep.data.formats.reading_progress import ReportProgress
from gradstep.data.table.foreign_files import find_foreign

REPORT_EVERY = 1 << 20
"""Bytes between two reports of progress."""

GZIP = b"\x1f\x8b"
"""How a gzipped file begins."""

CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NO_CHARACTER = re.compile(rb"[\xc0-\xff](?![\x80-\xbf])|(?<![\x80-\xff])[\x80-\xbf]")
"""Bytes beyond ASCII that are a character in UTF-8, and some that are not."""

PORTION = 1 << 20
"""Bytes that are decoded at once to find the encoding."""

ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252", "latin-1": "Latin-1"}
"""The encodings that are read, by Python's name, and as they are told."""

BOMS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a")
"""Control characters that no text holds."""


def read_table_content(path: Path) -> bytes:
    """Return the content of a text file, plain or gzipped. Raises GradstepError for what is not text."""
    content = read_bytes(path)
    if path.suffix.lower() == ".gz" or content.startswith(GZIP):
        content = unpack_gzip(content, path)
    if foreign := find_foreign(content):
        raise GradstepError(f"{path} is {foreign}")
    if not content.startswith(BOMS_OF_UTF_16) and b"\0" in content:
        raise GradstepError(f"{path} is not CSV text: byte {content.index(0)} is 0x00, as in binary files")
    return content


def find_encoding(content: bytes, path: Path) -> str:
    """Return Python's name of the encoding: a key of ENCODING_NAMES.

    UTF-16 is known by its byte order mark. What is not UTF-8 is Windows-1252, or Latin-1 where bytes stand that
    Windows-1252 does not have. Raises GradstepError for what cannot be text.
    """
    if content.startswith(BOMS_OF_UTF_16):
        if not _can_be_decoded(content, "utf-16"):
            raise GradstepError(f"{path} begins like UTF-16 text, but is not: save the file as UTF-8")
        return "utf-16"
    if _can_be_decoded(content, "utf-8-sig"):
        return "utf-8-sig"
    if _is_damaged_utf_8(content):
        # what is wrong, and in which line
        decode_text(content, path)
    controls = [at for at in map(content.find, (bytes([code]) for code in CONTROLS)) if at >= 0]
    if controls:
        at = min(controls)
        raise GradstepError(f"{path} is not CSV text: byte {at} is {content[at]:#04x}, as in binary files")
    return "cp1252" if _can_be_decoded(content, "cp1252") else "latin-1"


def _is_damaged_utf_8(content: bytes) -> bool:
    """Whether more of the characters beyond ASCII are UTF-8 than are not."""
    whole = sum(1 for _ in CHARACTER.finditer(content))
    return bool(whole) and sum(1 for _ in NO_CHARACTER.finditer(content)) < whole


def _can_be_decoded(content: bytes, encoding: str) -> bool:
    # in portions, because the text of a whole file would take several times its memory
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for first in range(0, len(content), PORTION):
            decoder.decode(content[first : first + PORTION])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def iterate_lines(content: bytes, encoding: str, report: ReportProgress) -> Iterator[str]:
    """Yield the lines of a text with their ends; `report` is called after every REPORT_EVERY bytes."""
    # read from the bytes, because a list of decoded lines would take several times the memory
    file, reported = io.BytesIO(content), 0
    for line in io.TextIOWrapper(file, encoding=encoding, newline=""):
        if file.tell() >= reported + REPORT_EVERY:
            reported = file.tell()
            report(reported)
        yield line
