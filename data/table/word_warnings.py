"""Points out numbers that look like codes, and words that differ only by case."""

from collections.abc import Sequence

from gradstep.data.name_list import write_names
from gradstep.data.shell_words import quote_word
from gradstep.data.table.column_kind import MOST_CHOSEN
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.raw_table import RawTable
from gradstep.data.toml_value import quote_value


def warn_of_leading_zeros(table: RawTable, judged: JudgedTable) -> list[str]:
    """Find columns of numbers that are written as codes are, such as the postal code 01067."""
    warnings = []
    for index, kind in judged.kinds.items():
        column = table.columns[index]
        if kind.kind != "number" or not column.has_leading_zeros or (column.numbers % 1 > 0).any():
            continue
        name = quote_word(write_names([table.names[index]]))
        what = f"column {quote_value(table.names[index])} has leading zeros, as codes have, and is taken as numbers"
        if column.count_different() <= MOST_CHOSEN:
            what += f"; --categories {name} takes it as words"
        warnings.append(what)
    return warnings


def warn_of_cases(encoder: TableEncoder) -> list[str]:
    """Find categories and classes that differ only by case."""
    warnings = []
    for column in encoder.columns:
        if pair := _find_pair(column.categories):
            warnings.append(f"column {quote_value(column.name)}: {pair} are two categories that differ only by case")
    if pair := _find_pair(encoder.target.classes):
        warnings.append(f"column {quote_value(encoder.target.name)}: {pair} are two classes that differ only by case")
    return warnings


def _find_pair(words: Sequence[str]) -> str:
    """Return the first two words that differ only by case; "" without any."""
    found: dict[str, str] = {}
    for word in words:
        other = found.setdefault(word.casefold(), word)
        if other != word:
            return f"{quote_value(other)} and {quote_value(word)}"
    return ""
