"""Files that people take for tables, and what they are."""

import re

SIGNATURES = {
    rb"PK[\x03\x05]": "a spreadsheet or an archive, not CSV text: save it as CSV there",
    rb"\xd0\xcf\x11\xe0": "a spreadsheet or a document, not CSV text: save it as CSV there",
    rb"\x93NUMPY": "a single array of numpy: numpy.savez writes inputs x and targets y to one .npz file",
    rb"PAR1": "a Parquet file, not CSV text: save it as CSV",
    rb"\x89HDF": "an HDF5 file, not CSV text: save it as CSV, or as .npz with numpy.savez",
    rb"SQLite format 3": "a database, not CSV text: save the table as CSV",
    rb"BZh\d1AY": "compressed with bzip2: unpack it, or compress it with gzip",
    rb"\xfd7zXZ": "compressed with xz: unpack it, or compress it with gzip",
    rb"%PDF-": "a PDF document, not CSV text",
    rb"\x89PNG|\xff\xd8\xff": "a picture, not CSV text",
    rb"\x80[\x02-\x05]": "a pickle, which is never read: save it as CSV, or as .npz with numpy.savez",
    rb"(?i:<!doctype|<html|<\?xml|<table)": "HTML or XML, not CSV text: save the table as CSV",
    rb"[\[{]\s*[\[{\"]": "JSON, not CSV text: save the table as CSV",
    rb"(?i:@relation)": "an ARFF file, not CSV text: save it as CSV",
}
"""What a file is that begins so."""

UTF_8_MARK = b"\xef\xbb\xbf"


def find_foreign(content: bytes) -> str | None:
    """Return what a file is that is no table of text; None if it may be one."""
    start = content[:64].removeprefix(UTF_8_MARK).lstrip()
    return next((what for pattern, what in SIGNATURES.items() if re.match(pattern, start)), None)
