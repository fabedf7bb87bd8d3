"""Where `--summary` writes: a file, through a link, or to the standard output."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GRADSTEP = str(Path(sys.executable).with_name("gradstep"))
TRAIN = "train --plain --data xor --max-steps 5 --summary"


def run_in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(f"{GRADSTEP} {command}", shell=True, cwd=folder, capture_output=True, text=True, check=False)


def steps_in(text: str) -> int:
    return int(json.loads(text[text.index("{") :])["steps"])


@pytest.mark.parametrize("end", ["", " | cat", " > all.txt; cat all.txt"])
def test_to_the_standard_output_it_comes_after_the_lines_of_the_run(end: str, tmp_path: Path) -> None:
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
def test_an_open_file_that_is_none_is_refused_before_the_training(file: str, tmp_path: Path) -> None:
    done = run_in_shell(f"{TRAIN} {file}", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"gradstep: --summary {file}: there is no such device or open file\n"


def test_in_a_deleted_folder_it_is_refused_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f"cd gone; rmdir ../gone; {GRADSTEP} {TRAIN} x.json"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "gradstep: --summary x.json: No such file or directory\n"
