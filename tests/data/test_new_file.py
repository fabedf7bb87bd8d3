"""A new file has a name that was free, and is whole or not there."""

import resource
from pathlib import Path

import pytest

from gradstep.data.atomic_write import WriteError
from gradstep.data.new_file import write_new_file


def test_no_file_and_no_link_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "picture-1.5.svg"
    path.write_bytes(b"mine")
    (tmp_path / "picture-1.5-2.svg").symlink_to("nowhere")
    assert write_new_file(path, b"new") == tmp_path / "picture-1.5-3.svg"
    assert write_new_file(path, b"newer") == tmp_path / "picture-1.5-4.svg"
    assert path.read_bytes() == b"mine"
    assert (tmp_path / "picture-1.5-3.svg").read_bytes() == b"new"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_does_not_fit_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(WriteError, match=r"picture\.svg cannot be written: File too large"):
            write_new_file(tmp_path / "picture.svg", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="No such file"):
        write_new_file(tmp_path / "gone" / "picture.svg", b"")
