"""Dates and times as they are written in tables, as numbers."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

DATE_PARTS = ("year", "month", "day", "weekday", "hour")
"""The inputs that can be made of a date; each is there if it differs from date to date."""

DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%b-%d-%Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%b-%Y",
    "%b-%y",
    "%b %Y",
    "%B %Y",
    "%Y-%m",
    "%Y/%m",
    "",
)
"""The formats of dates that are looked for, for `datetime.strptime`; the last is that of a time alone."""

TIME_FORMATS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
LIKE_A_DATE = re.compile(r"[\w.,/: +-]{4,40}")
TIME_ALONE = re.compile(r"\d{1,2}:\d\d\b.*")
"""Unlike 3:2, which is a score or a ratio."""

TIME = re.compile(r"(?<=\d)[T ](?=\d{1,2}:\d\d)|\s+(?=\d{1,2}:\d\d)")
ZONE = re.compile(r"(?<=:\d\d)\s*(?:Z|UTC|[+-]\d\d:?\d\d)$|(?<=:\d\d\.\d{3})\s*Z$|(?<=:\d\d\.\d{6})\s*Z$")
QUARTER = re.compile(r"(\d{4})[- ]?Q([1-4])")
"""A quarter, such as 1974Q1, is the month in which it begins."""

FIRST_OF_1900S = 69
"""Years of two digits from here on are of the last century, and those below of this one, as strptime reads them."""

EPOCH = datetime(1970, 1, 1)
DAY = 86400.0
TRIED = 9
"""Cells from all over a column that are looked at for the format of most."""

MOST_KEPT = 1 << 16
"""Dates that are remembered: most columns have few different ones."""

ISO, ISO_TIME = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
"""The formats that Python reads a hundred times faster."""


def find_date_formats(cells: Collection[str]) -> list[str]:
    """Return the formats in which all of these cells are dates; two where day and month cannot be told apart."""
    first = next(iter(cells), "")
    if not LIKE_A_DATE.fullmatch(first) or not re.search(r"\d", first):
        return []
    written = [(date + time).strip() for date in DATE_FORMATS for time in TIME_FORMATS]
    possible = [each for each in written if each and parse_date(first, each)]
    return [each for each in possible if all(parse_date(cell, each) for cell in cells)][:2]


def find_usual_date_format(cells: Sequence[str], counts: Mapping[str, int]) -> str | None:
    """Return the format in which most of these different cells, which stand so often, are dates; None without one."""
    found = Counter(each for cell in cells[:: max(1, len(cells) // TRIED)] for each in find_date_formats([cell])[:1])
    total = sum(counts[cell] for cell in cells)
    for written, _ in found.most_common():
        if 2 * sum(counts[cell] for cell in cells if parse_date(cell, written)) > total:
            return written
    return None


@lru_cache(MOST_KEPT)
def parse_date(cell: str, written: str) -> datetime | None:
    """Return the date and time in a cell; None if it is not written so. A time zone is left out."""
    if "%H" in written and "%Y" not in written.replace("%y", "%Y") and not TIME_ALONE.fullmatch(cell.strip()):
        return None
    if quarter := QUARTER.fullmatch(cell.strip()):
        cell = f"{quarter[1]}-{3 * int(quarter[2]) - 2:02}"
    text = TIME.sub(" ", ZONE.sub("", cell.strip())).replace(",", "")
    try:
        if (written == ISO and len(text) == 10) or (written == ISO_TIME and len(text) == 19):
            return datetime.fromisoformat(text) if text[4] == "-" else None
        return datetime.strptime(text, written)
    except ValueError:
        return None


def write_example(date_format: str) -> str:
    """Return the last day of January 2026 in this format."""
    return datetime(2026, 1, 31).strftime(date_format)


def count_days(date: datetime) -> float:
    """Return the days since 1970."""
    return (date - EPOCH).total_seconds() / DAY


def from_days(days: float) -> datetime:
    """Return the date and time so many days after the beginning of 1970, or the first or last one that there is."""
    try:
        return EPOCH + timedelta(days=days)
    except OverflowError:
        return datetime.max if days > 0 else datetime.min


def read_date_part(date: datetime, part: str) -> float:
    """Return one of DATE_PARTS; Monday is weekday 0."""
    return float(date.weekday() if part == "weekday" else getattr(date, part))
