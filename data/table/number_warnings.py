"""Points out numbers that hardly mean what they say: codes for a missing value, and dates of eight digits."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.table.listed_names import list_names

CODES = (-9.0, *(sign * float("9" * digits) for digits in range(2, 7) for sign in (-1, 1)))
"""Numbers that often stand for a missing value."""

FEWEST_CODES = 2
"""A positive code, which can be a number like the others, stands in so many rows."""

FIRST_DAY, LAST_DAY = 19000101, 21001231


def warn_of_codes(columns: Sequence[tuple[str, Floats]]) -> list[str]:
    """Find codes far from all other numbers of their columns (rows,)."""
    found: dict[float, list[str]] = {}
    rows: dict[float, int] = {}
    for name, values in columns:
        for code in (float(values.min()), float(values.max())):
            if code in CODES and (count := _count_code(values, code)):
                found.setdefault(code, []).append(name)
                rows[code] = rows.get(code, 0) + count
    return [_describe_code(code, names, rows[code]) for code, names in found.items()]


def _count_code(values: Floats, code: float) -> int:
    """Return how often the code stands in a column whose other numbers are far from it and near each other; else 0."""
    others = values[values != code]
    count = len(values) - len(others)
    if not len(others) or (code > 0 and count < FEWEST_CODES):
        return 0
    low, high = float(others.min()), float(others.max())
    gap = low - code if code < 0 else code - high
    # a column in which negative numbers are usual can well have this one
    is_of_its_kind = code < 0 and low < 0
    return count if low != high and gap > (high - low) * (2 if is_of_its_kind else 1) else 0


def _describe_code(code: float, names: Sequence[str], rows: int) -> str:
    its = "its" if len(names) == 1 else "their"
    where = "1 row" if rows == 1 else f"{rows} {'rows' if len(names) == 1 else 'cells'}"
    holds = "has" if len(names) == 1 else "have"
    return (
        f"{list_names('column', 'columns', names)} {holds} {code:g} in {where}, far from {its} other numbers; "
        "if it stands for a missing value, empty these cells: no number is read as one"
    )


def warn_of_written_dates(columns: Sequence[tuple[str, Floats]]) -> list[str]:
    """Find columns (rows,) whose numbers are all dates such as 20240131."""
    dated = [(name, values) for name, values in columns if _are_dates(values)]
    if not dated:
        return []
    names, first = [name for name, _ in dated], dated[0][1][0]
    seem = "seems to hold dates" if len(names) == 1 else "seem to hold dates"
    return [
        f"{list_names('column', 'columns', names)} {seem}, such as {first:.0f}, and {first:.0f} is read as a number; "
        f"written as {_read_date(first)}, --dates number or parts reads them"
    ]


def _are_dates(values: Floats) -> bool:
    low, high = float(values.min()), float(values.max())
    if not FIRST_DAY <= low < high <= LAST_DAY or (values % 1 != 0).any():
        return False
    return all(_read_date(number) is not None for number in np.unique(values).tolist())


def _read_date(number: float) -> date | None:
    """Return the date that is written as year, month and day in eight digits; None for another number."""
    year, rest = divmod(int(number), 10000)
    try:
        return date(year, *divmod(rest, 100))
    except ValueError:
        return None
