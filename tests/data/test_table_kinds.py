"""Files as people have them, each one instance of a kind, and what becomes of it.

A file is learnt, and told what it is; or it is refused with everything that is wrong, and learnt with what is advised.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.experiment_options import make_experiment_from_options
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.load_dataset import load_dataset
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.problems import TableError


def rows(*lines: str, header: str = "", times: int = 1) -> str:
    return "\n".join([*([header] if header else []), *(lines * times)]) + "\n"


XY = ("6.10{0}3.16{0}15.35", "1.33{0}1.13{0}3.79", "7.51{0}8.30{0}23.31", "5.85{0}6.84{0}18.54")


def table(delimiter: str, header: str = "a{0}b{0}y") -> str:
    return rows(*(line.format(delimiter) for line in XY), header=header.format(delimiter))


NUMBERED = "".join(f"{index},{index % 7 / 10},{'AB'[index >= 15]}\n" for index in range(30))
LEARNT: dict[str, tuple[str, list[str], list[list[float]] | None]] = {
    "a line": (rows(*(f"{x},{2 * x + 1}" for x in range(1, 11)), header="x,y"), ["learns y, a number"], None),
    "house prices": (
        "sqft,price\n2104,399900\n1600,329900\n2400,369000\n1416,232000\n3000,539900\n1985,299900\n1534,329900\n",
        ["learns price, a number"],
        None,
    ),
    "stars": (
        rows("0.5,1", "0.7,5", "0.2,3", "0.3,2", "0.1,4", header="x,stars", times=4),
        ["learns stars, 5 classes"],
        None,
    ),
    "currency in front": ("a,y\n$ 1001.50,0.5\n$1076.50,1.5\n-$7,2.5\n", ["a [in $]"], [[1001.5], [1076.5], [-7]]),
    "currency behind": ("a;y\n1.001,50 €;0,5\n7 €;1,5\n", ["decimal comma, in €"], [[1001.5], [7]]),
    "thousands and percent": (
        'a,rate,y\n"18,611",73%,0.5\n"9,271",33%,1.5\n"1,016,455",64%,0.25\n',
        ["a [thousands with commas]", "rate [in %]"],
        [[18611, 73], [9271, 33], [1016455, 64]],
    ),
    "no-break spaces": (
        "a,y\n1\u00a0609,0.5\n132,1.5\n1\u202f750,2.5\n",
        ["thousands with spaces"],
        [[1609], [132], [1750]],
    ),
    "one unit": ("a,y\n3 km,0.5\n7.5 km,1.5\n", ["a [in km]"], [[3], [7.5]]),
    "negative in parentheses": ('a,y\n(5.25),0.5\n"1,234.00",1.5\n', ["thousands"], [[-5.25], [1234]]),
    "a minus behind the number": (
        "a;y\n252,30-;0,5\n1.234,00;1,5\n7,25-;2,5\n",
        ["decimal comma"],
        [[-252.3], [1234], [-7.25]],
    ),
    "marks with a minus": (rows("1-,0.5", "2,1.5", "2-,0.25", header="a,y", times=8), ["1 category (a)"], None),
    "Fortran": ("a,y\n6.0957D+00,0.5\n-1.5d-01,1.5\n", ["a)"], [[6.0957], [-0.15]]),
    "spaces after commas": ('name, a, y\nk, "6.10", 15.35\nm, "1.33", 3.79\n', ["1 category (name)"], None),
    "a row of units": (
        "a,b,y\nm,m,kg\n6,3,1.5\n1,1,3.7\n7,8,2.3\n5,6,1.8\n",
        ['line 2 names units: "m, m, kg"'],
        None,
    ),
    "names that are numbers": (
        rows("5.1,3.5,0", "4.9,3.0,1", header="0,1,2", times=5),
        ["line 1 names the columns"],
        None,
    ),
    "words, and years that go on, as names": (
        rows("Iceland,IS,5.1,3.5", "Iraq,IQ,4.9,3.0", header="Country,Code,1960,1961", times=5),
        ["line 1 names", "learns 1961, a number"],
        None,
    ),
    "a name that is a value by chance": (
        rows("Angola,AO", "India,ID", "Iraq,IQ", "Angola,AO", header="Country,ID", times=2),
        ["line 1 names", "8 rows"],
        None,
    ),
    "values in single quotes": ("'OBS' 'y'\n'1 a' 0.5\n'2 b' 1.5\n", ["(OBS)", "learns y"], None),
    "a delimiter behind the names alone": ("a,b,y,\n1,2,0.5\n3,4,1.5\n", ["2 numbers (a, b)", "2 rows"], None),
    "a title above two columns": ("Measurements,\na,y\n1,0.5\n2,1.5\n", ["line 2 names", "(a)"], None),
    "empty columns at the end": ("a,b,y,,\n1,2,0.5,,\n3,4,1.5,,\n", ["2 numbers (a, b)", "2 rows"], None),
    "notes above the names": (
        "Export of 2024\nPlace: X, Time: 12:00\n\na,b,y\n1,2,0.5\n3,4,1.5\n5,6,2.5\n",
        ['lines 1 to 2 are no rows: "Export of 2024"', "line 4 names", "3 rows"],
        None,
    ),
    "numbers that come again but are no codes": (
        rows(*(f"{index},{10 * (index * 3 % 11)}" for index in range(20)), header="x,y"),
        ["learns y, a number"],
        None,
    ),
    "years as names": (rows("5.1,3.5,0", "4.9,3.0,1", header="2019,2020,sold", times=5), ["line 1 names"], None),
    "words without names": (
        rows("x,x,o,positive", "o,x,b,negative", "x,o,x,positive", "x,x,b,negative", times=2),
        ["no line names the columns", "8 rows"],
        None,
    ),
    "words and numbers as categories": (
        rows("vhigh,2,2,unacc", "low,5more,4,acc", "low,3,more,acc", "vhigh,2,4,unacc", times=3),
        ["no line names", "3 categories", "12 rows"],
        None,
    ),
    "spaces": ("".join(f" {line}\n" for line in table("  ").splitlines()), ["spaces", "line 1 names"], None),
    "spaces and tabs": (
        '33.5   8   157.8\t"a b"\n29.0   8   276.7\t"c d"\n13.7   4   2.0\t"a b"\n',
        ["spaces", "3 rows"],
        None,
    ),
    "bars": (table("|"), ["pipes, line 1 names"], None),
    "numbered names": (
        rows("1. < HS Grad,2. Middle,0.5", "2. HS Grad,2. Middle,1.5", header="education,region,y", times=4),
        ["2 categories (education, region)"],
        None,
    ),
    "savetxt with its header": (
        "# a b y\n" + table(" ").partition("\n")[2],
        ["spaces", "line 1 names", "(a, b)"],
        None,
    ),
    "the line of a spreadsheet": ("sep=;\n" + table(";"), ["semicolons", "line 1 tells"], None),
    "a title": (
        "Measurements of 2024,,\n\n" + table(","),
        ['line 1 is no row: "Measurements of 2024"', "line 3 names"],
        None,
    ),
    "names one short, as R writes them": (
        "a b y\n1 0.5 2 1.5\n2 0.25 3 2.5\n3 0.75 9 3.5\n",
        ["(column 1, a, b)"],
        None,
    ),
    "decimal commas beside points for thousands": (
        "a;b;y\n1.234,50;1.000;1,5\n2,5;2.500;2,5\n",
        ["decimal comma"],
        [[1234.5, 1000], [2.5, 2500]],
    ),
    "UTF-16": ("drink,y\ncafé,0.5\nthé,1.5\n", ["UTF-16"], None),
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def write(file: Path, content: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(content.encode(encoding))
    return file


@pytest.mark.parametrize("kind", LEARNT)
def test_a_file_is_learnt_and_told_what_it_is(kind: str, file: Path) -> None:
    content, told, inputs = LEARNT[kind]
    data = read_csv(write(file, content, "utf-16" if kind == "UTF-16" else "utf-8"))
    assert len(data.decided) == 2
    for words in told:
        assert words in "\n".join(data.decided)
    if inputs is not None:
        assert data.inputs.tolist() == inputs
    assert data.lines is not None and len(data.lines) == len(data.inputs)


REFUSED: dict[str, tuple[str, list[str]]] = {
    "two columns of a name": ("x,y,y\n0.1,1,2.5\n0.2,1,3.5\n", ['columns 2 and 3 are both called "y"; --drop 2']),
    "two inputs of a name": ("x,x,y\n0.1,1,2.5\n0.2,1,3.5\n", ['columns 1 and 2 are both called "x"; --drop 2']),
    "dates": ("date,x,y\n2024-01-31,0.2,0.7\n2024-02-01,0.4,0.1\n", ['column "date": holds dates; --dates number']),
    "names to learn": (
        "age,fare,name\n" + "".join(f"{index},{index / 4},passenger {index}\n" for index in range(10)),
        ['column "name": every row has a class of its own, such as "passenger 0"', "--target fare --drop name"],
    ),
    "a number with a typing error": (
        "a,y\n" + "".join(f"{index / 3:.2f},{index % 2}\n" for index in range(40)) + "3.o4,1\n",
        ['line 42, column "a": "3.o4" is no number; --missing drop leaves the row out, --categories a'],
    ),
    "one word among decimal commas": (
        "Sales;x;y\n" + "".join(f"{index},{index % 7};{index * index % 7};{index % 2}\n" for index in range(60))
        + "abc;1;1\nTotal;;\n",
        ['column "Sales": 2 values', 'first "abc" in line 62; --missing drop leaves the rows out'],
    ),
    "one date written otherwise": (
        "when,x,y\n" + "".join(f"{1950 + index}/03/01,{index * index % 7},{index % 2}\n" for index in range(60))
        + "10.02.2012,1,1\n",
        ['line 62, column "when": "10.02.2012" is no date like the others; --missing drop leaves the row out'],
    ),
    "a number among dates": (
        "when,x,y\n41275,1,1\n" + "".join(f"01.03.{1950 + n},{n * n % 7},{n % 2}\n" for n in range(60)),
        ['line 2, column "when": "41275" is no date like the others; --missing drop leaves the row out'],
    ),
    "numbers of Python": ("a,y\n1_000,0.5\n2_000,1.5\n3,0.1\n", ['first "1_000" in line 2']),
    "a comma that can be both": ("a;y\n1,234;1\n2,345;2\n7,123;4\n", ['"1,234" can be 1234 or 1.234; --decimal .']),
    "two currencies": ("a,y\n$1,0.5\n$2,1.5\n€7,0.5\n", ['line 4, column "a": "€7" is written otherwise']),
    "two currencies in letters": ("a,y\nUSD 1,0.5\nUSD 2,1.5\nEUR 7,0.5\n", ['line 4, column "a": "EUR 7"']),
    "an empty column": ("a,b,y\n1,,0.5\n2,,1.5\n", ['column "b": has no values; --drop b']),
    "a column of text": (
        "note,x,y\n" + "".join(f"remark {index},{index},{index % 2}\n" for index in range(60)),
        ['column "note": 60 different words, such as "remark 0", and at most 50'],
    ),
    "a last line of totals": (
        rows("0.1,0.5,a", "0.4,0.2,b", "0.3,0.9,a", header="x,z,kind", times=8) + ",,Total\n",
        [
            'line 26, column "x": the value is missing; --missing drop leaves the row out\n',
            "with --missing drop the file",
        ],
    ),
    "names that stand again, as in joined files": (
        2 * rows("0.1,0.5,0", "0.4,0.2,1", "0.3,0.9,0", header="x,z,y", times=8),
        ['line 26, column "x": "x" is no number; --missing drop leaves the row out', "with --missing drop the file"],
    ),
    "several at once": (
        "name,age,sex,when,y\n" + "".join(
            f"N{index},{'' if index % 3 else index},{'fm'[index % 2] if index % 5 else ''},2024-01-{index + 1:02},"
            f"{index % 2}\n"
            for index in range(20)
        ) + "short,1\n",
        [
            "5 problems",
            "line 22: 2 values, but the first line has 5; --missing drop leaves the row out",
            'column "name": every row has a word of its own, such as "N0", which is no category; --drop name',
            'column "age": missing in 13 rows, first line 3; --missing drop leaves the rows out, --missing mean',
            'column "sex": missing in 4 rows, first line 2',
            'column "when": holds dates',
            "with --missing drop --drop name --dates number the file can be learnt",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_is_refused_once_with_everything_and_learnt_with_what_is_advised(kind: str, file: Path) -> None:
    content, told = REFUSED[kind]
    with pytest.raises(TableError) as caught:
        read_csv(write(file, content))
    for words in told:
        assert words in str(caught.value)
    assert caught.value.cure, "every one of these can be helped with options"
    experiment = make_experiment_from_options(None, str(file), caught.value.cure)
    assert len(load_dataset(experiment.data).inputs) > 1


@pytest.mark.parametrize("target", ["x", "y", "colour"])
def test_what_no_option_helps_against_is_told_without_one(file: Path, target: str) -> None:
    write(file, "x,colour,y\n1,red,2\n")
    with pytest.raises(TableError, match="line 2: this is the only row; at least two are needed, and many") as caught:
        read_csv(file, FileOptions(target=target))
    assert not caught.value.cure and "--" not in str(caught.value)
    write(file, "x,colour,y\n1,red,2\n1,red,2\n")
    with pytest.raises(TableError, match="every row has the same class") as caught:
        read_csv(file, FileOptions(target=target))
    assert not caught.value.cure and "--" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        rows("9,5,138,1", "12,5,140,0", "9,7,160,1", header="price,income,bought", times=3),
        rows("12,5,138", "9,5,140", "31,7,160", header="price,income"),
        rows("a,5,138", "b,5,140", "a,7,160", header="shop,income"),
        rows("9,5,138,1,2,5", "9,6,138,4,2,5", header="price,income,rate"),
    ],
)
def test_a_line_of_names_that_is_one_short_is_refused_unless_the_first_column_names_rows(
    file: Path, content: str
) -> None:
    with pytest.raises(GradstepError, match=r"line 1: \d names, but \d values in each row; are there decimal commas"):
        read_csv(write(file, content))
    other = write(file, rows("12 1.5 0.5", "9 2.5 1.5", "31 3.5 2.5", header="income y"))
    assert read_csv(other).feature_names == ("column 1", "income")
    other = write(file, rows("12,1.5,0.5", "9,2.5,1.5", "31,3.5,2.5", header="income,y"))
    assert read_csv(other).feature_names == ("column 1", "income")
    other = write(file, rows("Mazda,4,15", "Fiat,2,25", header="gears,y"))
    assert read_csv(other).feature_names[-1] == "gears"


@pytest.mark.parametrize(
    ("missing", "names", "first", "count"),
    [
        ("drop", ["age", "sex=f", "sex=m"], [4, 1, 0], 2),
        ("mean", ["age", "sex=f", "sex=m"], [3, 1, 0], 4),
        ("own-category", ["age", "age=missing", "sex=f", "sex=m", "sex=missing"], [3, 1, 1, 0, 0], 4),
    ],
)
def test_missing_values(file: Path, missing: str, names: list[str], first: list[float], count: int) -> None:
    # a row without a target teaches nothing, whatever is done about the others
    write(file, "age,sex,y\n?,f,0.5\n4,f,1.5\n2,m,2.5\n,NA,3.5\n1,f,\n")
    data = read_csv(file, FileOptions(missing=missing))
    assert list(data.feature_names) == names and len(data.inputs) == count
    assert data.inputs[0].tolist() == first
    assert data.lines is not None and data.lines[-1] == (4 if missing == "drop" else 5)
    assert f"{5 - count} left out" in data.decided[0]


def test_nothing_is_filled_in_where_nothing_is_known(file: Path) -> None:
    write(file, "a,b,y\n7,1,\n?,2,0.5\n?,3,1.5\n")
    with pytest.raises(TableError, match='column "a": has no values in the rows with a target; --drop a'):
        read_csv(file, FileOptions(missing="mean"))
    write(file, "a,y\n1e308,0.5\n1e308,1.5\n,2.5\n")
    assert read_csv(file, FileOptions(missing="mean")).inputs[2] == 1e308


def test_columns_are_chosen_by_name_and_by_number(file: Path) -> None:
    write(file, 'a,"b, c",d,y\n1,2,3,0.5\n4,5,6,1.5\n')
    assert read_csv(file, FileOptions(drop=("b, c",))).feature_names == ("a", "d")
    assert read_csv(file, FileOptions(drop=("2", "y"))).target_names == ("d",)
    assert read_csv(file, FileOptions(columns=("d", "a"))).feature_names == ("a", "d")
    assert read_csv(file, FileOptions(columns=("a", "y"))).target_names == ("y",)
    assert read_csv(file, FileOptions(target="a", columns=("3",))).feature_names == ("d",)
    assert read_csv(file, FileOptions(categories=("a",))).feature_names == ("a=1", "a=4", "b, c", "d")
    for options in (FileOptions(drop=("z",)), FileOptions(columns=("7",)), FileOptions(drop=("y",), target="y")):
        with pytest.raises(GradstepError, match=r"data\.(drop|columns)"):
            read_csv(file, options)


@pytest.mark.parametrize(
    ("written", "value"),
    [("2024-01-02", 19724), ("2024-01-02T12:00:00Z", 19724.5), ("02.01.2024", 19724), ("Jan 2, 2024", 19724)],
)  # fmt: skip
def test_dates_become_days_or_parts(file: Path, written: str, value: float) -> None:
    other = written.replace("2024", "2025")
    write(file, f'when,y\n"{written}",0.5\n"{other}",1.5\n')
    assert read_csv(file, FileOptions(dates="number")).inputs[0].tolist() == [value]
    parts = read_csv(file, FileOptions(dates="parts"))
    assert parts.feature_names == ("when year", "when weekday") and parts.inputs[:, 0].tolist() == [2024, 2025]
    write(file, f'when,y\n"{written}",0.5\n"{other}",1.5\n?,2.5\n')
    mean = read_csv(file, FileOptions(dates="parts", missing="mean"))
    # in the middle between the two dates
    assert mean.inputs[2].tolist() == [2024, 2]


def warnings_of(file: Path, content: str, options: FileOptions = FileOptions()) -> list[str]:  # noqa: B008
    return list(read_csv(write(file, content), options).warnings)


def test_what_will_not_teach_what_was_meant_is_pointed_out(file: Path) -> None:
    assert warnings_of(file, "customer,x,y\n" + NUMBERED) == [
        'column "customer" counts the rows; --drop customer leaves it out',
        'column "customer" gives "y" away: it alone tells every class; --drop customer leaves it out',
    ]
    shuffled = [37, 12, 81, 55, 4, 96, 23, 68, 40, 19, 77, 31]
    ids = "user_id,x,y\n" + "".join(f"{number},{index % 3 / 7},{index % 2}\n" for index, number in enumerate(shuffled))
    assert warnings_of(file, ids) == [
        'column "user_id" has a number of its own in every row; --drop user_id leaves it out'
    ]
    near = 0.1 + 0.2
    same = "a,b,c,y\n" + "".join(
        f"k,{near if index % 2 else 0.3!r},{index * 7 % 5},{index % 2}\n" for index in range(12)
    )
    assert warnings_of(file, same) == ['columns "a" and "b" are the same in every row; --drop a,b leaves them out']
    alone = "".join(f"{index},{index * index % 7 / 2}\n" for index in range(12))
    assert warnings_of(file, alone) == ['column "column 1" counts the rows']
    assert warnings_of(file, "x,y\n" + "".join(f"3,{index / 2}\n" for index in range(12))) == [
        'column "x" is the same in every row'
    ]
    measured = "celsius,z,fahrenheit\n" + "".join(f"{t / 7},{t % 5},{t / 7 * 1.8 + 32}\n" for t in range(40))
    assert (
        'column "celsius" gives "fahrenheit" away: it alone is an exact measure of it' in warnings_of(file, measured)[0]
    )
    wages = [(n * 37 % 101) ** 2 / 7 + 10 for n in range(100)]
    for give_away in (math.log, lambda wage: round(1e4 / wage, 2), math.sqrt):
        listed = "".join(f"{n % 9},{give_away(wage):.5f},{wage:.3f}\n" for n, wage in enumerate(wages))
        (warning,) = warnings_of(file, "age,hint,wage\n" + listed)
        assert warning.startswith('column "hint" gives "wage" away: rows sorted by it are sorted by "wage" as well, or')
    noisy = "".join(f"{n % 9},{wage + n % 13:.3f},{wage:.3f}\n" for n, wage in enumerate(wages))
    few = "".join(f"{n % 9},{n * 37 % 101},{n * 37 % 101 // 10}\n" for n in range(100))
    time = "".join(f"{n % 9},{1900 + n},{n**2 / 7}\n" for n in range(100))
    for content in (noisy, few, time):
        assert not any("sorted" in warning for warning in warnings_of(file, "age,hint,wage\n" + content))
    parts = "casual,registered,temp,all\n" + "".join(
        f"{n * n % 17},{n * 5 % 13},{n % 9},{n * n % 17 + n * 5 % 13}\n" for n in range(60)
    )
    assert 'columns "casual" and "registered" give "all" away: they add up to it' in warnings_of(file, parts)[0]
    rare = "x,y\n" + "".join(f"{index % 11},{'common' if index else 'single'}\n" for index in range(30))
    assert warnings_of(file, rare) == ['class "single" has one row, which cannot be both learnt and tested']
    rare = "x,y\n" + "".join(f"{index % 11},{'common' if index > 3 else 'rare'}\n" for index in range(60))
    assert warnings_of(file, rare) == ['class "rare" is rare: 4 of 60 rows']
    codes = "plz,z,y\n" + "".join(f"{(n * 7919 + 1067) % 99999:05},{n % 7},{n * 5 % 7 / 2}\n" for n in range(40))
    told = 'column "plz" has leading zeros, as codes have, and is taken as numbers; --categories plz takes it as words'
    assert warnings_of(file, codes) == [told]
    assert not warnings_of(file, codes, FileOptions(categories=("plz",)))
    decimals = "plz,z,y\n" + "".join(f"0{n % 6}.5,{n % 7},{n * 5 % 7 / 2}\n0,1,1\n" for n in range(40))
    assert not warnings_of(file, decimals)
    cases = "sold,z,y\n" + "".join(f"{('Yes', 'no', 'YES')[n % 3]},{n % 7},{'kK'[n % 2]}\n" for n in range(40))
    assert warnings_of(file, cases) == [
        'column "sold": "YES" and "Yes" are two categories that differ only by case',
        'column "y": "K" and "k" are two classes that differ only by case',
    ]
    months = "when,y\n" + "".join(f"2024-{1 + n % 3:02},{n * 5 % 7 / 2}\n" for n in range(30))
    assert warnings_of(file, months) == [
        'column "when" holds 3 different dates, each of which is a category; --dates number makes numbers of them'
    ]
    dates = "when,y\n" + "".join(f"0{1 + n % 9}/0{1 + n % 7}/2024,{n % 4}.5\n" for n in range(20))
    assert warnings_of(file, dates, FileOptions(dates="number")) == [
        'column "when": its dates are read with the month first'
    ]


def test_the_century_of_years_of_two_digits_is_told_with_an_example(file: Path) -> None:
    dates = "when,y\n" + "".join(f"{1 + n % 28:02}.01.{60 + n},{n % 4}.5\n" for n in range(30))
    assert warnings_of(file, dates, FileOptions(dates="number")) == [
        'column "when": years of two digits from 69 on are read as 19xx, and those below as 20xx: '
        'the year of "09.01.68" is 2068'
    ]


def test_dates_that_are_written_in_several_ways_are_told_and_words_beside_dates_are_not(file: Path) -> None:
    mixed = "when,y\n" + "".join(f"0{1 + n % 4}.01.2024,{n % 5}.5\n2024-01-0{5 + n % 4},{n % 7}.5\n" for n in range(30))
    told = 'column "when" is taken as words, because its dates are written in 2 ways, such as "01.01.2024" and '
    told += '"2024-01-05"; written in one way they are read as dates'
    assert told in warnings_of(file, mixed)
    assert told not in warnings_of(file, mixed, FileOptions(categories=("when",)))
    assert not any("ways" in line for line in warnings_of(file, mixed.replace("2024-01-05", "later")))


def test_rows_that_are_left_out_for_a_typing_error_are_told(file: Path) -> None:
    content = "a,y\n" + "".join(f"{index / 3:.2f},{index / 2}\n" for index in range(12)) + "3.o4,1\n"
    assert warnings_of(file, content, FileOptions(missing="drop")) == [
        'column "a": 1 value is no number, such as "3.o4" in line 14; its row is left out'
    ]


def test_nothing_is_pointed_out_about_a_plain_table(file: Path) -> None:
    rng = np.random.default_rng(0)
    lines = (f"{a:.3f},{b:.3f},{'uv'[int(a > b)]}" for a, b in rng.normal(size=(60, 2)))
    assert warnings_of(file, rows(*lines, header="a,b,kind")) == []


def test_the_encoder_reads_another_file_as_the_first_one(file: Path, tmp_path: Path) -> None:
    write(file, "when;price;colour;y\n2024-01-01;1.234,50 €;red;a\n2024-01-05;7 €;blue;b\n2024-02-01;?;red;a\n")
    data = read_csv(file, FileOptions(missing="own-category", dates="parts"))
    encoder = data.encoder
    assert isinstance(encoder, TableEncoder)
    other = write(tmp_path / "new.csv", 'extra,colour,price,when\nx,blue,"1.234,50 €",2024-01-05\n')
    inputs = encoder.encode(encoder.read_table(other))
    assert dict(zip(data.feature_names, inputs[0].tolist(), strict=True)) == {
        "when month": 1,
        "when day": 5,
        "when weekday": 4,
        "price": 1234.5,
        "price=missing": 0,
        "colour=blue": 1,
        "colour=red": 0,
    }
    bad = write(tmp_path / "bad.csv", "colour,when\ngreen,2024-01-05\nblue,soon\n")
    with pytest.raises(TableError) as caught:
        encoder.encode(encoder.read_table(bad))
    assert [problem.describe() for problem in caught.value.problems] == [
        'there is no column "price": there are "colour" or "when"',
        'line 3, column "when": "soon" is no date like the others; a date is expected as 2026-01-31',
        'line 2, column "colour": "green" was not there in training; known are "blue" or "red"',
    ]
