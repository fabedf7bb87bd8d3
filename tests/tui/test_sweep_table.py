"""The table of a sweep: whole headings at every width, and only combinations of which a run is done."""

import io

import pytest
from rich.console import Console

from gradstep.data.experiment import make_experiment
from gradstep.data.sweep.standings import find_standings
from gradstep.data.sweep.sweep import Sweep
from gradstep.data.sweep.train_group import train_group
from gradstep.data.sweep.variation import combine, read_axis
from gradstep.tui.cli.sweep_table import make_table_for_screen

AXES = ("learning_rate=1e300,0.1", "hidden=8/16,16", "batch_size=10,full", "optimizer=sgd,momentum", "l2=0.01,0.001")


def draw(fields: int, width: int, done: int) -> tuple[list[str], int]:
    """The lines of the table after so many combinations, and the number of all."""
    base = make_experiment({"data": {"name": "iris"}, "training": {"max_epochs": 2}})
    sweep = Sweep(base, combine([read_axis(text) for text in AXES[:fields]], None), None)
    results = {result.index: result for run in sweep.runs[len(sweep.runs) - done :] for result in train_group([run])}
    console = Console(width=width, height=24, file=io.StringIO(), legacy_windows=False)
    standings = find_standings(sweep, results)
    console.print(make_table_for_screen(standings, "validation", "so many of them done", console))
    text = console.file
    assert isinstance(text, io.StringIO)
    return text.getvalue().splitlines(), len(standings)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("fields", [4, 5])
def test_headings_break_between_words_alone(fields: int, width: int) -> None:
    lines, combinations = draw(fields, width, 3)
    assert f"{combinations - 3} still to come" in lines[0]
    rule = next(index for index, line in enumerate(lines) if "──" in line)
    headings = " ".join(lines[1:rule]).split()
    names = [axis.partition("=")[0] for axis in AXES[:fields]]
    allowed = {*names, *(part for name in names for part in (f"{name.partition('_')[0]}_", name.rpartition("_")[2]))}
    assert {*headings} <= allowed | {"runs", "diverged", "loss", "±", "accuracy"}
    assert {"runs", "loss", "accuracy", "hidden", "optimizer"} <= {*headings}
    rows = [line for line in lines[rule + 1 :] if "/1 " in line]
    assert len(rows) == 3 and all(row.split()[1] in ("16", "8/16") for row in rows)
    assert len(lines) < 24 and max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [40, 60])
def test_in_a_narrow_terminal_what_is_varied_is_written_in_whole_words(width: int) -> None:
    lines, _ = draw(4, width, 16)
    words = " ".join(lines).split()
    assert {"learning_rate=0.1", "hidden=8/16", "combination", "runs", "loss"} <= {*words}
    assert "the best" in " ".join(lines[:2]) and len(lines) < 24 and max(map(len, lines)) <= width


def test_before_the_first_result_no_part_is_named() -> None:
    lines, _ = draw(2, 80, 0)
    assert lines[0].rstrip() == "mean over the seeds, 4 still to come"


def test_a_combination_without_a_run_stands_behind_those_that_diverged() -> None:
    base = make_experiment({"data": {"name": "iris"}, "training": {"max_epochs": 1}})
    sweep = Sweep(base, combine([read_axis("learning_rate=0.1,1e300")], None), None)
    results = {result.index: result for result in train_group(sweep.runs[1:])}
    assert [standing.done for standing in find_standings(sweep, results)] == [1, 0]
