"""Which cells stand for a missing value."""

MISSING_WORDS = frozenset(("", "na", "n/a", "nan", "null", "?", "#n/a", "<na>", "#na"))
"""How programs write a missing value, in lower case."""

MISSING_NUMBERS = MISSING_WORDS | {"-", "--", "–", "—", ".", "..", "*", "none", "n.a.", "nil", "missing", "unknown"}
"""What stands for a missing value among numbers; among words it can be a word."""

LONGEST = max(map(len, MISSING_NUMBERS))


def is_missing(cell: str) -> bool:
    """Whether a cell, without spaces around it, stands for a missing value in any column."""
    return not cell or (len(cell) <= LONGEST and cell.lower() in MISSING_WORDS)


def is_missing_number(cell: str) -> bool:
    """Whether a cell, without spaces around it, stands for a missing value in a column of numbers."""
    return not cell or (len(cell) <= LONGEST and cell.lower() in MISSING_NUMBERS)
