"""The commands in the table of docs/data.md reach what stands beside them."""

import json
import re
from pathlib import Path

import pytest

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.registry import BUILT_IN
from gradstep.tui.cli.main import run

DATA = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\w+) \| `(--data [^`]+)` \| (\w+) (accuracy|loss) ([\d.]+) \|$", DATA, re.MULTILINE)
SEEDS = range(5)


def test_every_built_in_set_has_a_row() -> None:
    assert [name for name, *_ in ROWS] == list(BUILT_IN)


@pytest.mark.parametrize(("name", "options", "part", "figure", "said"), ROWS, ids=[name for name, *_ in ROWS])
def test_the_command_of_a_set_reaches_what_the_table_says(
    name: str, options: str, part: str, figure: str, said: str, tmp_path: Path
) -> None:
    assert options == f"--data {name}", "a set is learnt without further options"
    summary = tmp_path / "summary.json"
    assert run(["train", "--plain", "--summary", str(summary), *options.split()]) == 0
    reached = json.loads(summary.read_text())[f"{part}_{figure}"]
    assert reached >= float(said) if figure == "accuracy" else reached <= float(said)


@pytest.mark.parametrize("seed", SEEDS[1:])
@pytest.mark.parametrize(("name", "figure", "said"), [(row[0], *row[3:]) for row in ROWS], ids=[row[0] for row in ROWS])
def test_it_does_so_from_every_seed(name: str, figure: str, said: str, seed: int) -> None:
    run = assemble(make_experiment({"data": {"name": name, "seed": seed}, "network": {"seed": seed}}))
    assert run.experiment.training.max_epochs is not None
    run.trainer.run(lambda: False, until=run.trainer.end_of_epoch(run.experiment.training.max_epochs))
    test = run.trainer.evaluate().test
    assert test is not None
    if figure == "accuracy":
        assert test.accuracy is not None and test.accuracy >= float(said)
    else:
        assert test.loss <= float(said)
