"""What a user can say about a table."""

from dataclasses import dataclass

MISSING_CHOICES = ("refuse", "drop", "mean", "own-category")
DATE_CHOICES = ("refuse", "number", "parts")
HEADER_CHOICES = ("auto", "yes", "no")
DECIMAL_CHOICES = ("auto", ".", ",")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is to be read.

    - `target` is the name or the number from 1 of the column that is learnt, the last one if it is None.
    - `task` is classification, regression or auto; `decimal` is a point, a comma or auto; `header` is yes, no or auto.
    - `delimiter` is found if it is None.
    - `drop` are the names or the numbers of columns that are left out. If `columns` are given, no others are inputs.
    - `categories` are columns that hold words, even if they look like numbers.
    - `missing` says what becomes of missing values, and `dates` of dates.
    """

    target: str | int | None = None
    task: str = "auto"
    decimal: str = "auto"
    header: str = "auto"
    delimiter: str | None = None
    drop: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    missing: str = "refuse"
    dates: str = "refuse"


DEFAULT_OPTIONS = TableOptions()
