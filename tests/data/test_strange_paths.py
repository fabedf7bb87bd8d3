"""Paths that are not UTF-8, too long, or hold what cannot be printed."""

import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.atomic_write import WriteError, write_atomically
from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.command_line import write_command_line
from gradstep.data.experiment import load_experiment, make_experiment, save_experiment
from gradstep.data.resume import resume_run
from gradstep.data.shell_words import quote_word
from tests.data.files import write_npz

NAMES = [b"\xff\xfe.csv", b"caf\xe9 au lait.csv", "神.csv".encode(), b"\x1b[2J'\n.csv", b"a\\b$HOME`x`.csv"]


@pytest.fixture(params=NAMES)
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / os.fsdecode(request.param)
    path.write_text("".join(f"{row},{row * 0.37}\n" for row in range(40)))
    return path


def test_data_of_any_name_are_read_saved_and_resumed(data: Path, tmp_path: Path) -> None:
    run = assemble(make_experiment({"data": {"path": str(data)}}))
    run.trainer.run(lambda: False, until=3)
    saved, file = tmp_path / "a.safetensors", tmp_path / os.fsdecode(b"\xff.toml")
    write_checkpoint(saved, run.checkpoint(1.0))
    assert resume_run(read_checkpoint(saved)).trainer.step == 3
    save_experiment(file, run.experiment)
    assert load_experiment(file, {}) == run.experiment
    for text in (run.dataset.name, run.dataset.source):
        text.encode()
        assert text.isprintable() or "\n" in text


def test_an_experiment_in_a_folder_of_any_name_finds_its_data(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"d\xff")
    folder.mkdir()
    write_npz(folder / "data.npz", x=np.eye(4), y=np.arange(4) % 2)
    (folder / "e.toml").write_text('[data]\npath = "data.npz"\n')
    assert len(assemble(load_experiment(folder / "e.toml", {})).dataset.inputs) == 4


def test_an_error_names_the_path_in_characters_that_can_be_printed(tmp_path: Path) -> None:
    for name, shown in ((b"\xff.csv", r"\xff.csv"), (b"\x1b[2J.csv", r"\x1b[2J.csv"), ("é.csv".encode(), "é.csv")):
        with pytest.raises(GradstepError) as error:
            assemble(make_experiment({"data": {"path": str(tmp_path / os.fsdecode(name))}}))
        assert str(error.value) == f"{tmp_path}/{shown}: no such file"


@pytest.mark.parametrize("given", ["", [], [0], [256], [-1], ["a"], [1.5], 7, {"a": 1}])
def test_what_is_no_path_is_refused(given: object) -> None:
    with pytest.raises(GradstepError, match=r"^data\.path = .*: must be the path of a file$"):
        make_experiment({"data": {"path": given}})


@pytest.mark.parametrize("word", [*map(os.fsdecode, NAMES), "plain", "", "it's", "-x", "two words", "\x7f", "\u202e"])
def test_the_shell_reads_a_quoted_word_as_it_is(word: str) -> None:
    printed = subprocess.run(["bash", "-c", f"printf %s {quote_word(word)}"], capture_output=True, check=True).stdout
    assert printed == os.fsencode(word)
    assert quote_word(word).isprintable()


def test_the_command_line_of_an_experiment_is_quoted(data: Path) -> None:
    line = write_command_line(make_experiment({"data": {"path": str(data)}}))
    assert line is not None
    assert line.startswith(f"gradstep train --data {quote_word(str(data))}")
    if str(data).isprintable():
        assert shlex.split(line)[3] == str(data)


def test_a_file_is_written_under_the_longest_name_there_is(tmp_path: Path) -> None:
    for name in ("a" * 255, "é" * 127):
        write_atomically(tmp_path / name, b"content")
        assert (tmp_path / name).read_bytes() == b"content"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", ["a" * 300, "a\0b"])
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WriteError):
        write_atomically(tmp_path / name, b"")
    with pytest.raises(GradstepError):
        assemble(make_experiment({"data": {"path": str(tmp_path / name)}}))
    with pytest.raises(GradstepError):
        load_experiment(tmp_path / name, {})
