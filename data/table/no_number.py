"""Says why a cell is not a number, in a column of numbers."""

from math import isinf


def is_infinite(cell: str) -> bool:
    """Whether the cell is infinite, or a number too large for a float."""
    try:
        return isinf(float(cell))
    except ValueError:
        return False


def describe_no_number(cell: str) -> tuple[str, str]:
    """Return what is wrong with a cell that is no number of a column, and with several of which it is the first."""
    if not is_infinite(cell):
        return "is no number", "are no numbers"
    if any(map(str.isdigit, cell)):
        return "is too large a number", "are too large or no numbers"
    return "is infinite", "are infinite or no numbers"
