"""The command line: commands, options, error messages and exit statuses."""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pexpect
import pytest

from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import make_experiment
from gradstep.data.registry import BUILT_IN
from gradstep.tui.cli.dataset_gallery import draw_gallery
from gradstep.tui.cli.display_options import read_display_options
from gradstep.tui.cli.main import run
from tests.data.files import write_mnist

ROOT = Path(__file__).parents[2]
GRADSTEP = Path(sys.executable).with_name("gradstep")

FILES = {
    "broken.toml": "[data]\nname = iris\n",
    "typo.toml": "[training]\nlerning_rate = 0.1\n",
    "shape.toml": '[data]\nname = "iris"\n[network]\nhidden = []\nweights = [[[1.0, 2.0]]]\n',
    "rate.toml": "[training]\nlearning_rate = 0.5\nmax_steps = 3\n",
    "iris.toml": '[data]\nname = "iris"\nseed = 1\n[network]\nhidden = [3]\nseed = 2\n[training]\nmax_steps = 3\n',
    "one_class.csv": "size,kind\n1,a\n2,a\n3,a\n",
    "words.csv": "size,kind\n1,a\nlarge,b\n",
    "prices.csv": "rooms,price\n" + "".join(f"{rooms},{200000 + 5000.5 * rooms}\n" for rooms in range(1, 31)),
    "blumen.csv": '\ufeff"Länge";"Farbe";"Art"\n' + '1,5;rot;Rose\n2,5;"gelb";Tulpe\n' * 5,
    "flowers.csv": "size,kind\n1,a\n2,b\n3,a\n4,b\n5,a\n",
}

MAZUR = """
[data]
x = [[0.05, 0.10]]
y = [[0.01, 0.99]]

[network]
hidden = [2]
activation = "sigmoid"
output = "sigmoid"
weights = [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]]
biases = [[0.35, 0.35], [0.60, 0.60]]
train_biases = false

[training]
loss = "half_sse"
learning_rate = 0.5
"""

BAD_INPUT = {
    "train --data digit": ["--data digit: ", 'did you mean "digits"?'],
    "train --data nowhere.csv": ["nowhere.csv", "no such file"],
    "train --data one_class.csv": ["one_class.csv", "kind", "two classes"],
    "train --data words.csv": ["words.csv", "line 3", "large"],
    "train --data flowers.csv --target knd": ["flowers.csv", '"knd"', '"kind"'],
    "train --data flowers.csv --target 3": ["flowers.csv", "no column 3", "from 1 to 2"],
    "train --data flowers.csv --task regression": ["flowers.csv", "kind", "words", "--task regression"],
    "train --data iris --noise 0.1": ["--noise 0.1: ", "circle"],
    "train --data circle --noise 0.6": ["--noise 0.6: ", "from 0 to 0.5"],
    "train --data iris --decimal ,": ["--decimal ,: ", "about a file"],
    "train --target kind": ["--target kind: ", "only a file has columns"],
    "train nowhere.toml": ["nowhere.toml", "no such file"],
    "train broken.toml": ["broken.toml", "line 2", "column 8"],
    "train typo.toml": ["training.lerning_rate", "unknown key", "did you mean learning_rate?"],
    "train shape.toml": ["network.weights", "layer 1", "1 × 2", "3 × 4"],
    "train rate.toml iris.toml": ["unexpected extra argument", "iris.toml"],
    "train --lerning-rate 0.1": ["--lerning-rate", "--learning-rate"],
    "train --learning-rate": ["--learning-rate", "requires an argument"],
    "train --learning-rate fast": ["--learning-rate", "valid number"],
    "train --learning-rate -1": ["--learning-rate -1: ", "above 0"],
    "train --learning-rate nan": ["--learning-rate nan: ", "above 0"],
    "train --batch-size 0": ["--batch-size 0: ", '"full"'],
    "train --batch-size some": ["--batch-size some: ", '"full"'],
    "train --hidden 0": ["--hidden 0: ", "0", "from 1"],
    "train --hidden 16,x": ["--hidden 16,x: ", '"x"', "whole numbers"],
    "train --hidden 99999999999": ["--hidden 99999999999: ", "99999999999", "whole numbers"],
    "train --activation rely": ["--activation rely: ", 'did you mean "relu"?'],
    "train --activation relu,tanh,relu": ["--activation relu,tanh,relu: ", "one name", "2 hidden layers"],
    "train --output softmax --loss binary_cross_entropy": [
        "--loss binary_cross_entropy: ",
        "sigmoid",
        "use cross_entropy",
    ],
    "train --loss huber": ["--loss huber: ", '"half_sse"'],
    "train --optimizer adm": ["--optimizer adm: ", 'did you mean "adam"?'],
    "train --init zero": ["--init zero: ", 'did you mean "zeros"?'],
    "train --scale log": ["--scale log: ", '"standard"'],
    "train --dtype float16": ["--dtype float16: ", '"float32"'],
    "train --test-fraction 1": ["--test-fraction 1: ", "below 1"],
    "train --l2 -1": ["--l2 -1: ", "from 0"],
    "train --seed -1": ["--seed -1: ", "from 0"],
    "train --max-epochs 0": ["--max-epochs 0: ", "from 1"],
    "train --pace fast": ["--pace fast", "above 0, or max"],
    "train --pace 0": ["--pace 0", "above 0, or max"],
    "train --summary nowhere/s.json": ["nowhere/s.json", "no folder"],
    "train --summary .": ["--summary .", "folder", "must be a file"],
    "trian": ["'trian'", "'train'"],
    "trace": ["Missing argument", "FILE"],
    "trace iris.toml": ["Missing option", "--step"],
    "trace iris.toml --step 0": ["--step", "1"],
    "trace iris.toml --step 1 --format xml": ["--format", "'text'", "'json'"],
    "trace iris.toml --step 1 --format pdf": ["--format", "'latex'", "'html'"],
    "worksheet nonsense": ['"nonsense"', '"mazur"'],
    "worksheet --hide some": ["--hide", "'last'", "'backward'"],
    "worksheet --seed -1": ["--seed", "0"],
    "worksheet nowhere.toml": ["nowhere.toml", "no such file"],
    "trace nowhere.toml --step 1": ["nowhere.toml", "no such file"],
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the files above."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def figures(files: Path) -> Callable[..., dict[str, object]]:
    """A function that trains with these arguments, without a screen, and returns the summary."""

    def train(*arguments: str) -> dict[str, object]:
        assert run(["train", "--plain", "--summary", "summary.json", *arguments]) == 0
        summary: dict[str, object] = json.loads((files / "summary.json").read_text())
        return summary

    return train


def gradstep(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program without a terminal."""
    return subprocess.run([GRADSTEP, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


@pytest.mark.parametrize("command", BAD_INPUT)
def test_bad_input_is_reported_in_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"gradstep: [^\n]+\n", err)
    for words in BAD_INPUT[command]:
        assert words in err


@pytest.mark.parametrize("command", ["train --data digit", "train --batch-size 0", "train --lerning-rate 0.1", "trian"])
def test_the_installed_program_refuses_bad_input_with_status_2(command: str) -> None:
    ended = gradstep(*command.split())
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.fullmatch(r"gradstep: [^\n]+\n", ended.stderr)


def test_a_run_that_needs_too_much_memory_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(_: object) -> None:
        raise MemoryError("Unable to allocate 7.28 TiB")

    monkeypatch.setattr("gradstep.data.assemble.assemble", too_large)
    assert run(["train"]) == 2
    assert re.fullmatch(r"gradstep: not enough memory [^\n]+ 7.28 TiB\n", capsys.readouterr().err)


def test_a_refused_run_does_not_overwrite_an_earlier_summary(files: Path) -> None:
    (files / "old.json").write_text("{}")
    assert run(["train", "--plain", "--batch-size", "0", "--summary", "old.json"]) == 2
    assert (files / "old.json").read_text() == "{}"


def test_the_summary_holds_the_figures_of_the_run(figures: Callable[..., dict[str, object]]) -> None:
    summary = figures("--data", "iris", "--max-epochs", "2", "--seed", "3")
    assert summary.keys() == {
        "steps", "epochs", "seconds", "steps_per_second", "train_loss", "test_loss", "train_loss_total",
        "train_accuracy", "test_accuracy", "parameters", "seed", "learning_rate", "stopped", "checkpoint",
        "guess_loss", "guess_accuracy", "findings", "experiment", "validation_loss", "validation_accuracy",
        "linear_loss", "linear_accuracy", "no_better_than_linear", "rmse", "mae", "r2", "best_step",
        "best_validation_loss", "best_validation_accuracy", "last_step", "last_validation_loss",
        "last_validation_accuracy",
    }  # fmt: skip
    assert make_experiment(summary["experiment"]).training.max_epochs == 2  # type: ignore[arg-type]
    assert (summary["steps"], summary["epochs"], summary["seed"], summary["stopped"]) == (8, 2, 3, "max_epochs")


DEAD = ("--data", "sine", "--hidden", "8,8", "--activation", "relu", "--init", "he", "--optimizer", "sgd")
DYING_RATE = ("--learning-rate", "1", "--batch-size", "32", "--max-steps", "200", "--seed", "0")


def test_a_run_that_is_no_better_than_a_guess_has_a_status_a_finding_and_an_ending_of_its_own(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "--plain", "--summary", "dead.json", *DEAD, *DYING_RATE]) == 4
    printed = capsys.readouterr().out
    assert "stopped   no_better_than_guess after" in printed
    assert re.search(r"^step \d+ +layer \d is dead: 100% of its neurons", printed, re.MULTILINE)
    assert re.search(r"^finding   layer \d is dead: .*; try a start at, say, 1% of the rate$", printed, re.MULTILINE)
    assert re.search(r"^guess +loss .* always the mean of the training targets$", printed, re.MULTILINE)
    summary = json.loads((files / "dead.json").read_text())
    assert summary["stopped"] == "no_better_than_guess"
    assert [finding["kind"] for finding in summary["findings"]] == ["dead", "no gradient"]
    assert summary["test_loss"] > 0.9 * summary["guess_loss"]


def test_classes_that_are_only_guessed_are_compared_with_the_largest(files: Path) -> None:
    options = ["--data", "circle", "--hidden", "", "--optimizer", "sgd", "--learning-rate", "0.1", "--seed", "0"]
    assert run(["train", "--plain", "--summary", "line.json", *options, "--max-epochs", "20"]) == 4
    summary = json.loads((files / "line.json").read_text())
    assert summary["test_accuracy"] <= summary["guess_accuracy"]
    assert summary["findings"][-1]["kind"] == "no better"


def test_a_diverged_run_has_its_finding_in_the_summary(files: Path) -> None:
    options = ["--data", "iris", "--output", "linear", "--loss", "mse", "--learning-rate", "1e9"]
    assert run(["train", "--plain", "--summary", "gone.json", *options]) == 3
    (finding,) = json.loads((files / "gone.json").read_text())["findings"]
    assert (finding["kind"], finding["remedy"]) == ("diverged", "try a smaller learning rate")


def test_a_resumed_run_equals_an_uninterrupted_run_bit_for_bit(figures: Callable[..., dict[str, object]]) -> None:
    whole = figures("--data", "iris", "--max-epochs", "4", "--optimizer", "adam")
    half = figures("--data", "iris", "--max-steps", "7", "--optimizer", "adam")
    checkpoint = read_checkpoint(Path(str(half["checkpoint"])))
    tables = checkpoint.experiment.model_dump()
    tables["training"] |= {"max_steps": None, "max_epochs": 4}
    write_checkpoint(Path("half.safetensors"), replace(checkpoint, experiment=make_experiment(tables)))
    assert run(["resume", "half.safetensors", "--plain", "--summary", "resumed.json"]) == 0
    resumed = json.loads(Path("resumed.json").read_text())
    same = whole.keys() - {"seconds", "steps_per_second", "checkpoint"}
    assert {name: resumed[name] for name in same} == {name: whole[name] for name in same}
    final = [read_checkpoint(Path(str(each["checkpoint"]))).state for each in (whole, resumed)]
    assert final[0].values == final[1].values
    assert all((final[0].arrays[name] == final[1].arrays[name]).all() for name in final[0].arrays)


def test_the_saved_runs_are_listed(
    figures: Callable[..., dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    name = Path(str(figures("--data", "iris", "--max-steps", "9")["checkpoint"])).parent.name
    capsys.readouterr()
    assert run(["resume", "--list"]) == 0
    assert re.search(rf"^{name} +[-\d]+ [:\d]+ +iris .* 9 +2 ", capsys.readouterr().out, re.MULTILINE)


def test_resume_without_a_saved_run_prints_one_line_and_exits_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["resume"]) == 2
    assert re.fullmatch(r"gradstep: no run is saved in .*\n", capsys.readouterr().err)


@pytest.mark.parametrize("option", ["--fps 0", "--fps 61", "--pace 0", "--pace fast", "--glyphs wood", "--colours 8"])
def test_a_bad_display_option_prints_one_line_and_exits_with_status_2(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", *option.split()]) == 2
    name, value = option.split()
    assert re.fullmatch(rf"gradstep: [^\n]*{name}[^\n]*{value}[^\n]*\n", capsys.readouterr().err)


def test_link_slow_chooses_the_cheapest_display_unless_options_say_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    given = {"link": "slow", "pace": "max", "fps": None, "mouse": True, "background": "auto"}
    cheap = read_display_options(**given | {"colours": "auto", "glyphs": "auto"})
    assert (cheap.frames, cheap.capabilities.colours, cheap.capabilities.glyphs) == (1.0, "16", "ascii")
    mixed = read_display_options(**given | {"colours": "256", "glyphs": "auto", "fps": 2.0})
    assert (mixed.frames, mixed.capabilities.colours, mixed.capabilities.glyphs) == (2.0, "256", "ascii")


@pytest.mark.parametrize(
    ("locale", "glyphs"),
    [
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "C.UTF-8", "LC_ALL": "POSIX"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1"}, "ascii"),
        ({"LANG": "de_DE.UTF-8@euro"}, "braille"),
        ({"LANG": "C.UTF-8"}, "braille"),
        ({}, "braille"),
    ],
)
def test_the_glyphs_depend_on_the_locale(locale: dict[str, str], glyphs: str) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "LANG" and not name.startswith("LC_")}
    show = (
        "import sys; from gradstep.tui.cli.display_options import read_display_options; "
        "print(read_display_options(**eval(sys.argv[1])).capabilities.glyphs)"
    )
    options = dict.fromkeys(("link", "colours", "glyphs", "background"), "auto") | {
        "pace": "max",
        "fps": None,
        "mouse": True,
    }
    shown = subprocess.run(
        [sys.executable, "-c", show, repr(options)],
        env=variables | locale | {"TERM": "xterm"},
        capture_output=True,
        text=True,
    )
    assert shown.stdout.strip() == glyphs, shown.stderr


def test_an_option_overrides_the_file(figures: Callable[..., dict[str, object]]) -> None:
    assert figures("rate.toml")["learning_rate"] == 0.5
    assert figures("rate.toml", "--learning-rate", "0.25")["learning_rate"] == 0.25
    assert figures("rate.toml", "--learning-rate", "0.25")["steps"] == 3


def test_seed_sets_every_seed(figures: Callable[..., dict[str, object]]) -> None:
    written = FILES["iris.toml"].replace("seed = 1", "seed = 7").replace("seed = 2", "seed = 7")
    Path("sevens.toml").write_text(written)
    assert figures("iris.toml", "--seed", "7")["train_loss"] == figures("sevens.toml")["train_loss"]


def test_different_seeds_give_different_numbers(figures: Callable[..., dict[str, object]]) -> None:
    assert figures("iris.toml", "--seed", "7")["train_loss"] != figures("iris.toml", "--seed", "8")["train_loss"]


@pytest.mark.parametrize(
    ("hidden", "parameters"), [("5", 4 * 5 + 5 + 5 * 3 + 3), ("5,2", 25 + 12 + 9), ("none", 15), ("", 15)]
)
def test_hidden_lists_the_neurons_of_each_hidden_layer(
    hidden: str, parameters: int, figures: Callable[..., dict[str, object]]
) -> None:
    assert figures("iris.toml", "--hidden", hidden)["parameters"] == parameters


def test_activation_takes_one_name_for_each_hidden_layer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "iris.toml", "--plain", "--hidden", "3,3", "--activation", "tanh,sigmoid"]) == 0
    assert "4-3-3-3: tanh, sigmoid, softmax" in capsys.readouterr().out


def test_data_takes_a_built_in_name_or_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "iris.toml", "--plain", "--data", "circle"]) == 0
    assert "circle: 400 rows" in capsys.readouterr().out
    assert run(["train", "iris.toml", "--plain", "--data", "flowers.csv", "--target", "kind"]) == 0
    assert "flowers: 4 rows" in capsys.readouterr().out


def test_a_csv_file_from_a_spreadsheet_trains_with_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--plain", "--data", "blumen.csv", "--decimal", ",", "--target", "3"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^predict   gradstep predict (\S+) FILE\nexport    gradstep export \1$", out, re.MULTILINE)
    assert "blumen: 8 rows" in out and "network   3-16-16-1:" in out
    assert re.search(r"^test .* accuracy 1.0000$", out, re.MULTILINE)


def test_large_targets_are_scaled_and_the_header_says_how(
    figures: Callable[..., dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    summary = figures("--data", "prices.csv", "--task", "regression")
    assert isinstance(summary["test_loss"], float) and summary["test_loss"] < 0.1
    assert re.search(r"^targets   price = 2\d{5} \+ \d+\.?\d* · output$", capsys.readouterr().out, re.MULTILINE)


def test_a_folder_of_mnist_files_is_found_without_a_slash_in_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    write_mnist(Path("mnist"), train=60, test=9)
    assert run(["train", "--plain", "--data", "mnist", "--max-epochs", "1"]) == 0
    assert "mnist: 60 rows to train on, 9 held out, scale minmax" in capsys.readouterr().out


def test_noise_raises_the_loss(figures: Callable[..., dict[str, object]]) -> None:
    clean, noisy = (figures("--data", "circle", "--noise", noise)["train_accuracy"] for noise in ("0", "0.5"))
    assert isinstance(clean, float) and isinstance(noisy, float) and noisy < clean


def test_every_field_of_the_experiment_has_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    options = set(re.findall(r"--[a-z0-9-]+", capsys.readouterr().out))
    only_in_a_file = {"x", "y", "weights", "biases"}
    by_data = {"name", "path"}
    tables = make_experiment({})
    fields = {field for _, table in tables for field in type(table).model_fields} - only_in_a_file - by_data
    assert {"--" + field.replace("_", "-") for field in fields} | {"--data"} <= options


@pytest.fixture
def mazur(files: Path) -> str:
    """The experiment of Mazur, "A Step by Step Backpropagation Example"."""
    (files / "mazur.toml").write_text(MAZUR)
    return "mazur.toml"


def test_trace_prints_every_number_of_an_update_as_json(mazur: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", mazur, "--step", "1", "--format", "json"]) == 0
    update = json.loads(capsys.readouterr().out)
    hidden, output = update["layers"]
    assert (update["x"], update["y"]) == ([[0.05, 0.10]], [[0.01, 0.99]])
    assert hidden["z"] == [pytest.approx([0.3775, 0.3925], abs=1e-12)]
    assert hidden["a"] == [pytest.approx([0.593269992107, 0.596884378260], abs=1e-12)]
    assert output["z"] == [pytest.approx([1.105905967, 1.224921404], abs=1e-9)]
    assert output["a"] == [pytest.approx([0.751365069552, 0.772928465321], abs=1e-12)]
    assert update["loss"] == pytest.approx(0.298371108760, abs=1e-12)
    assert output["delta"] == [pytest.approx([0.138498561629, -0.038098236517], abs=1e-12)]
    assert hidden["delta"] == [pytest.approx([0.008771354689, 0.009954254705], abs=1e-12)]
    assert output["old_weights"] == [[0.40, 0.45], [0.50, 0.55]]
    assert output["new_weights"][0] == pytest.approx([0.358916479718, 0.408666186076], abs=1e-12)
    assert hidden["new_weights"][1] == pytest.approx([0.249751143632, 0.299502287265], abs=1e-12)
    assert update["loss_after"] == pytest.approx(0.291027773694, abs=1e-12)


def test_trace_prints_the_same_numbers_as_text(mazur: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", mazur, "--step", "1"]) == 0
    text = capsys.readouterr().out
    for number in ("0.3775", "0.593269992107", "0.29837110876", "0.138498561629", "0.358916479718", "0.291027773694"):
        assert number in text


def test_trace_makes_the_updates_before_the_one_it_prints(mazur: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trace", mazur, "--step", "10000", "--format", "json"]) == 0
    update = json.loads(capsys.readouterr().out)
    assert update["step"] == 10_000
    assert update["loss_after"] == pytest.approx(3.510187783e-5, abs=1e-14)


def test_a_trace_of_many_rows_and_neurons_prints_every_number(capsys: pytest.CaptureFixture[str]) -> None:
    Path("digits.toml").write_text("")
    assert run(["trace", "digits.toml", "--step", "1"]) == 0
    assert "..." not in capsys.readouterr().out


def test_a_trace_with_an_overflow_is_valid_json(capsys: pytest.CaptureFixture[str]) -> None:
    Path("far.toml").write_text('[data]\nx = [[1e200]]\ny = [[0.0]]\n[network]\nhidden = []\ninit = "zeros"\n')
    assert run(["trace", "far.toml", "--step", "1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail)["step"] == 1


def test_datasets_lists_the_built_in_data_sets(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["datasets"]) == 0
    out = capsys.readouterr().out
    assert re.findall(r"^.{28}(\w+)$", out, re.MULTILINE) == list(BUILT_IN)
    for facts in (
        "classification: 1797 rows, 64 inputs",
        "3 classes: ○ setosa, ● versicolor, × virginica",
        "regression: 200 rows, 1 input\n",
    ):
        assert facts in out


@pytest.mark.parametrize("classes", [4, 40])
def test_a_data_set_may_have_more_classes_than_the_built_in_ones(classes: int) -> None:
    points = np.linspace(0, 1, classes)
    names = tuple(f"class {index}" for index in range(classes))
    inputs, labels = np.column_stack([points, points]), np.arange(classes)
    dataset = Dataset("many", "classification", inputs, labels, None, ("across", "up"), names)
    drawn = draw_gallery([dataset])
    assert f"{classes} classes: ○ class 0, ● class 1, × class 2, A class 3" in drawn
    assert names[-1] in drawn


def test_the_pictures_of_the_data_sets_are_ascii_unless_the_encoding_is_utf_8() -> None:
    ended = subprocess.run(
        [GRADSTEP, "datasets"], env={**os.environ, "PYTHONIOENCODING": "latin-1"}, capture_output=True, check=True
    )
    assert ended.stdout.isascii()
    assert b"3 classes: o setosa, @ versicolor, x virginica" in ended.stdout


def test_version_is_the_version_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"gradstep {version}\n"


def test_version_imports_nothing_heavy() -> None:
    script = "import sys; from gradstep.tui.cli.main import run; run(['--version']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "typer" in loaded
    assert not {"numpy", "pydantic", "textual", "plotext"}.intersection(loaded)


def test_without_a_terminal_the_program_prints_text() -> None:
    ended = gradstep("train", "iris.toml")
    assert ended.returncode == 0
    assert ended.stdout.startswith("data      iris")
    assert ended.stderr == ""


def test_on_a_dumb_terminal_the_program_prints_text() -> None:
    text, status = pexpect.run(
        f"{GRADSTEP} train iris.toml", env={**os.environ, "TERM": "dumb"}, withexitstatus=True, encoding="utf-8"
    )
    assert status == 0
    assert text.startswith("data      iris")
    assert "\x1b" not in text


def test_output_to_a_pipe_is_text_even_if_the_input_is_a_terminal() -> None:
    text, status = pexpect.run(
        f"sh -c '{GRADSTEP} train iris.toml | cat'",
        env={**os.environ, "TERM": "xterm"}, withexitstatus=True, encoding="utf-8",
    )  # fmt: skip
    assert status == 0
    assert text.startswith("data      iris")
    assert "\x1b" not in text


def test_a_character_outside_the_encoding_does_not_end_a_run() -> None:
    ended = subprocess.run(
        [GRADSTEP, "train", "iris.toml", "--test-fraction", "0"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert ended.returncode == 0
    assert re.search(rb"^test +\?$", ended.stdout, re.MULTILINE)


def test_ctrl_c_ends_a_plain_run_with_its_summary_and_status_130(files: Path) -> None:
    with subprocess.Popen(
        [GRADSTEP, "train", "--max-steps", "1000000000", "--summary", "summary.json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None and program.stderr is not None
        while not program.stdout.readline().startswith("epoch"):
            pass
        program.send_signal(signal.SIGINT)
        assert re.search(r"^stopped +interrupted", program.stdout.read(), re.MULTILINE)
        assert program.stderr.read() == ""
    assert program.returncode == 130
    assert json.loads((files / "summary.json").read_text())["stopped"] == "interrupted"


def test_a_closed_pipe_ends_the_program_silently() -> None:
    with subprocess.Popen(
        [GRADSTEP, "train", "--max-steps", "1000000000"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None and program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        assert program.stderr.read() == ""
    assert program.returncode == 1


@pytest.mark.parametrize("command", ["train --max-steps 5", "datasets", "lessons", "--version", "trace mazur --step 1"])
def test_a_full_disk_is_reported_in_one_line(command: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [GRADSTEP, *command.split()], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (
        2,
        "gradstep: the output cannot be written: No space left on device\n",
    )


def test_a_divergence_exits_with_status_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--plain", "--output", "linear", "--loss", "mse", "--learning-rate", "1e9"]) == 3
    out, err = capsys.readouterr()
    assert re.search(r"^stopped +diverged", out, re.MULTILINE)
    assert re.fullmatch(r"gradstep: step \d+: [^\n]+\n", err)


@pytest.mark.parametrize("step", ["2", "50"])
def test_trace_of_a_run_that_diverges_before_exits_with_status_3(
    step: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "huge.toml").write_text('[data]\nname = "sine"\n[training]\noptimizer = "sgd"\nlearning_rate = 1e300\n')
    assert run(["trace", "huge.toml", "--step", step]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gradstep: step ")
    assert len(err.splitlines()) == 1


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_traceback(tmp_path: Path) -> None:
    # typer, the first module that is loaded, is interrupted
    (tmp_path / "typer.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)\n")
    done = subprocess.run(
        [GRADSTEP, "datasets"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        # a shell that runs tests in the background has it ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize(("command", "statuses"), [("train", "02341"), ("resume", "02341"), ("sweep", "0231")])
def test_the_help_of_a_training_names_its_exit_statuses(
    capsys: pytest.CaptureFixture[str], command: str, statuses: str
) -> None:
    assert run([command, "--help"]) == 0
    line = " ".join(capsys.readouterr().out.split()).partition("Exit status: ")[2].partition("ctrl+c.")[0]
    assert [each.split()[0][0] for each in line.split(", ")] == list(statuses)
