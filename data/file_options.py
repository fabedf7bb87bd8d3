"""What a user can say about a file of data."""

from dataclasses import dataclass

MISSING_CHOICES = ("refuse", "drop", "mean", "own-category")
DATE_CHOICES = ("refuse", "number", "parts")
HEADER_CHOICES = ("auto", "yes", "no")
DECIMAL_CHOICES = ("auto", ".", ",")


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The rows at the beginning of a file that are read: so many, or in a table of text those up to this line.

    What follows is as if it were not there.
    """

    rows: int
    last_line: int


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a file is to be read.

    `task` is classification, regression or auto. `transposed` images are turned over their diagonal. Only the `first`
    rows are read, if given. The others are about tables of text:

    - `target` is the name or the number from 1 of the column that is learnt, the last one if it is None.
    - `drop` are the names or the numbers of columns that are left out. If `columns` are given, no others are inputs.
    - `categories` are columns that hold words, even if they look like numbers.
    - `missing` says what becomes of missing values, and `dates` of dates.
    - `header` is yes, no or auto; `delimiter` is found if it is None; `decimal` is a point, a comma or auto.
    """

    target: str | int | None = None
    task: str = "auto"
    drop: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    missing: str = "refuse"
    dates: str = "refuse"
    header: str = "auto"
    delimiter: str | None = None
    decimal: str = "auto"
    transposed: bool = False
    first: FirstRows | None = None


DEFAULT_OPTIONS = FileOptions()
