"""The list of the saved runs, and their deletion."""

import os
from pathlib import Path

import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.training.history import History
from gradstep.data.assemble import assemble
from gradstep.data.delete_runs import delete_runs, find_run_folders
from gradstep.data.experiment import make_experiment
from gradstep.data.run_facts import NO_FACTS, RunFacts, read_facts
from gradstep.data.run_list import list_runs
from gradstep.data.run_lock import RunIsOpen
from gradstep.data.run_score import score_history
from gradstep.data.saved_runs import SavedRun, name_new_run


@pytest.fixture
def home(state_home: Path) -> Path:
    return state_home / "gradstep" / "runs"


def save(data: str = "xor", steps: int = 30, **training: object) -> SavedRun:
    run = assemble(make_experiment({"data": {"name": data}, "training": training}))
    run.trainer.run(lambda: False, until=steps)
    saves = name_new_run(data)
    saves.write(run.checkpoint(2.5))
    saves.close()
    return saves


def test_a_run_is_listed_with_its_figures_without_reading_its_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    saves = save("iris", learning_rate=0.05)
    # the head alone: what follows it may even be missing
    path = saves.checkpoints()[0]
    content = path.read_bytes()
    path.write_bytes(content[: 8 + int.from_bytes(content[:8], "little")])
    (run,) = list_runs()
    assert (run.name, run.step, run.seconds, run.learning_rate, run.problem) == (saves.name, 30, 2.5, 0.05, "")
    assert run.facts.sizes == (4, 16, 16, 3)
    assert run.facts.rows == 150
    assert run.facts.score is not None
    assert (run.facts.score.part, run.facts.score.measure) == ("test", "accuracy")
    assert run.experiment is not None
    assert run.experiment.training.optimizer == "sgd"
    assert not run.is_open


def test_the_score_of_a_history_is_its_best_and_its_newest() -> None:
    history = History()
    history.add_learning_rate(0, 0.1)
    assert score_history(history, "test") is None
    for loss in (3.0, 1.0, 2.0):
        history.add_loss(loss)
    score = score_history(history, "test")
    assert score is not None
    assert (score.part, score.best, score.best_step, score.last, score.last_step) == ("training", 1.0, 2, 2.0, 3)
    history.add_watched_score(1, 0.7, None)
    history.add_watched_score(3, 0.9, None)
    score = score_history(history, "test")
    assert score is not None
    assert (score.part, score.measure, score.best, score.last) == ("test", "loss", 0.7, 0.9)


def test_the_best_score_of_the_list_is_that_of_the_lowest_loss_as_in_the_report_of_the_run(home: Path) -> None:
    history = History()
    for step, loss, accuracy in ((0, 0.9, 0.5), (10, 0.6, 0.7), (20, 0.8, 0.75)):
        history.add_watched_score(step, loss, accuracy)
    history.add_resting_score(25, 0.7, 0.72)
    score = score_history(history, "test")
    assert score is not None
    assert (score.measure, score.best, score.best_step, score.last, score.last_step) == ("accuracy", 0.7, 10, 0.72, 25)
    run = assemble(make_experiment({"data": {"name": "iris", "validation_fraction": 0.2}}))
    run.trainer.run(lambda: False, until=33)
    run.trainer.record_score()
    saves, best = name_new_run("iris"), run.trainer.best
    saves.write(run.checkpoint(1.0))
    saves.close()
    listed, assessed = list_runs()[0].facts.score, run.trainer.watched_score()
    assert best is not None and listed is not None and assessed is not None
    assert (listed.best_step, listed.best) == (best.step, best.score.accuracy)
    assert (listed.last_step, listed.last) == (33, assessed.accuracy)


def test_damaged_and_foreign_entries_are_told_and_hide_no_run(home: Path) -> None:
    good, damaged = save(), save()
    damaged.checkpoints()[0].write_bytes(b"nothing of this kind")
    (home / "mine").mkdir()
    (home / "mine" / "note.txt").touch()
    (home / "loose.txt").touch()
    (home / "begun").mkdir()
    problems = {run.name: run.problem for run in list_runs()}
    assert problems.keys() == {good.name, damaged.name, "mine", "loose.txt"}
    assert problems[good.name] == ""
    assert "not a checkpoint of gradstep" in problems[damaged.name]
    assert problems["mine"] == "holds note.txt, and no checkpoint"
    assert problems["loose.txt"] == "no folder of a run"


def test_an_open_run_is_marked_and_listing_does_not_lock_it() -> None:
    saves = save()
    assert not list_runs()[0].is_open
    saves.open()
    assert [(run.is_open, run.process) for run in list_runs()] == [(True, str(os.getpid()))]
    saves.close()
    saves.open()


@pytest.mark.parametrize(
    "text",
    ["", "7", "[]", "{}", "[" * 5000, '{"sizes": [-1], "rows": 1, "data_from_folder": "", "score": null}',
     '{"sizes": [2], "rows": 1e999, "data_from_folder": "", "score": null}',
     '{"sizes": [2], "rows": 1, "data_from_folder": 3, "score": null}',
     '{"sizes": [2], "rows": 1, "data_from_folder": "", "score": {"part": "moon"}}',
     '{"sizes": [2], "rows": 1, "data_from_folder": "", "score": {"part": "test", "measure": "loss", "best": "NaN", '
     '"best_step": 1, "last": 2, "last_step": 1}}'],
)  # fmt: skip
def test_facts_that_no_run_has_are_no_facts(text: str) -> None:
    assert read_facts(text) == NO_FACTS


def test_only_the_named_runs_are_deleted_and_nothing_that_is_not_of_gradstep(home: Path, tmp_path: Path) -> None:
    first, second, third = save(), save(), save()
    elsewhere = third.folder.rename(tmp_path / "elsewhere")
    third.folder.symlink_to(elsewhere)
    (second.folder / "note.txt").write_text("keep")
    left = delete_runs(find_run_folders([second.name, str(third.folder), third.name]))
    assert left == [f"{second.name}: kept, it also holds note.txt, which gradstep did not write"]
    assert sorted(path.name for path in second.folder.iterdir()) == ["note.txt"]
    assert not third.folder.exists()
    assert len(list(elsewhere.glob("step-*"))) == 1
    assert [run.name for run in list_runs() if not run.problem] == [first.name]


def test_a_run_that_is_open_is_not_deleted_nor_any_that_is_named_with_it() -> None:
    first, second = save(), save()
    second.open()
    with pytest.raises(RunIsOpen):
        delete_runs(find_run_folders([first.name, second.name]))
    assert len(list_runs()) == 2
    with pytest.raises(GradstepError, match="there is no saved run other; gradstep runs lists"):
        find_run_folders([first.name, "other"])


def test_facts_are_read_as_they_were_written() -> None:
    facts = RunFacts((4, 16, 3), 150, 151, "../iris.csv", None, True, 240)
    assert read_facts(facts.to_json()) == facts
