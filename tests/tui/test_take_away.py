"""`gradstep predict`, `export`, `code` and `train --from`: what a run is good for once it is trained."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from gradstep.data.find_run import find_checkpoint
from gradstep.data.saved_runs import name_new_run
from gradstep.tui.cli.main import run
from gradstep.tui.numbers import format_number, format_of_data, plain_number
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.training_session import TrainingSession
from tests.data.script_cases import find_last_score
from tests.tui.driving import assembled

PLANTS = "height,colour,kind\n" + "".join(
    f"{n % 9},{('red', 'blue')[n % 2]},{('rose', 'tulip')[n % 2]}\n" for n in range(40)
)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a table, new rows of it, and a run on it."""
    (tmp_path / "plants.csv").write_text(PLANTS)
    (tmp_path / "new.csv").write_text("colour,height,note\nred,3,a\nblue,4,b\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def summary(folder: Path, capsys: Captured) -> dict[str, float]:
    """The figures of the run."""
    assert (
        run(
            [
                "train",
                "--plain",
                "--data",
                "plants.csv",
                "--max-epochs",
                "5",
                "--optimizer",
                "adam",
                "--summary",
                "s.json",
            ]
        )
        == 0
    )
    capsys.readouterr()
    figures: dict[str, float] = json.loads((folder / "s.json").read_text())
    return figures


def test_a_score_says_of_how_many_rows_each_figure_is(
    summary: dict[str, float], folder: Path, capsys: Captured
) -> None:
    lines = "height,colour,kind\n1,red,rose\n2,blue,tulip\n"
    for more, words in (
        ("", r"scores loss \S+   accuracy \S+   on 2 rows"),
        ("3,red,fern\n", r"scores loss \S+ on 2 rows of a class that was learnt   accuracy \S+   on all 3 rows"),
    ):
        (folder / "new.csv").write_text(lines + more)
        assert run(["predict", "new.csv"]) == 0
        assert re.fullmatch(rf"gradstep: new.csv: {words}", capsys.readouterr().err.splitlines()[-1])
    (folder / "new.csv").write_text("height,colour,kind\n3,red,fern\n")
    assert run(["predict", "new.csv"]) == 0
    assert capsys.readouterr().err.endswith("new.csv: scores accuracy 0.0000   on 1 row\n")


def test_new_rows_are_predicted_by_the_newest_run_or_the_one_that_is_named(
    summary: dict[str, float], folder: Path, capsys: Captured
) -> None:
    (folder / "plants.csv").unlink()
    assert run(["predict", "new.csv"]) == 0
    printed = capsys.readouterr()
    header, *rows = printed.out.splitlines()
    assert header == "predicted_kind,probability_rose,probability_tulip" and len(rows) == 2
    assert rows[0].startswith("rose,") and rows[1].startswith("tulip,")
    name = find_checkpoint("")[0].name
    assert printed.err == f'gradstep: with {name}\ngradstep: new.csv: not read: "note"\n'
    (folder / "wrong.csv").write_text("height,colour\n1,green\n")
    assert run(["predict", "wrong.csv"]) == 2
    error = capsys.readouterr().err
    assert '"green"' in error and error.endswith(f"(with {name})\n") and error.count("\n") == 1
    assert run(["predict", name]) == run(["predict"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"gradstep: {name} is a run; a file with rows is missing: gradstep predict {name} FILE"
    assert "a file with rows is missing" in lines[1] and len(lines) == 2
    assert run(["export", "--output", "model.safetensors"]) == 0
    capsys.readouterr()
    for given in (name, "model.safetensors"):
        assert run(["predict", given, "new.csv"]) == 0
        again = capsys.readouterr()
        assert again.out == printed.out and "with" not in again.err
    assert run(["predict", "new.csv", "--output", "out.csv"]) == 0
    assert (folder / "out.csv").read_text() == printed.out and not capsys.readouterr().out


def test_a_file_with_targets_is_scored(summary: dict[str, float], folder: Path, capsys: Captured) -> None:
    rows = assembled(data={"path": "plants.csv"}).split.test_rows
    header, *lines = PLANTS.splitlines()
    (folder / "held out.csv").write_text("\n".join([header, *(lines[row] for row in rows)]) + "\n")
    name = find_checkpoint("")[0].name
    assert run(["predict", name, "held out.csv", "--output", "out.csv"]) == 0
    figures = f"loss {plain_number(summary['test_loss'], 0)}   accuracy {summary['test_accuracy']:.4f}"
    assert capsys.readouterr().err == f"gradstep: held out.csv: scores {figures}   on {len(rows)} rows\n"


def test_nothing_is_written_over_unasked(summary: dict[str, float], folder: Path, capsys: Captured) -> None:
    names = ("out.csv", "out.safetensors", "out.npz", "out.py")
    for name in names:
        (folder / name).write_text("mine")
    for command, name in (
        ("predict new.csv", "out.csv"),
        ("export", "out.safetensors"),
        ("export", "out.npz"),
        ("export --format csv", "out.csv"),
        ("code --as pytorch", "out.py"),
    ):
        assert run([*command.split(), "--output", name]) == 2
        assert f"{name} exists; --overwrite" in capsys.readouterr().err
    assert {(folder / name).read_text() for name in names} == {"mine"}
    # the data of a script are not written over either, and then there is no script
    (folder / "out.py").unlink()
    assert run(["code", "--output", "out.py"]) == 2 and not (folder / "out.py").exists()
    assert "out.npz exists; --overwrite" in capsys.readouterr().err
    assert run(["code", "--output", "out.py", "--overwrite"]) == 0
    with np.load(folder / "out.npz") as arrays:
        assert arrays.files == ["x", "y", "train", "test"]


def test_a_run_is_exported_in_every_format(summary: dict[str, float], folder: Path, capsys: Captured) -> None:
    name = find_checkpoint("")[0].name
    assert run(["export"]) == run(["export"]) == 0
    assert capsys.readouterr().out.split() == [f"{name}.safetensors", f"{name}-2.safetensors"]
    assert list(load_file(f"{name}.safetensors")) == ["0.bias", "0.weight", "2.bias", "2.weight", "4.bias", "4.weight"]
    assert run(["export", name, "--output", "model.npz"]) == 0
    with np.load("model.npz") as arrays:
        assert arrays["0.weight"].shape == (16, 3) and arrays["class_names"].tolist() == ["rose", "tulip"]
    capsys.readouterr()
    assert run(["export", "--format", "csv"]) == run(["export", "--format", "jsonl", "--output", "h.jsonl"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    objects = [json.loads(line) for line in (folder / "h.jsonl").read_text().splitlines()]
    assert len(rows) == len(objects) > 1
    for line, values in zip(rows, objects, strict=True):
        cells = ["" if value is None else repr(value) for value in values.values()]
        assert dict(zip(header.split(","), line.split(","), strict=True)) == dict(zip(values, cells, strict=True))
    assert objects[-1]["step"] == summary["steps"]
    assert run(["export", "--output", "model.pt"]) == 2
    assert "safetensors, npz, csv, jsonl" in capsys.readouterr().err


def test_the_code_of_a_run_comes_to_its_figures(summary: dict[str, float], folder: Path, capsys: Captured) -> None:
    (folder / "take home").mkdir()
    assert run(["code", "--output", "take home"]) == run(["code"]) == 0
    printed = capsys.readouterr()
    (folder / "printed.py").write_text(printed.out, encoding="utf-8")
    assert sorted(os.listdir("take home")) == ["plants.npz", "plants.py"]
    assert printed.err == f"gradstep: the script reads its data from {folder / 'plants.npz'}\n"
    # the same data are not written again
    assert run(["code", "--as", "sklearn"]) == 0 and not (folder / "plants-2.npz").exists()
    for script in ("take home/plants.py", "printed.py"):
        command = [sys.executable, "-P", folder / script]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd="/")
        assert not done.stderr
        for part in ("train", "test"):
            expected = [summary[f"{part}_loss"], summary[f"{part}_accuracy"]]
            assert find_last_score(done.stdout.splitlines(), part) == pytest.approx(expected, abs=1e-12)


def test_the_code_of_a_run_with_class_weights_that_patience_ended(folder: Path, capsys: Captured) -> None:
    options = "--data moons --noise 0.4 --learning-rate 0.5 --validation-fraction 0.2 --patience 3 --class-weights 1,3"
    assert run(["train", "--plain", *options.split(), "--summary", "s.json"]) == 0
    assert "gone back to it" in capsys.readouterr().out
    assert run(["code", "--output", "s.py"]) == 0
    done = subprocess.run([sys.executable, "-P", "s.py"], capture_output=True, text=True, encoding="utf-8")
    figures = json.loads(Path("s.json").read_text())
    for part in ("train", "validation", "test"):
        expected = [figures[f"{part}_loss"], figures[f"{part}_accuracy"]]
        assert find_last_score(done.stdout.splitlines(), part) == pytest.approx(expected, abs=1e-12)


def test_the_best_weights_are_predicted_with_and_exported(folder: Path, capsys: Captured) -> None:
    noisy = folder / "noisy.csv"
    noisy.write_text("a,b,kind\n" + "".join(f"{n * 7 % 11},{n * 5 % 13},{'xy'[n * n % 3 % 2]}\n" for n in range(60)))
    options = "--validation-fraction 0.3 --max-epochs 60 --learning-rate 0.1 --batch-size 4"
    assert run(["train", "--plain", "--data", "noisy.csv", *options.split()]) == 4
    best = find_checkpoint("")[1].state.best
    assert best is not None and best.step < find_checkpoint("")[1].state.values["step"]
    assert run(["export", "--best", "--output", "best.safetensors"]) == 0
    first = np.ravel(load_file("best.safetensors")["0.bias"])
    assert set(first.tolist()) <= set(best.state.arrays["parameters"].tolist())
    outputs = []
    for command in ("predict noisy.csv", "predict --best noisy.csv", "predict best.safetensors noisy.csv"):
        capsys.readouterr()
        assert run(command.split()) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] != outputs[1] == outputs[2]
    assert (
        run(["export", "--best", "--format", "csv"]) == run(["predict", "--best", "best.safetensors", "new.csv"]) == 2
    )
    assert run(["train", "--plain", "--data", "plants.csv", "--max-epochs", "1"]) == 0
    capsys.readouterr()
    for command in ("predict --best new.csv", "export --best"):
        assert run(command.split()) == 2
        error = capsys.readouterr().err
        assert "no validation part" in error and error.count("\n") == 1


def test_the_code_of_a_run_whose_data_were_moved(summary: dict[str, float], folder: Path, capsys: Captured) -> None:
    (folder / "moved").mkdir()
    (folder / "plants.csv").rename(folder / "moved" / "flora.csv")
    assert run(["code"]) == 2 and "--data PATH" in capsys.readouterr().err
    assert run(["code", "--data", "moved/flora.csv", "--output", "s.py"]) == 0
    assert run(["code", "mazur", "--data", "moved/flora.csv"]) == 2
    assert "mazur is no saved run" in capsys.readouterr().err


def test_an_experiment_file_and_a_lesson_have_code(folder: Path, capsys: Captured) -> None:
    (folder / "e.toml").write_text('[data]\nname = "xor"\n[training]\nmax_epochs = 3\n')
    assert run(["code", "e.toml", "--output", "e.py"]) == run(["code", "mazur"]) == 0
    assert "EPOCHS = 3" in (folder / "e.py").read_text() and "0.15, 0.2, 0.35" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("predict nosuch new.csv", "no saved run nosuch"),
        ("predict nosuch.csv", "nosuch.csv: no such file"),
        ("predict plants.csv new.csv", "plants.csv is not a safetensors file"),
        ("export nosuch", "no saved run nosuch"),
        ("code nosuch.toml", "nosuch.toml: no such file"),
        ("code --as julia", "'sklearn'"),
        ("code --output script.txt", "named with .py at its end"),
        ("train --plain --from plants.csv", "plants.csv is not a safetensors file"),
        ("train --plain --from nosuch.safetensors", "nosuch.safetensors: no such file"),
        ("train --plain --from model.safetensors", "takes 3 inputs, and digits has 64"),
        ("train --plain --data plants.csv --hidden 5 --from model.safetensors", "the hidden layers [16, 16]"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    command: str, said: str, summary: dict[str, float], folder: Path, capsys: Captured
) -> None:
    assert run(["export", "--output", "model.safetensors"]) == 0
    before = sorted(os.listdir(folder))
    assert run(command.split()) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert sorted(os.listdir(folder)) == before


def test_training_goes_on_from_a_model(summary: dict[str, float], folder: Path, capsys: Captured) -> None:
    assert run(["export", "--output", "model.safetensors"]) == 0
    options = "--from model.safetensors --max-epochs 1 --learning-rate 1e-9 --summary t.json"
    assert run(f"train --plain --data plants.csv {options}".split()) == 0
    again = json.loads((folder / "t.json").read_text())
    assert again["test_loss"] == pytest.approx(summary["test_loss"], abs=1e-6)


@pytest.mark.parametrize("data", ["iris", "sine"])
def test_the_output_panel_shows_what_is_predicted(data: str, folder: Path, capsys: Captured) -> None:
    made = assembled(data)
    made.trainer.run(lambda: False, until=30)
    view = TrainingSession(made, pace=50.0, paused=True).view
    name_new_run(data).write(made.checkpoint(1.0))
    example = view.snapshot.example.index
    names = ["x"] if data == "sine" else list(made.dataset.feature_names)
    point = made.split.find_point(example.part, example.row)
    (folder / "row.csv").write_text(f"{','.join(names)}\n{','.join(map(repr, point.tolist()))}\n")
    assert run(["predict", "row.csv"]) == 0
    cells = capsys.readouterr().out.splitlines()[1].split(",")
    drawn = "\n".join(strip.text for strip in OutputPanel(made).lines(view, 58, 18))
    if data == "sine":
        assert f"predicted {format_of_data(float(cells[0]))}" in drawn
    else:
        assert f"predicted {cells[0]}" in drawn
        for cell in cells[1:]:
            assert format_number(float(cell)) in drawn
