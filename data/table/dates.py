"""Dates and times as they are written in tables, as numbers."""

import re
from collections.abc import Collection
from datetime import datetime
from functools import cache

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
)
"""The formats of dates that are looked for, for `datetime.strptime`."""

TIME_FORMATS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
LIKE_A_DATE = re.compile(r"[\w.,/: +-]{6,40}")
TIME = re.compile(r"(?<=\d)[T ](?=\d{1,2}:\d\d)|\s+(?=\d{1,2}:\d\d)")
ZONE = re.compile(r"(?<=:\d\d)\s*(?:Z|UTC|[+-]\d\d:?\d\d)$|(?<=:\d\d\.\d{3})\s*Z$|(?<=:\d\d\.\d{6})\s*Z$")
EPOCH = datetime(1970, 1, 1)
DAY = 86400.0


def find_date_formats(cells: Collection[str]) -> list[str]:
    """Return the formats in which all of these cells are dates; two where day and month cannot be told apart."""
    first = next(iter(cells), "")
    if not LIKE_A_DATE.fullmatch(first) or not re.search(r"\d", first):
        return []
    possible = [date + time for date in DATE_FORMATS for time in TIME_FORMATS if parse_date(first, date + time)]
    return [each for each in possible if all(parse_date(cell, each) for cell in cells)][:2]


@cache
def parse_date(cell: str, written: str) -> datetime | None:
    """Return the date and time in a cell; None if it is not written so. A time zone is left out."""
    text = TIME.sub(" ", ZONE.sub("", cell.strip())).replace(",", "")
    try:
        return datetime.strptime(text, written)
    except ValueError:
        return None


def count_days(date: datetime) -> float:
    """Return the days since 1970."""
    return (date - EPOCH).total_seconds() / DAY


def read_date_part(date: datetime, part: str) -> float:
    """Return one of DATE_PARTS; Monday is weekday 0."""
    return float(date.weekday() if part == "weekday" else getattr(date, part))
