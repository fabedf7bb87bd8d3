"""A file is written whole or not at all, also through links; streams are written to."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gradstep.data.atomic_write import WriteError, write_atomically


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "figures"
    for content in (b"old", b"new"):
        write_atomically(file, content)
        assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("relative", [True, False])
def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path, exists: bool, relative: bool) -> None:
    (tmp_path / "folder").mkdir()
    file, link, second = tmp_path / "folder" / "figures", tmp_path / "link", tmp_path / "second"
    if exists:
        file.write_bytes(b"old")
    link.symlink_to("folder/figures" if relative else file)
    second.symlink_to("link")
    write_atomically(second, b"new")
    assert file.read_bytes() == b"new"
    assert link.is_symlink()
    assert second.is_symlink()


def test_links_in_a_circle_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(WriteError, match="Too many levels of symbolic links"):
        write_atomically(tmp_path / "a", b"")


def test_an_open_file_of_the_process_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb", buffering=0) as log:
        log.write(b"before ")
        link = tmp_path / "link"
        link.symlink_to(f"/proc/self/fd/{log.fileno()}")
        write_atomically(link, b"figures")
        assert os.fstat(log.fileno()).st_nlink == 1
    assert (tmp_path / "log").read_bytes() == b"before figures"
    assert link.is_symlink()


def test_a_pipe_is_written_to() -> None:
    reading, writing = os.pipe()
    write_atomically(Path(f"/dev/fd/{writing}"), b"figures")
    assert os.read(reading, 100) == b"figures"
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="needs a folder in /dev")
def test_a_file_in_a_folder_of_dev_is_a_file_like_any_other() -> None:
    with TemporaryDirectory(dir="/dev/shm") as folder:
        for content in (b"old", b"new"):
            write_atomically(Path(folder) / "figures", content)
            assert (Path(folder) / "figures").read_bytes() == content
