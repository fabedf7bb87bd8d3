"""What the README says is what the program does."""

import re
import tomllib
from pathlib import Path

import pytest

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.assemble import assemble
from gradstep.data.experiment import experiment_from
from gradstep.data.registry import BUILT_IN
from gradstep.tui.cli.main import run
from gradstep.tui.keymap import EXPERIMENT_KEYS, EXPLORER_KEYS, KEYS, RACE_KEYS, WALK_KEYS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXPERIMENTS = [tomllib.loads(text) for text in re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)]
KEYS_TABLES = README.split("## Keys")[1].split("## The experiment file")[0]


def test_the_first_experiment_file_is_the_default_one() -> None:
    default = assemble(experiment_from({})).experiment
    assert experiment_from(EXPERIMENTS[0]) == default


def test_the_second_experiment_file_makes_a_run() -> None:
    assert assemble(experiment_from(EXPERIMENTS[1])).network.sizes == (2, 2, 2)


@pytest.mark.parametrize("name", [*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *INITIALIZERS])
def test_every_choice_is_named_there_and_in_the_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    assert name in capsys.readouterr().out
    assert name in README


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_data_set_is_named(name: str) -> None:
    assert name in README


@pytest.mark.parametrize(
    "key",
    [key for entry in (*KEYS, *WALK_KEYS, *EXPERIMENT_KEYS, *EXPLORER_KEYS, *RACE_KEYS) for key in entry.shown.split()],
)
def test_every_key_is_in_the_table(key: str) -> None:
    assert re.search(rf"(?<!\w){re.escape(key)}(?!\w)", KEYS_TABLES)
