"""The commands in the table of docs/data.md reach what stands beside them."""

import json
import re
from pathlib import Path

import pytest

from gradstep.data.registry import BUILT_IN
from gradstep.tui.cli.main import run

DATA = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\w+) \| `(--data [^`]+)` \| (\w+) (accuracy|loss) ([\d.]+) \|$", DATA, re.MULTILINE)


def test_every_built_in_set_has_a_row() -> None:
    assert [name for name, *_ in ROWS] == list(BUILT_IN)


@pytest.mark.parametrize(("name", "options", "part", "figure", "said"), ROWS, ids=[name for name, *_ in ROWS])
def test_the_command_of_a_set_reaches_what_the_table_says(
    name: str, options: str, part: str, figure: str, said: str, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.json"
    assert run(["train", "--plain", "--summary", str(summary), *options.split()]) == 0
    reached = json.loads(summary.read_text())[f"{part}_{figure}"]
    assert reached >= float(said) if figure == "accuracy" else reached <= float(said)
