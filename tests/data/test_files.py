"""A person's own CSV file."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from core.errors import GradstepError
from data.files import read_csv

FLOWERS = "length,width,species\n1,2.5,rose\n3,4,tulip\n5,6,rose\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "flowers.csv"


def test_the_last_column_is_the_target_and_the_others_are_features(file: Path) -> None:
    file.write_text(FLOWERS)
    data = read_csv(file)
    assert data.inputs.tolist() == [[1, 2.5], [3, 4], [5, 6]]
    assert data.feature_names == ("length", "width")
    assert data.labels is not None and data.labels.tolist() == [0, 1, 0]
    assert (data.name, data.task, data.class_names) == ("flowers", "classification", ("rose", "tulip"))


def test_the_target_can_be_named(file: Path) -> None:
    file.write_text("kind,size\na,1\nb,2\n")
    data = read_csv(file, "kind")
    assert data.class_names == ("a", "b") and data.inputs.tolist() == [[1], [2]]


def test_few_whole_numbers_are_classes_in_the_order_of_numbers(file: Path) -> None:
    file.write_text("x,y\n1,10\n2,2\n3,10.0\n")
    assert read_csv(file).class_names == ("2", "10")


def test_other_numbers_are_a_quantity(file: Path) -> None:
    file.write_text("x,y\n1,0.5\n2,2\n")
    data = read_csv(file)
    assert data.task == "regression" and data.labels is None
    assert data.targets is not None and data.targets.tolist() == [[0.5], [2]]


@pytest.mark.parametrize(("distinct", "task"), [(20, "classification"), (21, "regression")])
def test_more_than_20_whole_numbers_are_a_quantity(file: Path, distinct: int, task: str) -> None:
    file.write_text("x,y\n" + "".join(f"0,{number}\n" for number in range(distinct)))
    assert read_csv(file).task == task


def test_a_gzipped_file_is_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "flowers.csv.gz"
    file.write_bytes(gzip.compress(FLOWERS.encode()))
    data = read_csv(file)
    assert data.name == "flowers" and data.inputs.shape == (3, 2)


def test_a_byte_order_mark_quotes_and_empty_lines_do_no_harm(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf"x",y\r\n"1","a, b"\r\n\r\n2,c\r\n')
    data = read_csv(file)
    assert data.feature_names == ("x",) and data.class_names == ("a, b", "c")


def test_comments_before_the_header_may_name_the_source(file: Path) -> None:
    file.write_text("# mine\n# source: my garden\n" + FLOWERS)
    assert read_csv(file).source == "my garden"


def test_without_such_a_comment_the_source_is_the_path(file: Path) -> None:
    file.write_text(FLOWERS)
    assert read_csv(file).source == str(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x,y\n1,a\nfar,b\n", 'line 3, column "x": "far" is not a finite number'),
        ("# one\n# two\nx,y\n1,a\n,b\n", 'line 5, column "x": "" is not a finite number'),
        ('x,y\n1,"a\nb"\nnan,b\n', 'line 4, column "x": "nan" is not a finite number'),
        ("x,y\n1,0.5\n2,inf\n3,0.5\n", 'line 3, column "y": "inf" is not a finite number'),
        ("x,y\n1,a\n2,\n", 'line 3, column "y": the target is missing'),
        ("x,y\n1,a\n2\n", "line 3: 1 values, but the header has 2"),
        ("x,y\n1,a\n2,a\n", 'column "y": every row has the same class, a; at least two classes are needed'),
        ("x,y\n1,7\n2,7\n", 'column "y": every row has the same class, 7; at least two classes are needed'),
        ("x\n1\n", "has one column only"),
        ("x,y\n", "holds no rows"),
        ("", "holds no rows"),
    ],
)
def test_a_wrong_file_gets_one_line_with_the_place(file: Path, content: str, message: str) -> None:
    file.write_text(content)
    with pytest.raises(GradstepError) as error:
        read_csv(file)
    assert str(error.value).startswith(str(file)) and message in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_target_is_an_error_with_the_nearest_column(file: Path) -> None:
    file.write_text(FLOWERS)
    with pytest.raises(GradstepError, match=r'no column "specis".*did you mean "species"\?'):
        read_csv(file, "specis")


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(GradstepError, match=r"flowers\.csv: no such file"):
        read_csv(file)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match="cannot be read: Is a directory"):
        read_csv(tmp_path)


def test_bytes_that_are_no_text_are_located(file: Path) -> None:
    file.write_bytes(b"x,y\n1,caf\xe9\n")
    with pytest.raises(GradstepError, match="not UTF-8 text: byte 9 is 0xe9"):
        read_csv(file)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(FLOWERS.encode())[:-12]])
def test_a_damaged_gzip_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "flowers.csv.gz"
    file.write_bytes(content)
    with pytest.raises(GradstepError, match="damaged or cut short"):
        read_csv(file)


def test_features_are_float64(file: Path) -> None:
    file.write_text(FLOWERS)
    assert read_csv(file).inputs.dtype == np.float64
