"""Predictions of new rows: those of the screen, bit for bit, without the data that were learnt."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.divergence import Diverged
from gradstep.data import registry
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.far_inputs import describe_far_inputs
from gradstep.data.formats.npz_inputs import read_npz_rows
from gradstep.data.model_file import read_model, write_model
from gradstep.data.new_rows import read_new_rows
from gradstep.data.prediction import write_predictions
from gradstep.data.run import Run
from gradstep.data.trained_model import TrainedModel, make_model

CARS = "weight,colour,doors,price\n" + "".join(
    f"{1000 + 7 * n},{('red', 'blue', 'light green')[n % 3]},{2 + n % 4},{(n % 13) * 1000.25 + 500}\n"
    for n in range(60)
)
FLOWERS = ("rose", "tulip", '"lily, white"')
KINDS = "size,colour,kind\n" + "".join(f"{n / 7},{('red', 'blue')[n % 2]},{FLOWERS[n % 3]}\n" for n in range(60))


def trained(data: dict[str, Any], network: dict[str, Any] | None = None, steps: int = 40) -> Run:
    run = assemble(make_experiment({"data": data, "network": network or {}}))
    run.trainer.run(lambda: False, until=steps)
    return run


def predict(model: TrainedModel, path: Path) -> tuple[list[list[str]], tuple[str, ...]]:
    """The table of predictions, its header first, and the notes."""
    rows = read_new_rows(path, model.preprocessing.encoder, model.experiment.data.file_options)
    return list(csv.reader(io.StringIO(write_predictions(model, rows)))), rows.notes


def through_files(run: Run, folder: Path) -> TrainedModel:
    """The model after a checkpoint and a model file."""
    write_checkpoint(folder / "c", run.checkpoint(1.0))
    (folder / "m").write_bytes(write_model(make_model(read_checkpoint(folder / "c"))))
    return read_model(folder / "m")


def shown_outputs(run: Run) -> dict[int, np.ndarray]:
    """What the output panel shows of every row of the data: the outputs, for a regression in the units of the data."""
    shown = {}
    for part, rows in (("training", run.split.train_rows), ("test", run.split.test_rows)):
        for index, row in enumerate(rows.tolist()):
            outputs = take_snapshot(run.trainer, ExampleIndex(part, index)).example.outputs  # type: ignore[arg-type]
            shown[row] = outputs if run.dataset.class_names else run.split.target_scaling.undo(outputs)
    return shown


def as_bits(values: Any) -> list[bytes]:
    return [np.float64(value).tobytes() for value in values]


TABLES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a number in its unit": (CARS, {}, {}),
    "a number in float32": (CARS, {"scale": "minmax"}, {"dtype": "float32"}),
    "classes": (KINDS, {}, {}),
    "classes in float32": (KINDS, {}, {"dtype": "float32", "hidden": [64, 64]}),
    "classes without a hidden layer": (KINDS, {"scale": "none"}, {"hidden": []}),
    "scores of classes": (KINDS, {}, {"output": "tanh"}),
    "two classes": (KINDS.replace("tulip", "rose"), {}, {}),
    "scores of two classes": (KINDS.replace("tulip", "rose"), {}, {"output": "linear"}),
    "two classes of a softmax": (KINDS.replace("tulip", "rose"), {}, {"output": "softmax"}),
}


@pytest.mark.parametrize("name", TABLES)
def test_predictions_are_what_the_screen_shows_bit_for_bit(name: str, tmp_path: Path) -> None:
    text, data, network = TABLES[name]
    file = tmp_path / "data.csv"
    file.write_text(text)
    run = trained({"path": str(file), **data}, network)
    model = through_files(run, tmp_path)
    # the data that were learnt are not needed, and the columns of the new ones come in another order
    header, *rows = csv.reader(io.StringIO(text))
    file.unlink()
    columns = [2, 0, 1] if len(header) == 3 else [1, 3, 0, 2]
    new = tmp_path / "new.csv"
    with new.open("w", newline="") as opened:
        csv.writer(opened).writerows([[row[index] for index in columns] for row in (header, *rows)])
    (titles, *lines), notes = predict(model, new)
    shown, labels = shown_outputs(run), run.dataset.labels
    assert len(lines) == len(rows) == len(shown)
    assert not notes
    for row, line in enumerate(lines):
        expected, numbers = shown[row], [*map(float, line[labels is not None :])]
        if labels is not None:
            assert line[0] == run.dataset.class_names[run.trainer.classify(expected[None])[0]]
        if len(numbers) > len(expected):
            assert as_bits(numbers) == as_bits([1 - float(expected[0]), expected[0]])
        else:
            assert as_bits(numbers) == as_bits(expected)
    assert titles[0] == f"predicted_{header[-1]}"
    if labels is None:
        assert titles == ["predicted_price"]
    elif model.gives_probabilities:
        assert titles[1:] == [f"probability_{each}" for each in run.dataset.class_names]
    else:
        assert titles[1:] == (
            ["output"] if len(titles) == 2 else [f"output_{each}" for each in run.dataset.class_names]
        )


def test_images_and_features_are_predicted_as_on_the_screen(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (40, 4, 5), np.uint8), np.arange(40) % 3
    np.savez(tmp_path / "images.npz", x=images, y=labels)
    run = trained({"path": str(tmp_path / "images.npz")})
    (_, *lines), _ = predict(through_files(run, tmp_path), tmp_path / "images.npz")
    shown = shown_outputs(run)
    for row, line in enumerate(lines):
        assert as_bits(map(float, line[1:])) == as_bits(shown[row])
    np.savez(tmp_path / "wrong.npz", x=images[:, :3])
    with pytest.raises(GradstepError, match="15 inputs a row, and 20 are needed"):
        predict(make_model(run.checkpoint(1.0)), tmp_path / "wrong.npz")

    run = trained({"name": "circle", "features": ["x1^2", "x2^2"]})
    new = tmp_path / "points.csv"
    new.write_text("x2,x1\n" + "".join(f"{x2!r},{x1!r}\n" for x1, x2 in run.dataset.points.tolist()))
    (_, *lines), _ = predict(through_files(run, tmp_path), new)
    shown = shown_outputs(run)
    assert [as_bits([float(line[2])]) for line in lines] == [as_bits(shown[row]) for row in range(len(lines))]


def test_the_rows_of_a_built_in_set_are_predicted_from_its_file(tmp_path: Path) -> None:
    run = trained({"name": "iris"})
    file = tmp_path / "iris.csv"
    file.write_bytes(gzip.decompress((registry.FOLDER / "iris.csv.gz").read_bytes()))
    (titles, *lines), _ = predict(make_model(run.checkpoint(1.0)), file)
    assert len(lines) == 150 and titles[1:] == [f"probability_{name}" for name in run.dataset.class_names]


@pytest.fixture
def model(tmp_path: Path) -> TrainedModel:
    (tmp_path / "cars.csv").write_text(CARS)
    return make_model(trained({"path": str(tmp_path / "cars.csv")}).checkpoint(1.0))


def test_other_columns_are_told_and_not_read(model: TrainedModel, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text('id;doors;colour;"weight";note\n7;4;light green;1100;x\n8;2;red;1200;y\n')
    (_, *lines), notes = predict(model, tmp_path / "new.csv")
    assert len(lines) == 2 and notes == ('not read: "id", "note"',)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("weight,colour\n1,red\n", ['no column "doors"']),
        ("weight,colour,doors\n1,red,2\n1,green,2\n", ["line 3", '"colour"', '"green"', '"light green"']),
        ("weight,colour,doors\n1,red,\n", ["line 2", '"doors"', "missing"]),
        ("weight,colour,doors\n1,red,two\nx,red,2\n", ["line 2", '"two"', "line 3", '"x"']),
        ("weight,colour,doors\n1,red,2\n1,red\n", ["line 3", "2 values"]),
        ("", ["new.csv"]),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    content: str, said: list[str], model: TrainedModel, tmp_path: Path
) -> None:
    (tmp_path / "new.csv").write_text(content)
    with pytest.raises(GradstepError) as error:
        predict(model, tmp_path / "new.csv")
    for words in said:
        assert words in str(error.value)


def test_many_missing_or_renamed_columns_are_told_in_few_lines(tmp_path: Path) -> None:
    names = [f"n{number}" for number in range(60)]
    numbers = [",".join(str((row + 1) * number % 7) for number in range(60)) for row in range(40)]
    rows = "".join(f"{line},{'ab'[row % 2]}\n" for row, line in enumerate(numbers))
    (tmp_path / "wide.csv").write_text(",".join([*names, "kind"]) + "\n" + rows)
    model = make_model(trained({"path": str(tmp_path / "wide.csv")}).checkpoint(1.0))
    (tmp_path / "new.csv").write_text("n0,other,more\n1,2,3\n")
    with pytest.raises(GradstepError) as error:
        predict(model, tmp_path / "new.csv")
    listed = ", ".join(f'"n{number}"' for number in range(1, 9))
    assert str(error.value) == (
        f'{tmp_path}/new.csv: there are no columns {listed} and 51 more; the columns there are "n0", "other", "more"'
    )
    (tmp_path / "new.csv").write_text(",".join(names).upper() + "\n" + numbers[0] + "\n")
    _, notes = predict(model, tmp_path / "new.csv")
    assert len(notes) == 6 and notes[-1] == "and so it is in 55 more columns"


def test_missing_values_are_treated_as_in_training(tmp_path: Path) -> None:
    file, new = tmp_path / "gaps.csv", tmp_path / "new.csv"
    file.write_text(CARS + ",red,2,900\n1200,,3,800\n")
    new.write_text("weight,colour,doors\n1100,red,2\n,red,2\n1100,,2\n1300,blue,3\n")
    run = trained({"path": str(file), "missing": "drop"})
    (_, *lines), notes = predict(make_model(run.checkpoint(1.0)), new)
    assert [bool(line[0]) for line in lines] == [True, False, False, True]
    assert notes == ("no prediction for 2 rows with missing values: lines 3, 4",)
    for missing in ("mean", "own-category"):
        run = trained({"path": str(file), "missing": missing})
        (_, *lines), notes = predict(through_files(run, tmp_path), new)
        assert all(line[0] for line in lines) and not notes
        (_, *own), _ = predict(make_model(run.checkpoint(1.0)), file)
        shown = shown_outputs(run)
        assert [as_bits(map(float, line)) for line in own] == [as_bits(shown[row]) for row in range(len(own))]


def test_a_row_without_any_value_is_told(tmp_path: Path) -> None:
    (tmp_path / "gaps.csv").write_text(CARS + ",,,900\n")
    (tmp_path / "new.csv").write_text("weight,colour,doors\n1100,,2\n,,?\n")
    run = trained({"path": str(tmp_path / "gaps.csv"), "missing": "mean"})
    (_, *lines), notes = predict(through_files(run, tmp_path), tmp_path / "new.csv")
    assert all(line[0] for line in lines)
    assert notes == ("every input is missing in line 3: the prediction is that of what stands for missing values",)


def test_numbers_far_outside_the_training_are_told(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text(HOUSES)
    (tmp_path / "new.csv").write_text("Area,power,sold\n45,100,2020-02-03\n60,1970,2020-02-03\n50,-2e6,1999-12-31\n")
    data = {"path": str(tmp_path / "houses.csv"), "dates": "number", "test_fraction": 0.0}
    for data["scale"] in ("standard", "minmax", "none"):
        model = through_files(trained(data, steps=1), tmp_path)
        rows = read_new_rows(tmp_path / "new.csv", model.preprocessing.encoder)
        assert describe_far_inputs(model.preprocessing, rows) == (
            'column "power": 2 values, such as 1970, are far outside 80 to 139 of training',
            'column "sold": 1999-12-31 is far outside 2020-01-01 to 2020-12-24 of training',
        )


def test_a_folder_and_an_npz_file_for_words_are_refused(model: TrainedModel, tmp_path: Path) -> None:
    np.savez(tmp_path / "new.npz", x=np.ones((2, 5)))
    with pytest.raises(GradstepError, match="columns with words"):
        predict(model, tmp_path / "new.npz")
    with pytest.raises(GradstepError, match="is a folder"):
        predict(model, tmp_path)


@pytest.mark.parametrize(
    ("names", "found"), [(["x", "y"], 0), (["X_test", "X_train"], 0), (["rows"], 0), (["a", "b"], None)]
)
def test_the_inputs_of_an_npz_file_are_found_by_their_name(names: list[str], found: int | None, tmp_path: Path) -> None:
    arrays = {name: np.full((2, 3), number) for number, name in enumerate(names)}
    np.savez(tmp_path / "new.npz", **arrays)
    if found is None:
        with pytest.raises(GradstepError, match="no array x: the arrays there are a, b"):
            read_npz_rows(tmp_path / "new.npz")
    else:
        assert read_npz_rows(tmp_path / "new.npz").inputs.tolist() == arrays[names[found]].tolist()


def test_a_file_without_a_header_is_read_as_the_one_that_was_learnt(tmp_path: Path) -> None:
    file, new = tmp_path / "board.data", tmp_path / "new.data"
    file.write_text("".join(f"{'xo'[n % 2]}|{'xob'[n % 3]}|{('won', 'lost')[n % 2]}\n" for n in range(40)))
    new.write_text("o|b\n")
    run = trained({"path": str(file), "delimiter": "|"})
    (titles, *lines), notes = predict(make_model(run.checkpoint(1.0)), new)
    assert titles[0] == "predicted_column 3" and len(lines) == 1 and not notes


@pytest.mark.parametrize("rate", [3e3, 1e9])
def test_a_network_that_has_diverged_predicts_nothing(rate: float, tmp_path: Path) -> None:
    (tmp_path / "cars.csv").write_text(CARS)
    training = {"learning_rate": rate, "optimizer": "sgd"}
    run = assemble(make_experiment({"data": {"path": str(tmp_path / "cars.csv")}, "training": training}))
    with pytest.raises(Diverged):
        run.trainer.run(lambda: False)
    assert np.isfinite(run.network.parameters).all()
    for model in (make_model(run.checkpoint(1.0)), through_files(run, tmp_path)):
        with pytest.raises(GradstepError, match=f"diverged after step {run.trainer.step}, .* smaller learning rate"):
            predict(model, tmp_path / "cars.csv")
    # the checkpoint before was good
    run.trainer.restore(run.start)
    assert not make_model(run.checkpoint(1.0)).diverged


def test_what_is_not_finite_is_not_written_as_a_prediction(model: TrainedModel, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("weight,colour,doors\n1,red,2\n1e308,red,2\n")
    model.network.parameters[:] = 1e3
    with pytest.raises(GradstepError, match="row 2: its output is not a finite number"):
        predict(model, tmp_path / "new.csv")
    model.network.parameters[0] = np.inf
    with pytest.raises(GradstepError, match="the training diverged"):
        predict(model, tmp_path / "new.csv")


HOUSES = "Area,power,sold,price\n" + "".join(
    f"{40 + n / 4},{80 + n},2020-{1 + n % 12:02}-{1 + n % 28:02},{900 + 10 * n}\n" for n in range(60)
)
HOUSES_BY_COMMA = HOUSES.replace(",", ";").replace(".", ",")


@pytest.mark.parametrize("learnt", [HOUSES, HOUSES_BY_COMMA])
@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        ("Area;power;sold\n50,25;101;2020-02-03\n1234,5;102;2020-03-14\n", 0),
        ("Area;power;sold\n50.25;101;03.02.2020\n1,234.5;102;14.03.2020\n", 1),
        ("AREA;power;sold\n50.25;101 hp;3 Feb 2020\n1234.500000;102 hp;14 Mar 2020\n", 3),
        ("area;POWER;Sold\n50,25;101;2020/02/03\n1.234,5;102;2020/03/14\n", 4),
    ],
)
def test_what_is_written_in_another_form_is_read_if_it_is_unambiguous(
    learnt: str, rows: str, notes: int, tmp_path: Path
) -> None:
    (tmp_path / "houses.csv").write_text(learnt)
    (tmp_path / "new.csv").write_text(rows)
    model = make_model(
        assemble(make_experiment({"data": {"path": str(tmp_path / "houses.csv"), "dates": "number"}})).checkpoint(1.0)
    )
    read = read_new_rows(tmp_path / "new.csv", model.preprocessing.encoder)
    (tmp_path / "same.csv").write_text("Area,power,sold\n50.25,101,2020-02-03\n1234.5,102,2020-03-14\n")
    assert np.array_equal(read.inputs, read_new_rows(tmp_path / "same.csv", model.preprocessing.encoder).inputs)
    assert read.inputs[:, :2].tolist() == [[50.25, 101], [1234.5, 102]]
    assert len(read.notes) >= notes


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3,500;101;2020-02-03", '"3,500" is no number; a number is expected as 1234.5'),
        ("50.25;35 %;2020-02-03", '"35 %" is no number; a number is expected as 1234.5'),
        ("50.25;101;03/02/2020", '"03/02/2020" is no date like the others; a date is expected as 2026-01-31'),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_the_form_that_is_expected(
    row: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "houses.csv").write_text(HOUSES)
    (tmp_path / "new.csv").write_text(f"Area;power;sold\n{row}\n")
    model = make_model(
        assemble(make_experiment({"data": {"path": str(tmp_path / "houses.csv"), "dates": "number"}})).checkpoint(1.0)
    )
    with pytest.raises(GradstepError) as error:
        read_new_rows(tmp_path / "new.csv", model.preprocessing.encoder)
    assert said in str(error.value)
