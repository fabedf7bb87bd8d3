"""The values of a row as they stand in its file."""

from pathlib import Path

from gradstep.data.formats.csv_file import read_csv
from gradstep.tui.drawing.row_values import list_values


def test_a_column_of_words_has_its_word_in_place_of_the_inputs_that_stand_for_it(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("age,town,y\n" + "31.5,Bonn,0.5\n40,Köln,1.5\n" * 3, encoding="utf-8")
    dataset = read_csv(file)
    assert dataset.feature_names == ("age", "town=Bonn", "town=Köln")
    assert list_values(dataset, dataset.inputs[0]) == [("age", "31.50"), ("town", "Bonn")]
    assert list_values(dataset, dataset.inputs[1]) == [("age", "40"), ("town", "Köln")]
