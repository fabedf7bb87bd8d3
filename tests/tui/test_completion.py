"""What a shell completes, and what the help of a command looks like."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from gradstep.data.experiment import Experiment
from gradstep.data.registry import BUILT_IN
from gradstep.data.saved_runs import name_new_run
from gradstep.tui.cli.main import app, run

GRADSTEP = Path(sys.executable).with_name("gradstep")


def complete(line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What bash is offered for a line, whose last word is being typed."""
    monkeypatch.setenv("_GRADSTEP_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    capsys.readouterr()
    with pytest.raises(SystemExit):
        app(prog_name="gradstep")
    return capsys.readouterr().out.split()


def test_a_shell_is_offered_commands_options_and_their_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("flowers.csv").touch()
    offered = {
        "gradstep res": ["resume"],
        "gradstep --optim": ["--optimizer"],
        "gradstep train --max-s": ["--max-steps"],
        "gradstep train --optimizer a": ["adam"],
        "gradstep --optimizer a": ["adam"],
        "gradstep train --activation relu,t": ["relu,tanh"],
        "gradstep train --activation s": ["step", "sigmoid"],
        "gradstep train --output softm": ["softmax"],
        "gradstep train --init xa": ["xavier"],
        "gradstep train --loss half": ["half_sse"],
        "gradstep train --scale st": ["standard"],
        "gradstep train --task reg": ["regression"],
        "gradstep train --features x1,x2^": ["x1,x2^2"],
        "gradstep train --glyphs bra": ["braille"],
        "gradstep train --pace m": ["max"],
        "gradstep train --data flow": ["flowers.csv"],
        "gradstep train ir": ["iris"],
        "gradstep walk mazur-": ["mazur-biases"],
        "gradstep learn first": ["first-light"],
        "gradstep train --hidden 1": [],
    }
    for line, words in offered.items():
        assert complete(line, capsys, monkeypatch) == words, line
    assert set(complete("gradstep train --data ", capsys, monkeypatch)) == {*BUILT_IN, "flowers.csv"}


def test_a_shell_is_offered_the_saved_runs_and_nothing_where_they_cannot_be_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["train", "iris", "--plain", "--max-steps", "1"]) == 0
    own = name_new_run("iris").name[:10]
    (offered,) = complete(f"gradstep resume {own}", capsys, monkeypatch)
    assert offered.endswith("-iris")
    monkeypatch.setattr("gradstep.data.saved_runs.find_saved_runs", lambda: 1 / 0)
    assert complete("gradstep resume ", capsys, monkeypatch) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_printed(shell: str) -> None:
    environment = os.environ | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    command = [GRADSTEP, "--show-completion", shell]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "_GRADSTEP_COMPLETE=complete_" + shell in ended.stdout


def test_the_help_is_in_groups_and_true_about_the_defaults(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["train", "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    headings = [line.strip("╭╮─ ") for line in lines if line.startswith("╭")]
    for heading in ("Data", "Network", "Training", "Stopping", "Screen"):
        assert any(each.split(" (")[0] == heading for each in headings)
    train = get_command(app).commands["train"]  # type: ignore[attr-defined]
    experiment = Experiment().model_dump()
    defaults = {name: value for table in experiment.values() for name, value in table.items()}
    for option in train.params:
        # an option stands whole on its line
        assert any(re.match(rf"│ {option.opts[0]}[ ,]", line) for line in lines) or not option.opts[0].startswith("--")
        value = defaults.get(option.name)
        if isinstance(value, str | float | int) and not isinstance(value, bool) and option.name != "name":
            assert option.show_default == (f"{value:g}" if isinstance(value, float) else str(value)), option.name
