"""Points out dates that can be read in two ways, and dates that are taken for words."""

import re
from collections.abc import Iterable
from datetime import datetime

from gradstep.data.table.dates import FIRST_OF_1900S, find_date_formats, parse_date
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.missing import is_missing
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value


def warn_of_few_dates(table: RawTable, judged: JudgedTable) -> list[str]:
    """Find columns with so few dates that each is a category."""
    advice = "each of which is a category; --dates number makes numbers of them"
    different = {index: judged.kinds[index].different for index in judged.few_dates if index != judged.chosen.target}
    return [
        f"column {quote_value(table.names[index])} holds {count} different dates, {advice}"
        for index, count in sorted(different.items())
    ]


def warn_of_unclear_dates(table: RawTable, judged: JudgedTable) -> list[str]:
    """Find dates whose day and month cannot be told apart."""
    warnings = []
    for index, kind in judged.kinds.items():
        if len(kind.date_formats) > 1 and {"%m", "%d"} <= set(re.findall("%.", kind.date_formats[0])):
            first = "month" if kind.date_formats[0].startswith("%m") else "day"
            warnings.append(f"column {quote_value(table.names[index])}: its dates are read with the {first} first")
    return warnings


def warn_of_short_years(table: RawTable, judged: JudgedTable) -> list[str]:
    """Find dates whose year has two digits, with the latest of them as the example."""
    warnings = []
    first = FIRST_OF_1900S
    for index, kind in judged.kinds.items():
        if not kind.date_formats or "%y" not in kind.date_formats[0]:
            continue
        dates: dict[str, datetime] = {}
        for cell in set(table.columns[index].texts):
            if date := parse_date(cell, kind.date_formats[0]):
                dates[cell] = date
        latest = max(dates, key=dates.__getitem__)
        warnings.append(
            f"column {quote_value(table.names[index])}: years of two digits from {first} on "
            f"are read as 19xx, and those below as 20xx: the year of {quote_value(latest)} is {dates[latest].year}"
        )
    return warnings


def warn_of_mixed_dates(table: RawTable, judged: JudgedTable) -> list[str]:
    """Find categories that are all dates, but written in several ways."""
    warnings = []
    for index, kind in judged.kinds.items():
        column = table.columns[index]
        if kind.kind != "category" or index in judged.chosen.words or len(column.texts) < len(column):
            continue
        examples = _find_ways(text for text in dict.fromkeys(column.texts) if not is_missing(text))
        if len(examples) > 1:
            first, second = map(quote_value, examples[:2])
            warnings.append(
                f"column {quote_value(table.names[index])} is taken as words, because its dates are written in "
                f"{len(examples)} ways, such as {first} and {second}; written in one way they are read as dates"
            )
    return warnings


def _find_ways(cells: Iterable[str]) -> list[str]:
    """Return the first cell of each way in which dates are written; none if one of the cells is no date."""
    ways: dict[str, str] = {}
    for cell in cells:
        if any(parse_date(cell, way) for way in ways):
            continue
        formats = find_date_formats([cell])
        if not formats:
            return []
        ways[formats[0]] = cell
    return list(ways.values())
