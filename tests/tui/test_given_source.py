"""What is trained where a file is named without --data, or no command is named."""

import os
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import make_experiment
from gradstep.data.experiment_options import load_experiment_or_lesson
from gradstep.data.given_source import is_experiment_file, load_given
from gradstep.tui.cli.main import run
from tests.data.files import write_mnist, write_npz

CSV = "size,kind\n" + "1,a\n2,b\n" * 5


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.toml", "[training]\nmax_steps = 3\n"),
        ("RUN.TOML", ""),
        ("run.txt", "# a run\n\n  [data]\nname = 'iris'\n"),
        ("run", "\ufefftraining.max_steps = 3\n"),
        ("typo", "[trainig]\n"),
        ("empty", "# nothing\n"),
    ],
)
def test_an_experiment_is_known_by_its_suffix_or_by_how_it_begins(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    assert is_experiment_file(Path(name))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flowers.csv", CSV),
        ("flowers.CSV", CSV),
        ("flowers.txt", CSV),
        ("flowers", CSV),
        ("iris.data", "5.1,3.5,a\n"),
        ("spaces.txt", "# saved by numpy\n1.0 2.0\n3.0 4.0\n"),
        ("tabs.tsv", "a\tb\n1\t2\n"),
        ("brackets.txt", "[1, 2]\n[3, 4]\n"),
        ("empty.csv", ""),
        ("empty.txt", "\n\n"),
    ],
)
def test_any_other_file_is_data(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    assert not is_experiment_file(Path(name))
    assert load_given(name, {"training.max_steps": 3}) == make_experiment(
        {"data": {"path": name}, "training": {"max_steps": 3}}
    )


def test_every_kind_of_data_is_trained_with_and_without_a_command(folder: Path) -> None:
    (folder / "flowers.csv").write_text(CSV)
    write_npz(folder / "points.npz", x=np.eye(4).repeat(3, axis=0), y=np.arange(12) % 2)
    write_mnist(folder / "pictures")
    for source in ("flowers.csv", "points.npz", "pictures", os.path.join(os.curdir, "pictures")):
        for command in ([], ["train"]):
            assert run([*command, source, "--plain", "--max-steps", "1"]) == 0, source
    assert run(["train", "iris", "--plain", "--max-steps", "1"]) == 0
    assert run(["--data", "iris", "--plain", "--max-steps=1"]) == 0
    assert run(["trace", "flowers.csv", "--step", "1"]) == 0
    assert load_experiment_or_lesson("pictures")[0].data.path == "pictures"
    assert load_experiment_or_lesson("iris")[0].data.name == "iris"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("nowhere.csv", ["nowhere.csv: no such file"]),
        ("train nowhere", ["nowhere: no such file", "gradstep datasets"]),
        ("train digts", ["digts: no such file", 'did you mean the built-in data set "digits"?']),
        ("train flowers.csv --data iris", ["flowers.csv says already", "--data"]),
        ("train iris --data digits", ["iris says already", "--data"]),
        ("iris", ["'iris'", "gradstep train iris"]),
        ("mazur", ["'mazur'", "gradstep walk mazur"]),
        ("worksheat", ["'worksheat'", "'worksheet'"]),
        ("help", ["'help'", "gradstep --help"]),
        ("compare", ["'compare'", "o on the training screen"]),
        ("--learnin-rate 1", ["--learnin-rate", "--learning-rate"]),
    ],
)
def test_what_cannot_be_meant_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: str, words: list[str]
) -> None:
    (folder / "flowers.csv").write_text(CSV)
    assert run(arguments.split()) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.count("\n") == 1
    assert all(each in err for each in words), err


def test_a_pipe_is_read_as_an_experiment_because_it_can_be_read_only_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert is_experiment_file(Path("pipe"))
    with pytest.raises(GradstepError, match=r"no such file"):
        is_experiment_file(Path("nowhere.toml.gz"))
