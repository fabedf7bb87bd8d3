"""Names of columns in one word of a command line: `age,"size, in cm"`."""

import csv
import io
from collections.abc import Iterable


def read_names(text: str) -> list[str]:
    """Return the names, of which one with a comma stands in quotation marks."""
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error:
        return [text]
    return [name for row in rows for name in row]


def write_names(names: Iterable[str]) -> str:
    """Return the names as `read_names` reads them."""
    written = io.StringIO()
    listed = list(names)
    needs_quotes = any(name != name.strip() or not name.isprintable() for name in listed)
    csv.writer(written, lineterminator="", quoting=csv.QUOTE_ALL if needs_quotes else csv.QUOTE_MINIMAL).writerow(
        listed
    )
    return written.getvalue()
