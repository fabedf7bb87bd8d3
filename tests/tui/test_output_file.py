"""Where commands write their files: where `--summary` goes, and what is refused before anything is computed."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gradstep.data.saved_runs import find_saved_runs
from gradstep.tui.cli.main import run
from tests.data.test_run_list import save

GRADSTEP = str(Path(sys.executable).with_name("gradstep"))
TRAIN = "train --plain --data xor --max-steps 5 --summary"


def run_in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(f"{GRADSTEP} {command}", shell=True, cwd=folder, capture_output=True, text=True, check=False)


def steps_in(text: str) -> int:
    return int(json.loads(text[text.index("{") :])["steps"])


@pytest.mark.parametrize("end", ["", " | cat", " > all.txt; cat all.txt", " >> old.txt; cat old.txt"])
def test_to_the_standard_output_it_comes_after_the_lines_of_the_run(end: str, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("data      xor, an earlier run\n")
    done = run_in_shell(f"{TRAIN} /dev/stdout{end}", tmp_path)
    assert done.stdout.startswith("data      xor")
    assert "stopped   max_steps" in done.stdout
    assert (steps_in(done.stdout), done.stderr, done.returncode) == (5, "", 0)


def test_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to("real.json")
    assert run_in_shell(f"{TRAIN} link.json", tmp_path).returncode == 0
    assert (tmp_path / "link.json").is_symlink()
    assert steps_in((tmp_path / "real.json").read_text()) == 5


def test_a_link_into_no_folder_is_refused_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to("nowhere/real.json")
    done = run_in_shell(f"{TRAIN} link.json", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--summary link.json: there is no folder" in done.stderr


@pytest.mark.parametrize("file", ["/dev/fd/99", "/proc/self/nothing"])
def test_an_open_file_that_does_not_exist_is_refused_before_the_training(file: str, tmp_path: Path) -> None:
    done = run_in_shell(f"{TRAIN} {file}", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"gradstep: --summary {file}: there is no such device or open file\n"


def test_in_a_deleted_folder_it_is_refused_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f"cd gone; rmdir ../gone; {GRADSTEP} {TRAIN} x.json"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "gradstep: --summary x.json: No such file or directory\n"


@pytest.mark.parametrize(
    "command",
    [
        "train --plain --data iris --summary",
        "train --plain --data iris --log",
        "resume --plain --summary",
        "sweep iris --seeds 2 --log",
        "sweep iris --seeds 2 --summary",
        "sweep iris --seeds 2 --best",
        "predict rows.csv --output",
        "predict rows.csv --overwrite --output",
        "export --format npz --output",
        "code --output",
    ],
)
@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("/proc/x.csv", "the folder /proc cannot be written to"),
        ("nowhere/x.csv", "there is no folder"),
        (f"{'x' * 300}.csv", "File name too long"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_computed(
    command: str,
    file: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    # what is read does not matter: the file that would be written comes first
    Path("rows.csv").touch()
    if command.startswith("resume"):
        save()
    before = [saved.name for saved in find_saved_runs()]
    assert run([*command.split(), file]) == 2
    printed = capsys.readouterr()
    option = command.split()[-1]
    assert printed.out == "" and printed.err.count("\n") == 1
    assert printed.err.startswith(f"gradstep: {option} {file}"[:200])
    # a log is opened at the start, and says what the system says of a folder
    assert words in printed.err or (option == "--log" and "No such file" in printed.err)
    assert [saved.name for saved in find_saved_runs()] == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["rows.csv"]


def test_no_device_or_socket_that_takes_nothing_is_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        assert run(["train", "--plain", "--data", "iris", "--summary", str(tmp_path / "socket")]) == 2
    assert "socket: cannot be written to" in capsys.readouterr().err


def test_a_file_that_exists_is_refused_before_the_rows_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.csv").touch()
    for command in ("predict nowhere.csv --output", "export --output", "code --output"):
        assert run([*command.split(), str(tmp_path / "there.csv")]) == 2
        assert "there.csv exists; --overwrite writes over it, or name another file" in capsys.readouterr().err


def test_a_training_writes_over_no_file_that_it_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[data]\nname = "iris"\n[training]\nmax_epochs = 1\n')
    before = file.read_text()
    assert run(["train", "--plain", str(file), "--summary", str(file)]) == 2
    assert f"--summary {file}: this file is read" in capsys.readouterr().err and file.read_text() == before
    assert run(["train", "--plain", str(file), "--log", f"{tmp_path}/a.csv", "--summary", f"{tmp_path}/a.csv"]) == 2
    assert "a.csv: this file is that of --log" in capsys.readouterr().err


def test_a_summary_is_written_over_no_file_but_an_earlier_summary(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    (tmp_path / "mine.json").write_text('{"steps": 3}')
    (tmp_path / "empty.json").touch()
    for name in ("mine.csv", "mine.json"):
        before = (tmp_path / name).read_text()
        done = run_in_shell(f"{TRAIN} {name}", tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"gradstep: --summary {name}: exists already, and is no summary of a run; name another\n"
        assert (tmp_path / name).read_text() == before
    for _ in range(2):
        assert run_in_shell(f"{TRAIN} empty.json", tmp_path).returncode == 0
        assert steps_in((tmp_path / "empty.json").read_text()) == 5


def test_a_resumed_run_writes_over_no_file_but_an_earlier_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save()
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    assert run(["resume", "--plain", "--summary", str(tmp_path / "mine.csv")]) == 2
    assert "mine.csv: exists already, and is no summary of a run" in capsys.readouterr().err
    assert (tmp_path / "mine.csv").read_text() == "a,b\n1,2\n"
