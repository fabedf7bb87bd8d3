"""A sweep: what it varies, which runs train together, and results that are those of single runs."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.training.divergence import Diverged
from gradstep.data.assemble import assemble
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.sweep.journal import Journal
from gradstep.data.sweep.run_sweep import run_sweep
from gradstep.data.sweep.standings import find_standings, format_csv, format_json
from gradstep.data.sweep.sweep import MOST_TOGETHER, Sweep, find_groups
from gradstep.data.sweep.train_group import RunResult, train_group
from gradstep.data.sweep.variation import Axis, combine, describe_draws, read_axis
from gradstep.tui.session.endings import find_planned_end, judge_end

IRIS = make_experiment({"data": {"name": "iris"}, "training": {"max_epochs": 12}})


def make_sweep(*axes: str, seeds: int | None = None, base: Experiment = IRIS, draws: int | None = None) -> Sweep:
    return Sweep(base, combine([read_axis(axis) for axis in axes], draws), seeds)


def train_all(sweep: Sweep) -> dict[int, RunResult]:
    return {result.index: result for group in find_groups(sweep.runs, 2) for result in train_group(group)}


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        ("learning_rate=0.01,0.1", Axis("training.learning_rate", (0.01, 0.1))),
        ("hidden=8/16,16,none", Axis("network.hidden", ([8, 16], [16], []))),
        ("activation=relu,tanh/relu", Axis("network.activation", ("relu", ["tanh", "relu"]))),
        ("batch_size=1,32,full", Axis("training.batch_size", (1, 32, "full"))),
        ("class_weights=balanced,1/5/1", Axis("training.class_weights", ("balanced", [1.0, 5.0, 1.0]))),
        ("train_biases=true,false", Axis("network.train_biases", (True, False))),
        ("l2 = 1e-5..1e-2", Axis("training.l2", (), 1e-5, 1e-2)),
    ],
)
def test_an_axis_is_read_as_the_option_of_its_name(text: str, axis: Axis) -> None:
    assert read_axis(text) == axis


@pytest.mark.parametrize(
    ("axes", "draws", "words"),
    [
        (["learning_rate"], None, "must be a field and its values"),
        (["rate=1"], None, "there is no such field"),
        (["seed=1"], None, "data.seed or network.seed"),
        (["learning_rate=1..0.1"], None, "a range goes from a number above 0 to a larger one"),
        (["learning_rate=0.1..1"], None, "a range needs --random N"),
        (["l2=0", "l2=1"], None, "is named twice"),
        (["hidden=16,16"], None, "names 16 twice; / joins the items of one value"),
        (["learning_rate=0.1,0.1"], None, "names 0.1 twice"),
        (["hidden=2..8"], 3, "only a number has a range"),
        (["learning_rate=0.1,-1"], None, "training.learning_rate = -1"),
        (["optimizer=adamm"], None, 'did you mean "adam"'),
    ],
)
def test_what_is_no_axis_is_refused_before_anything_is_trained(axes: list[str], draws: int | None, words: str) -> None:
    with pytest.raises(GradstepError, match=words):
        make_sweep(*axes, draws=draws)


def test_seeds_are_refused_where_no_seed_draws_the_first_weights() -> None:
    given = make_experiment({"data": {"name": "xor"}, "network": {"hidden": [], "weights": [[[1.0, 2.0]]]}})
    with pytest.raises(GradstepError, match="gives the first weights"):
        make_sweep(seeds=2, base=given)
    with pytest.raises(GradstepError, match="only one of them"):
        make_sweep("network.seed=1,2", seeds=2)


def test_draws_are_different_and_the_same_each_time() -> None:
    axes = [read_axis("learning_rate=0.001..1"), read_axis("hidden=4,8"), read_axis("batch_size=4..64")]
    drawn = combine(axes, 20)
    assert drawn == combine(axes, 20)
    assert len({repr(each) for each in drawn}) == 20
    for each in drawn:
        rate, size = each["training.learning_rate"], each["training.batch_size"]
        assert isinstance(rate, float) and 0.001 <= rate <= 1
        assert isinstance(size, int) and 4 <= size <= 64
    assert len(combine([read_axis("hidden=4,8")], 5)) == 2


def test_a_group_has_networks_of_one_shape_only_and_every_run_is_in_one() -> None:
    sweep = make_sweep("hidden=4,8/4", "learning_rate=0.01,0.1", "l2=0,0.1", "batch_size=10,20", seeds=3)
    groups = list(find_groups(sweep.runs, 2))
    assert sorted(run.index for group in groups for run in group) == list(range(len(sweep.runs)))
    for group in groups:
        assert len({(run.experiment.network.hidden, run.experiment.training.batch_size) for run in group}) == 1
        assert len(group) <= MOST_TOGETHER
    assert any(len({run.values["training.l2"] for run in group}) > 1 for group in groups)


@pytest.mark.parametrize(
    ("texts", "draws", "drawn", "words"),
    [
        (["learning_rate=0.01,0.1", "hidden=4,8"], 20, 4, "only 4 different combinations, and all of them are trained"),
        (["learning_rate=0.01,0.1", "hidden=4,8"], 4, 4, ""),
        (["batch_size=3..7"], 9, 5, "only 5 different combinations"),
        (["learning_rate=0.0995..0.102"], 50, 8, "only 8 different combinations"),
        (["learning_rate=0.1004..0.1006"], 3, 2, "only 2 different combinations"),
        ([], 2, 1, "--random 2: there is only 1 combination, and it is trained"),
    ],
)
def test_fewer_combinations_than_asked_for_are_told_with_the_reason(
    texts: list[str], draws: int, drawn: int, words: str
) -> None:
    axes = [read_axis(text) for text in texts]
    combinations = combine(axes, draws)
    assert len(combinations) == drawn == len({repr(each) for each in combinations})
    told = describe_draws(axes, draws, drawn)
    assert words in told and bool(words) == bool(told)
    for axis in (axis for axis in axes if axis.is_range):
        assert all(axis.low <= float(str(each[axis.field])) <= axis.high for each in combinations)


def test_draws_that_collide_are_told() -> None:
    words = describe_draws([read_axis("batch_size=1..1000")], 1000, 992)
    assert words == "--random 1000: only 992 different combinations came in 100,000 draws, of the 1,000 that there are"


def test_a_sweep_holds_out_a_validation_part_by_which_the_best_is_chosen() -> None:
    sweep = make_sweep("learning_rate=0.1,0.2")
    assert {run.experiment.data.validation_fraction for run in sweep.runs} == {0.1}
    own = make_experiment({"data": {"name": "iris", "validation_fraction": 0.3}})
    assert make_sweep("learning_rate=0.1,0.2", base=own).runs[0].experiment.data.validation_fraction == 0.3


@pytest.mark.parametrize(
    "axes",
    [
        ("hidden=8,none", "learning_rate=0.01,1e300"),
        ("patience=1,3", "learning_rate=0.5"),
        ("target_loss=0.3", "optimizer=adam,momentum"),
        ("max_steps=30", "batch_size=7,full"),
        ("init=he,zeros", "dtype=float32"),
    ],
)
def test_a_result_is_what_a_run_of_its_own_comes_to(axes: tuple[str, ...]) -> None:
    sweep = make_sweep(*axes, seeds=2)
    results = train_all(sweep)
    for run in sweep.runs:
        single, result = assemble(run.experiment), results[run.index]
        try:
            while find_planned_end(single) is None:
                single.trainer.update()
        except Diverged as error:
            assert (result.stopped, result.steps) == ("diverged", error.step - 1)
            continue
        steps, epochs = single.trainer.step, single.trainer.epoch
        limit = find_planned_end(single)
        assert limit is not None
        evaluation = judge_end(single, limit, 0.0).evaluation
        assert (result.stopped, result.steps, result.epochs) == (limit, steps, epochs)
        tolerance = 1e-9 if run.experiment.network.dtype == "float64" else 1e-4
        for part in ("train", "validation", "test"):
            score = getattr(evaluation, part)
            assert getattr(result, f"{part}_loss") == pytest.approx(score.loss, rel=tolerance)
            assert getattr(result, f"{part}_accuracy") == pytest.approx(score.accuracy)
        best = single.trainer.best
        assert best is not None and result.best_step == best.step
        assert result.best_validation_loss == pytest.approx(best.score.loss, rel=tolerance)


def test_combinations_stand_in_the_order_of_their_mean_validation_loss_and_diverged_ones_last() -> None:
    sweep = make_sweep("learning_rate=0.001,0.1,1e300", seeds=3)
    standings = find_standings(sweep, train_all(sweep))
    assert [standing.first.values["training.learning_rate"] for standing in standings] == [0.1, 0.001, 1e300]
    assert [standing.diverged for standing in standings] == [0, 0, 3]
    assert standings[-1].loss is None


def test_what_the_journal_has_is_not_trained_again(tmp_path: Path) -> None:
    sweep, journal = make_sweep("learning_rate=0.01,0.1", seeds=4), Journal(tmp_path / "sweeps" / "one.jsonl")
    with ThreadPoolExecutor(1) as executor:
        first = list(run_sweep(sweep, executor, 2, journal))[-1]
        # a kill in the middle of a line loses that line
        lines = journal.path.read_bytes().splitlines(keepends=True)
        journal.path.write_bytes(b"".join(lines[:5]) + lines[5][:20])
        again = list(run_sweep(sweep, executor, 2, journal))
    assert len(again[0]) >= 5
    assert {index: replace(result, seconds=0.0) for index, result in again[-1].items()} == {
        index: replace(result, seconds=0.0) for index, result in first.items()
    }
    assert len(journal.read()) == 8
    kept = [result for index, result in again[-1].items() if result == first[index]]
    assert len(kept) >= 5


def test_other_data_values_or_seeds_make_another_sweep(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a,b,class\n" + "\n".join(f"{i},{i % 7},{'x' if i % 3 else 'y'}" for i in range(60)))
    base = make_experiment({"data": {"path": str(file)}})
    digests = [make_sweep("l2=0,1", base=base).digest, make_sweep("l2=0,2", base=base).digest]
    digests += [make_sweep("l2=0,1", base=base, seeds=2).digest]
    file.write_text(file.read_text().replace("59,3", "58,3"))
    digests += [make_sweep("l2=0,1", base=base).digest]
    assert len(set(digests)) == 4


def test_the_results_are_written_as_csv_and_as_json() -> None:
    sweep = make_sweep("hidden=4/4,8", "learning_rate=0.1,1e300", seeds=2)
    results = train_all(sweep)
    rows = list(csv.DictReader(io.StringIO(format_csv(sweep, results))))
    assert [row["run"] for row in rows] == [str(number) for number in range(1, 9)]
    assert rows[0]["network.hidden"] == "4/4" and rows[1]["seed"] == "1"
    assert float(rows[0]["validation_loss"]) == results[0].validation_loss
    written = json.loads(format_json(sweep, results))
    assert written["judged_by"] == "validation"
    assert make_experiment(written["best"]).training.learning_rate == 0.1
    assert {combination["done"] for combination in written["combinations"]} == {2}
    diverged = next(row for row in written["runs"] if row["stopped"] == "diverged")
    assert diverged["training.learning_rate"] == 1e300
