"""Resuming: with other options, and on data that were moved or that grew."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.change_training import change_training
from gradstep.data.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.tui.cli.plain_run import train_in_text

HEADER, ROWS = "width,height,kind\n", [f"{i % 7},{i % 5},{'abc'[i % 3]}\n" for i in range(40)]


def train(data: dict[str, object], steps: int = 9, **training: object) -> Run:
    run = assemble(make_experiment({"data": data, "training": training}))
    run.trainer.run(lambda: False, until=steps)
    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    table = tmp_path / "data" / "flowers.csv"
    table.write_text(HEADER + "".join(ROWS))
    return table


@pytest.fixture
def checkpoint(table: Path, tmp_path: Path) -> Checkpoint:
    """A checkpoint of a run on the table, in a folder beside that of the data."""
    (tmp_path / "run").mkdir()
    path = tmp_path / "run" / "step.safetensors"
    write_checkpoint(path, train({"path": str(table)}).checkpoint(1.0))
    return read_checkpoint(path)


# options


def test_an_option_is_the_change_that_the_screen_makes() -> None:
    run = train({"name": "iris"})
    saved = run.checkpoint(0.0)
    tables = run.experiment.model_dump()
    tables["training"] |= {"learning_rate": 0.02, "l2": 0.001}
    expected = change_training(run, make_experiment(tables))
    resumed = resume_run(saved, training={"learning_rate": 0.02, "l2": 0.001, "patience": None})
    assert resumed.experiment == expected.experiment
    assert resumed.trainer.history.rate_changes == ((0, 0.1), (9, 0.02))
    for each in (resumed, expected):
        each.trainer.run(lambda: False, until=30)
    assert np.array_equal(resumed.network.parameters, expected.network.parameters)


def test_a_limit_keeps_the_rate_that_was_set_while_training_and_lifts_the_other_limit() -> None:
    run = train({"name": "iris"}, max_epochs=2)
    run.trainer.learning_rate = 0.3
    resumed = resume_run(run.checkpoint(0.0), training={"max_steps": 500})
    assert resumed.trainer.learning_rate == 0.3
    assert (resumed.experiment.training.max_epochs, resumed.experiment.training.max_steps) == (None, 500)
    assert resume_run(run.checkpoint(0.0)).experiment.training.max_epochs == 2


@pytest.mark.parametrize("given", [{"max_epochs": 200}, {"learning_rate": 0.05}, {"patience": 3}])
def test_a_run_that_patience_ended_goes_on_with_an_option_and_patience_counts_anew(given: dict[str, object]) -> None:
    run = train({"name": "iris", "validation_fraction": 0.2}, learning_rate=0.5, batch_size=8, patience=3)
    train_in_text(run)
    ended, epoch = run.trainer.step, run.trainer.epoch
    assert run.trainer.stop_reason == "patience"
    saved = run.checkpoint(0.0)
    assert train_in_text(resume_run(saved)).steps == ended, "without an option it is at its end"
    summary = train_in_text(resume_run(saved, training=given))
    # an epoch from which patience counts, and at least three that are no better
    assert summary.stopped == "patience" and summary.epochs >= epoch + 3


def test_another_optimizer_brings_the_rate_that_suits_it_unless_one_was_chosen() -> None:
    assert resume_run(train({"name": "iris"}).checkpoint(0), training={"optimizer": "adam"}).trainer.learning_rate < 0.1
    chosen = train({"name": "iris"}, learning_rate=0.123).checkpoint(0)
    assert resume_run(chosen, training={"optimizer": "adam"}).trainer.learning_rate == 0.123


def test_a_value_that_is_not_allowed_is_told() -> None:
    with pytest.raises(GradstepError, match=r"^training.learning_rate = -1"):
        resume_run(train({"name": "xor"}).checkpoint(0), training={"learning_rate": -1.0})


# data


def test_data_that_stayed_bring_no_note(checkpoint: Checkpoint) -> None:
    assert resume_run(checkpoint).notes == ()


def test_data_are_found_where_they_were_moved_together_with_the_checkpoint(
    checkpoint: Checkpoint, table: Path, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    for folder in ("data", "run"):
        (tmp_path / folder).rename(tmp_path / "home" / folder)
    moved = read_checkpoint(tmp_path / "home" / "run" / "step.safetensors")
    run = resume_run(moved)
    there = tmp_path / "home" / "data" / "flowers.csv"
    assert run.notes == (f"the data are now {there}",)
    assert run.experiment.data.path == str(there)
    assert run.trainer.step == 9
    with pytest.raises(GradstepError, match=r"no such file, and none of its name beside.*--data PATH says where"):
        resume_run(checkpoint)


@pytest.mark.parametrize("where", ["run", "here"])
def test_data_are_found_beside_the_checkpoint_and_in_the_current_folder(
    checkpoint: Checkpoint, table: Path, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    # a file of the same name with other data is passed over
    table.rename(tmp_path / where / "flowers.csv")
    table.write_text(HEADER + "".join(ROWS[::-1]))
    assert resume_run(checkpoint).notes == (f"the data are now {tmp_path / where / 'flowers.csv'}",)


def test_a_path_that_is_given_is_the_only_one(checkpoint: Checkpoint, table: Path, tmp_path: Path) -> None:
    other = tmp_path / "renamed.csv"
    shutil.copy(table, other)
    assert resume_run(checkpoint, str(other)).experiment.data.path == str(other)
    with pytest.raises(GradstepError, match=r"nowhere.csv: no such file"):
        resume_run(checkpoint, str(tmp_path / "nowhere.csv"))
    with pytest.raises(GradstepError, match="did not learn from a file, but the built-in set iris"):
        resume_run(train({"name": "iris"}).checkpoint(0), str(other))


@pytest.mark.parametrize(
    "added", [["3,4,a\n"], ["1,1,d\n"], ["9,9,b\n", "8,8,c\n"], ["large,1,a\n"], ["1,,a\n"], ["1,2\n"]]
)
def test_rows_that_were_added_are_left_out_and_told(checkpoint: Checkpoint, table: Path, added: list[str]) -> None:
    table.write_text(HEADER + "".join(ROWS + added))
    run = resume_run(checkpoint)
    assert len(run.dataset.inputs) == 40
    assert run.dataset.class_names == ("a", "b", "c")
    (note,) = run.notes
    assert "goes on with the first 40" in note or "the rows after row 40" in note
    # what is saved then is found again too
    again = resume_run(run.checkpoint(2.0))
    assert again.trainer.step == 9
    assert again.notes == run.notes


def test_rows_that_were_added_to_arrays_are_left_out(tmp_path: Path) -> None:
    x, y = np.arange(60.0).reshape(20, 3), np.arange(20) % 2
    np.savez(tmp_path / "a.npz", x=x, y=y)
    saved = train({"path": str(tmp_path / "a.npz")}).checkpoint(0)
    np.savez(tmp_path / "a.npz", x=np.vstack((x, x)), y=np.append(y, y))
    assert resume_run(saved).notes[0].startswith("20 rows were added to")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADER + "".join(ROWS[:-2]), "38 rows instead of 40"),
        (HEADER + "".join(ROWS[1:]) + "1,1,a\n2,2,b\n", "41 rows instead of 40, and the first 40 are not the same"),
        (HEADER + "".join(ROWS[::-1]), "40 rows as before, but other values"),
        ("width,kind\n" + "".join(f"{i},{'abc'[i % 3]}\n" for i in range(40)), "data.features"),
        (HEADER + "".join(f"{i},2,{'ab'[i % 2]}\n" for i in range(40)), "2 outputs instead of 3"),
    ],
)
def test_data_that_have_changed_are_refused_with_the_difference(
    checkpoint: Checkpoint, table: Path, content: str, said: str
) -> None:
    table.write_text(content)
    with pytest.raises(GradstepError) as error:
        resume_run(checkpoint)
    assert str(error.value).startswith(f"{table}: the data have changed since the run was saved: {said}")
    assert str(error.value).endswith("; a new run (gradstep train) learns them from the start")
