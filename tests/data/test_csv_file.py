"""Reading a CSV file."""

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.csv_file import read_csv
from tests.data.files import Terminal

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
    data = read_csv(file, FileOptions(target="kind"))
    assert data.class_names == ("a", "b") and data.inputs.tolist() == [[1], [2]]


def test_a_row_may_add_up_to_more_than_a_float_can_hold(file: Path) -> None:
    file.write_text("x1,x2,y\n1e308,1e308,0.5\n2,-2,1.5\n")
    assert read_csv(file).inputs.tolist() == [[1e308, 1e308], [2, -2]]


def test_infinities_that_cancel_are_refused_all_the_same(file: Path) -> None:
    file.write_text("x1,x2,y\n1,2,0.5\ninf,-inf,1.5\n")
    with pytest.raises(GradstepError, match=r'line 3, column "x1": "inf" is infinite'):
        read_csv(file)


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
    file.write_text("x,y\n" + "".join(f"0,{number}\n" for number in range(distinct)) * 2)
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


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("delimiter", [",", ";", " "])
def test_a_quote_that_is_never_closed_is_told_with_its_line(file: Path, end: str, last: str, delimiter: str) -> None:
    lines = ["a,b,y", *(f"{row},w{row % 3},{row % 2}" for row in range(20))]
    lines[6] = '5,"w2,1'
    file.write_bytes((end.join(lines).replace(",", delimiter) + (end if last else "")).encode())
    with pytest.raises(GradstepError, match=r"\.csv: the quote opened in line 7 is never closed$"):
        read_csv(file, FileOptions(missing="drop"))


def test_comments_before_the_header_may_name_the_source(file: Path) -> None:
    file.write_text("# mine\n# source: my garden\n" + FLOWERS)
    assert read_csv(file).source == "my garden"


def test_without_such_a_comment_the_source_is_the_path(file: Path) -> None:
    file.write_text(FLOWERS)
    assert read_csv(file).source == str(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x,y\n1,a\nfar,b\n", 'line 3, column "x": "far" is no number'),
        ("# one\n# two\nx,y\n1,a\n,b\n", 'line 5, column "x": the value is missing; --missing drop leaves the row out'),
        ('x,y\n1,"a\nb"\nnan,b\n', 'line 4, column "x": the value is missing'),
        ("x,y\n1,0.5\n2,1e999\n3,0.5\n", 'line 3, column "y": "1e999" is too large a number'),
        ("x,y\n1,0.5\n2,inf\n3,0.5\n", 'line 3, column "y": "inf" is infinite'),
        ("x,y\n1,a\n2,\n", 'line 3, column "y": the value is missing'),
        ("x,y\n1,a\n2\n", "line 3: 1 values, but the first line has 2"),
        ("x,y\n1,a\n2,a\n", 'column "y": every row has the same class, a; at least two classes are needed'),
        ("x,y\n1,7\n2,7\n", 'column "y": every row has the same class, 7; at least two classes are needed'),
        ("x\n1\n", "has one column only"),
        ("x,y\n", "holds no rows"),
        ("", "holds no rows"),
    ],
)
def test_a_wrong_file_is_an_error_with_line_and_column(file: Path, content: str, message: str) -> None:
    file.write_text(content)
    with pytest.raises(GradstepError) as error:
        read_csv(file)
    assert str(error.value).startswith(str(file)) and message in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_target_is_an_error_with_the_nearest_column(file: Path) -> None:
    file.write_text(FLOWERS)
    with pytest.raises(GradstepError, match=r'no column "specis".*did you mean "species"\?'):
        read_csv(file, FileOptions(target="specis"))


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(GradstepError, match=r"flowers\.csv: no such file"):
        read_csv(file)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match="cannot be read: Is a directory"):
        read_csv(tmp_path)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_the_encoding_is_found_and_told(file: Path, encoding: str, told: str) -> None:
    file.write_bytes("x,drink\n1,café\n2,thé\n3,café\n".encode(encoding))
    data = read_csv(file)
    assert data.class_names == ("café", "thé") and data.decided[0].startswith(told)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(FLOWERS.encode())[:-12]], ids=["no gzip", "cut short"])
def test_a_damaged_gzip_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "flowers.csv.gz"
    file.write_bytes(content)
    with pytest.raises(GradstepError, match="damaged or cut short"):
        read_csv(file)


def test_features_are_float64(file: Path) -> None:
    file.write_text(FLOWERS)
    assert read_csv(file).inputs.dtype == np.float64


def test_a_spreadsheets_file_is_read_with_decimal_commas(file: Path) -> None:
    file.write_bytes('\ufeff"Länge";"Größe, in cm";Art\r\n1,5;2;"Rose, rot"\r\n-0,25;3,0;Tulpe\r\n'.encode())
    data = read_csv(file, FileOptions(decimal=","))
    assert data.inputs.tolist() == [[1.5, 2], [-0.25, 3]]
    assert data.feature_names == ("Länge", "Größe, in cm")
    assert data.class_names == ("Rose, rot", "Tulpe")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_guessed(file: Path, delimiter: str) -> None:
    file.write_text(FLOWERS.replace(",", delimiter))
    assert read_csv(file).inputs.tolist() == [[1, 2.5], [3, 4], [5, 6]]


@pytest.mark.parametrize("end", [",\n", ",\r\n"])
def test_lines_may_end_with_a_delimiter(file: Path, end: str) -> None:
    file.write_text(FLOWERS.replace("\n", end))
    data = read_csv(file)
    assert (data.feature_names, data.class_names) == (("length", "width"), ("rose", "tulip"))
    assert data.inputs.tolist() == [[1, 2.5], [3, 4], [5, 6]]


def test_a_value_after_the_last_delimiter_is_one_too_many(file: Path) -> None:
    file.write_text(FLOWERS.replace("\n", ",\n") + "7,8,rose,9\n")
    with pytest.raises(GradstepError, match="line 5: 4 values, but the first line has 3"):
        read_csv(file)


def test_a_quote_that_is_not_closed_in_a_long_file_is_told_as_what_may_be_wrong(file: Path) -> None:
    file.write_text('a,b,y\n1,"2,0\n' + "3,4,1\n" * 30_000)
    with pytest.raises(GradstepError, match=r"field limit .*; a quote may be opened above and never closed"):
        read_csv(file)


def test_a_field_too_long_for_a_table_gets_one_line(file: Path) -> None:
    file.write_text(FLOWERS + "7,8," + "z" * 200_000 + "\n")
    with pytest.raises(GradstepError, match="line 5: field larger than"):
        read_csv(file)


def test_commas_in_every_name_are_no_delimiter_beside_semicolons(file: Path) -> None:
    file.write_text("size, in cm;kind, of flower\n1;rose\n2;tulip\n")
    assert read_csv(file).feature_names == ("size, in cm",)


def test_without_a_header_columns_have_numbers(file: Path) -> None:
    file.write_text("5.1,3.5,setosa\n4.9,3,setosa\n7,3.2,versicolor\n")
    data = read_csv(file)
    assert len(data.inputs) == 3
    assert (data.feature_names, data.target_names) == (("column 1", "column 2"), ("column 3",))


def test_a_word_above_a_number_makes_a_header(file: Path) -> None:
    file.write_text("2019,2020,sold\n1,2,0.5\n3,4,0.7\n")
    assert read_csv(file).feature_names == ("2019", "2020")


def test_the_target_can_be_a_number_from_1(file: Path) -> None:
    file.write_text("kind,size\na,1\nb,2\n")
    assert (
        read_csv(file, FileOptions(target=1)).class_names
        == read_csv(file, FileOptions(target="1")).class_names
        == ("a", "b")
    )


def test_a_name_wins_over_the_number_that_it_looks_like(file: Path) -> None:
    file.write_text("2,x,1\n1,2.5,a\n3,4.5,b\n")
    assert read_csv(file, FileOptions(target="2")).feature_names == ("x", "1=a", "1=b")
    assert read_csv(file, FileOptions(target=2)).feature_names == ("2", "1=a", "1=b")


def test_a_number_past_the_last_column_is_refused(file: Path) -> None:
    file.write_text(FLOWERS)
    with pytest.raises(GradstepError, match=r"has no column 4: data\.target must be a number from 1 to 3"):
        read_csv(file, FileOptions(target=4))


def test_each_word_of_a_category_becomes_a_feature_in_the_columns_place(file: Path) -> None:
    file.write_text("size,colour,width,kind\n1,red,5,a\n2,blue,6,b\n3,red,7,a\n")
    data = read_csv(file)
    assert data.feature_names == ("size", "colour=blue", "colour=red", "width")
    assert data.inputs.tolist() == [[1, 0, 1, 5], [2, 1, 0, 6], [3, 0, 1, 7]]


def test_a_column_of_names_is_no_category(file: Path) -> None:
    file.write_text("name,y\n" + "".join(f"n{number},{number % 2}\n" for number in range(51)))
    with pytest.raises(GradstepError, match=r'column "name": 51 different words, such as "n0", and at most 50'):
        read_csv(file)


def test_a_column_that_begins_with_a_word_and_goes_on_with_numbers_is_refused(file: Path) -> None:
    file.write_text("x,y\nfar,0\n2.5,1\n")
    with pytest.raises(GradstepError, match=r'line 2, column "x": "far" is no number; --categories'):
        read_csv(file)


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "NaN", "null", "?"])
def test_a_missing_value_is_located(file: Path, cell: str) -> None:
    file.write_text(f"x,colour,y\n1,red,0\n2,{cell},1\n")
    with pytest.raises(GradstepError, match=r'line 3, column "colour": the value is missing'):
        read_csv(file)


@pytest.mark.parametrize(("task", "names"), [("classification", ("0.5", "2.0")), ("regression", ())])
def test_the_task_can_be_given(file: Path, task: str, names: tuple[str, ...]) -> None:
    file.write_text("x,y\n1,0.5\n2,2\n")
    data = read_csv(file, FileOptions(task=task))
    assert (data.task, data.class_names) == (task, names)


def test_rows_of_empty_cells_are_left_out(file: Path) -> None:
    file.write_text("x;y\n1;a\n;\n2;b\n;\n")
    assert read_csv(file).inputs.tolist() == [[1], [2]]


def test_progress_is_shown_for_a_large_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    file.write_text(FLOWERS + "7,8,rose\n" * 300_000)
    read_csv(file)
    shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "\rreading flowers.csv 39%" in shown and shown.endswith("\r\x1b[K")


def test_the_line_about_an_error_stands_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    file.write_text(FLOWERS + "7,8,rose\n" * 300_000 + "7,,rose\n")
    with pytest.raises(GradstepError, match="line 300005"):
        read_csv(file)
    assert sys.stderr.getvalue().endswith("\r\x1b[K")  # type: ignore[attr-defined]
