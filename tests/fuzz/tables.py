"""Tables of columns of every kind, with what goes wrong in them here and there."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from gradstep.data.file_options import DATE_CHOICES, DECIMAL_CHOICES, HEADER_CHOICES, MISSING_CHOICES, FileOptions
from gradstep.data.name_list import read_names
from gradstep.data.table.cure import LISTS
from gradstep.data.table.delimiter import DELIMITERS

Cell = Callable[[Random, int], str]

KINDS: tuple[Cell, ...] = (
    lambda random, row: str(random.randint(0, 9)),
    lambda random, row: f"{random.random():.3f}",
    lambda random, row: f"{random.randint(1, 99)},{random.randint(0, 999):03}",
    lambda random, row: random.choice("abc"),
    lambda random, row: f"w{row}",
    lambda random, row: f"2024-0{random.randint(1, 9)}-1{random.randint(0, 9)}",
    lambda random, row: f"{random.randint(1, 12):02}/{random.randint(1, 28):02}/2023",
    lambda random, row: f"$ {random.randint(1, 5000):,}",
    lambda random, row: f"{random.randint(1, 99)}%",
    lambda random, row: random.choice(("", "NA", "?", "-")),
    lambda random, row: str(row),
    lambda random, row: "7",
    lambda random, row: f"{random.randint(1, 5)} km",
    lambda random, row: f"1.{random.randint(100, 999)},{random.randint(0, 9)}",
    lambda random, row: f"12:{random.randint(10, 59)}",
    lambda random, row: random.choice(("1", "2", "more")),
    lambda random, row: "1e308",
    lambda random, row: f"{random.random()}D+01",
    lambda random, row: f"20{random.randint(10, 20)}Q{random.randint(1, 4)}",
    lambda random, row: random.choice(("'s'", "x y z")),
)
NAMES = ("a", "b", "c d", "id", "y", "1960", "0", "1", "")
TITLES = ("Title", "# note", "sep=;", "A: b, c", "", ",,,")


def write_table(random: Random) -> bytes:
    """Return the content of a file."""
    kinds = random.choices(KINDS, k=random.randint(1, 6))
    delimiter = random.choice(DELIMITERS)
    lines = random.choices(TITLES, k=random.choice((0, 0, 0, 1, 2)))
    if random.random() < 0.7:
        lines.append(delimiter.join(_quote(random.choice(NAMES), delimiter) for _ in kinds))
    for row in range(random.choice((1, 2, 3, 8, 30, 60))):
        cells = [_quote(_write_cell(random, kind, row), delimiter) for kind in kinds]
        cells = cells[: -1 if random.random() < 0.01 else None] + ["z"] * (random.random() < 0.005)
        lines.append(delimiter.join(cells))
    text = random.choice(("\n", "\r\n")).join(lines)
    return text.encode(random.choice(("utf-8", "utf-16", "cp1252")))


def _write_cell(random: Random, kind: Cell, row: int) -> str:
    if random.random() < 0.02:
        return ""
    return (random.choice(KINDS) if random.random() < 0.01 else kind)(random, row)


def _quote(cell: str, delimiter: str) -> str:
    return f'"{cell}"' if delimiter in cell else cell


def choose_options(random: Random) -> FileOptions:
    """Return options of any kind, most of them the usual ones."""
    return FileOptions(
        target=random.choice((None, None, None, "y", "1")),
        task=random.choice(("auto", "auto", "auto", "classification", "regression")),
        missing=random.choice(MISSING_CHOICES),
        dates=random.choice(DATE_CHOICES),
        header=random.choice(("auto", "auto", *HEADER_CHOICES)),
        decimal=random.choice(("auto", "auto", *DECIMAL_CHOICES)),
        drop=random.choice(((), (), (), (), ("1",))),
        categories=random.choice(((), (), (), ("1",))),
    )


def with_cure(options: FileOptions, cure: Mapping[str, str]) -> FileOptions:
    """Return the options together with those that a report names."""
    values = {name: tuple(read_names(value)) if name in LISTS else value for name, value in cure.items()}
    return replace(options, **values)  # type: ignore[arg-type]
