"""Numbers that hardly mean what they say are pointed out, and others are not."""

from pathlib import Path

import numpy as np
import pytest

from gradstep.data.file_options import FileOptions
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.table.number_warnings import warn_of_codes, warn_of_written_dates

SMALL, WIDE = [1.0, 4.0, 2.0, 7.0, 3.0], [-800.0, 350.0, 12.5, 2000.0, -3.0]
AGES = [17.0, 45.0, 88.0, 63.0]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([*SMALL, -999], "-999 in 1 row"),
        ([*SMALL, -9, -9], "-9 in 2 rows"),
        ([*SMALL, 99, 99], "99 in 2 rows"),
        ([*WIDE, -9999], "-9999 in 1 row"),
        ([*WIDE, 99999, 99999], "99999 in 2 rows"),
        ([0.0, 1.0, 1.0, 99.0, 99.0], "99 in 2 rows"),
    ],
)
def test_codes_for_missing_values_are_pointed_out(values: list[float], code: str) -> None:
    assert warn_of_codes([("a", np.array(values))]) == [
        f'column "a" has {code}, far from its other numbers; '
        "if it stands for a missing value, empty these cells: no number is read as one"
    ]


@pytest.mark.parametrize(
    "values",
    [
        [*SMALL, 99],  # once, it can be a number like the others
        [*AGES, 99, 99],
        [*WIDE, -999],
        [*WIDE, 9999 / 4, 2500],
        [*SMALL, -1000],
        [-999.0, 5.0, 5.0],  # two different numbers can mean anything
        [-60.0, -12.0, 4.0, -99.0],
        [-999.0] * 5,
    ],
)
def test_other_numbers_are_no_codes(values: list[float]) -> None:
    assert warn_of_codes([("a", np.array(values, float))]) == []


def test_dates_of_eight_digits_are_pointed_out() -> None:
    dates = np.array([20240131.0, 20240201, 19991231])
    (said,) = warn_of_written_dates([("a", dates), ("b", dates), ("c", dates + 1), ("d", dates / 2)])
    assert said.startswith('columns "a" and "b" seem to hold dates, such as 20240131,') and "2024-01-31" in said
    assert warn_of_written_dates([("id", np.array([20240131.0, 20240132])), ("x", np.array([20240131.0] * 3))]) == []


def test_they_stand_among_the_warnings_of_a_file_also_of_its_target(tmp_path: Path) -> None:
    file = tmp_path / "weather.csv"
    file.write_text(
        "day,wind,rain\n" + "".join(f"{20240101 + n * 7 % 30},{n * n % 7},{n % 5 / 3}\n" for n in range(30))
    )
    assert [text.split(",")[0] for text in read_csv(file).warnings] == ['column "day" seems to hold dates']
    file.write_text(file.read_text() + "20240131,-999,-999\n20240131,,1\n")
    warnings = read_csv(file, FileOptions(missing="mean")).warnings
    assert warnings[0].startswith('columns "wind" and "rain" have -999 in 2 cells')
