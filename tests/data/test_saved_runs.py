"""Saved runs: the last few checkpoints of each."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, tzinfo
from errno import EACCES
from pathlib import Path
from subprocess import PIPE

import pytest

from gradstep.core.errors import GradstepError
from gradstep.data import checkpoint as checkpoint_module
from gradstep.data.assemble import assemble
from gradstep.data.atomic_write import WriteError
from gradstep.data.experiment import make_experiment
from gradstep.data.find_run import find_checkpoint
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.run_lock import RunIsOpen
from gradstep.data.saved_runs import (
    CHECKPOINTS_KEPT,
    SavedRun,
    find_saved_runs,
    name_new_run,
    remove_leftovers,
)


@pytest.fixture
def home(state_home: Path) -> Path:
    return state_home / "gradstep" / "runs"


def a_run(steps: int = 1) -> Run:
    run = assemble(make_experiment({"data": {"name": "xor"}}))
    run.trainer.run(lambda: False, until=steps)
    return run


def saved(name: str = "xor", steps: int = 1) -> SavedRun:
    saves = name_new_run(name)
    saves.write(a_run(steps).checkpoint(0.0))
    saves.close()
    return saves


def test_nothing_is_made_before_the_first_checkpoint(home: Path) -> None:
    name_new_run("xor")
    assert not home.exists()


def test_a_run_is_named_after_the_moment_and_its_data(home: Path) -> None:
    saves = saved("my flowers/3")
    assert saves.name.endswith("-my-flowers-3")
    assert saves.folder.parent == home


def test_two_runs_of_the_same_moment_are_two() -> None:
    assert len({saved().name, saved().name, saved().name}) == 3


def test_the_last_few_checkpoints_are_kept() -> None:
    run, saves = a_run(), name_new_run("xor")
    for step in range(1, CHECKPOINTS_KEPT + 4):
        run.trainer.run(lambda: False, until=step)
        saves.write(run.checkpoint(0.0))
    newest = CHECKPOINTS_KEPT + 3
    kept = [f"step-{step:012}.safetensors" for step in range(newest, newest - CHECKPOINTS_KEPT, -1)]
    assert [path.name for path in saves.checkpoints()] == kept


def test_no_run_is_removed_by_itself_and_the_newest_is_listed_first() -> None:
    names = [saved(f"run{number}").name for number in range(25)]
    for moment, run in enumerate(find_saved_runs()):
        os.utime(run.checkpoints()[0], (moment, moment))
    remove_leftovers()
    assert [run.name for run in find_saved_runs()] == names[::-1]


def test_after_the_clock_was_set_back_the_checkpoint_saved_last_is_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    run, saves = a_run(), name_new_run("xor")
    for step in range(1, 2 * CHECKPOINTS_KEPT + 1):
        run.trainer.run(lambda: False, until=step)
        monkeypatch.setattr(checkpoint_module, "datetime", clock_at(2030 - step))
        path = saves.write(run.checkpoint(0.0))
        os.utime(path, (1000 - step, 1000 - step))
        assert saves.newest().state.values["step"] == step


def clock_at(year: int) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls(year, 1, 1, tzinfo=tz)

    return Clock


def test_an_open_run_is_not_opened_twice() -> None:
    saves = saved()
    saves.open()
    again, _ = find_checkpoint(saves.name)
    with pytest.raises(RunIsOpen, match=f"is open in another gradstep by process {os.getpid()}: quit that one first"):
        again.open_to_resume()
    saves.close()
    again.open_to_resume()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_is_free_when_the_program_that_had_it_open_has_ended(number: signal.Signals) -> None:
    saves = saved()
    program = f"""
from pathlib import Path
from gradstep.data.find_run import find_checkpoint
from gradstep.data.saved_runs import SavedRun
run = SavedRun(Path({str(saves.folder)!r}))
run.open()
print("open", flush=True)
input()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(RunIsOpen, match=f"process {other.pid}: quit"):
            saves.open_to_resume()
        other.send_signal(number)
    saves.open_to_resume()


def test_what_a_killed_program_left_of_a_file_is_removed() -> None:
    resumed, other = saved(), saved()
    rests = [run.folder / ".step-000000000007.safetensors.1.tmp" for run in (resumed, other)]
    for rest in rests:
        rest.write_bytes(b"part")
    resumed.open()
    assert [rest.exists() for rest in rests] == [False, True]
    remove_leftovers()
    assert not rests[1].exists()


def test_a_folder_without_a_checkpoint_is_removed(home: Path) -> None:
    (home / "empty").mkdir(parents=True)
    remove_leftovers()
    assert list(home.iterdir()) == []


def test_a_folder_with_anything_but_checkpoints_stays(home: Path) -> None:
    note = home / "mine" / "note.txt"
    note.parent.mkdir(parents=True)
    note.write_text("keep")
    remove_leftovers()
    assert note.read_text() == "keep"


def test_two_programs_that_name_a_run_in_the_same_second_have_two_folders(home: Path) -> None:
    first, second = SavedRun(home / "2026-xor", is_new=True), SavedRun(home / "2026-xor", is_new=True)
    for saves in (first, second):
        saves.write(a_run().checkpoint(0.0))
    assert sorted(folder.name for folder in home.iterdir()) == ["2026-xor", "2026-xor-2"]
    assert (first.name, second.name) == ("2026-xor", "2026-xor-2")


def test_without_a_home_a_run_cannot_be_saved_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gradstep.data.saved_runs.user_state_path", refuse)
    with pytest.raises(WriteError, match="cannot be written: there is no home folder to save it in"):
        saved()
    with pytest.raises(GradstepError, match="there is no home folder in which runs could be saved"):
        find_checkpoint("")
    assert list(tmp_path.iterdir()) == []


def refuse(_: str) -> Path:
    raise RuntimeError("could not determine the home directory")


def test_a_folder_that_cannot_be_read_stops_no_run_and_resume_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def listdir(path: Path) -> list[str]:
        raise PermissionError(EACCES, "Permission denied", str(path))

    monkeypatch.setattr("gradstep.data.saved_runs.os.listdir", listdir)
    assert find_saved_runs() == []
    remove_leftovers()
    assert name_new_run("xor").checkpoints() == []
    with pytest.raises(GradstepError, match=r"^the saved runs in .* cannot be read: Permission denied$"):
        find_checkpoint("")


def test_the_newest_is_the_one_saved_last_and_not_the_furthest() -> None:
    saves = saved(steps=30)
    saves.write(a_run(steps=10).checkpoint(0.0))
    assert saves.newest().state.values["step"] == 10


def test_without_a_name_the_newest_run_is_found() -> None:
    saved("old", steps=3)
    new = saved("new", steps=4)
    saves, checkpoint = find_checkpoint("")
    assert (saves.name, checkpoint.state.values["step"]) == (new.name, 4)


def test_a_run_is_found_by_its_name_and_by_its_folder() -> None:
    old = saved("old", steps=3)
    saved("new", steps=4)
    for what in (old.name, str(old.folder)):
        saves, checkpoint = find_checkpoint(what)
        assert (saves.name, checkpoint.state.values["step"]) == (old.name, 3)


def test_a_checkpoint_is_found_by_its_path_and_saved_on_in_its_run() -> None:
    old = saved("old", steps=3)
    saved("new", steps=4)
    saves, checkpoint = find_checkpoint(str(old.checkpoints()[0]))
    assert (saves.folder, checkpoint.state.values["step"]) == (old.folder, 3)


def test_a_checkpoint_from_elsewhere_is_saved_on_in_a_run_of_its_own(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "from-a-friend.safetensors"
    copy.write_bytes(saved().checkpoints()[0].read_bytes())
    saves, checkpoint = find_checkpoint(str(copy))
    saves.write(resume_run(checkpoint).checkpoint(0.0))
    assert saves.folder.parent == home
    assert copy.is_file()


def test_if_the_newest_checkpoint_is_damaged_the_one_before_is_offered() -> None:
    saves = saved(steps=1)
    (older,) = saves.checkpoints()
    newest = saves.write(a_run(2).checkpoint(0.0))
    newest.write_bytes(newest.read_bytes()[:-1])
    with pytest.raises(GradstepError) as error:
        find_checkpoint("")
    assert str(newest) in str(error.value)
    assert str(error.value).endswith(f"the one before it is whole: gradstep resume {older}")
    assert find_checkpoint(str(older))[1].state.values["step"] == 1


def test_if_every_checkpoint_is_damaged_none_is_offered() -> None:
    saves = saved()
    saves.checkpoints()[0].write_bytes(b"")
    with pytest.raises(GradstepError, match=r"no older one is whole$"):
        saves.newest()


def test_no_run_and_an_unknown_run_are_errors(home: Path) -> None:
    with pytest.raises(GradstepError, match=f"^no run is saved in {home}$"):
        find_checkpoint("")
    saved()
    with pytest.raises(GradstepError, match=r"^there is no saved run other; gradstep runs lists"):
        find_checkpoint("other")


def test_a_folder_that_cannot_be_made_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(GradstepError, match="cannot be written: Not a directory"):
        saved()


def test_a_run_that_is_only_linked_to_is_found_and_stays(home: Path, tmp_path: Path) -> None:
    old = saved("old").folder.rename(tmp_path / "elsewhere")
    (home / "2000-link").symlink_to(old)
    name = saved().name
    remove_leftovers()
    assert {run.name for run in find_saved_runs()} == {name, "2000-link"}


def test_a_folder_that_was_removed_while_the_run_is_open_is_made_again() -> None:
    saves = name_new_run("xor")
    saves.write(a_run(1).checkpoint(0.0))
    shutil.rmtree(saves.folder)
    saves.write(a_run(2).checkpoint(0.0))
    assert [run.name for run in find_saved_runs()] == [saves.name]
    with pytest.raises(RunIsOpen):
        SavedRun(saves.folder).open()


@pytest.mark.parametrize("end", ["", "/", "/.", "/../{name}"])
def test_a_run_is_found_by_its_folder_however_it_is_written(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    saves = saved()
    saved()
    assert find_checkpoint(f"{saves.folder}{end}".format(name=saves.name))[0].folder == saves.folder
    monkeypatch.chdir(saves.folder.parent)
    assert find_checkpoint(f"./{saves.name}{end}".format(name=saves.name))[0].folder == saves.folder


def test_a_run_that_is_removed_while_it_is_read_is_told() -> None:
    saves = saved()
    shutil.rmtree(saves.folder)
    with pytest.raises(GradstepError, match="was removed just now"):
        saves.newest()
