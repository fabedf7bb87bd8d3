"""Files that lie about what they hold, unpack to far more than they are, or never end."""

import gzip
import io
import os
import resource
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import load_experiment
from gradstep.data.formats import file_content
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.formats.data_file import read_data_file
from tests.data.files import idx, images, write_mnist, write_npz

X, Y = np.arange(12.0).reshape(6, 2), np.arange(6) % 2

BOMB = 300 << 20
"""Bytes that a bomb unpacks to: more than a compressed file may, and little enough for a test."""


def refusal(path: Path) -> str:
    with pytest.raises(GradstepError) as error:
        read_data_file(path)
    return str(error.value).removeprefix(f"{path.parent}{os.sep}")


def write_members(path: Path, compression: int = zipfile.ZIP_STORED, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_arrays_that_another_program_has_compressed_are_read(tmp_path: Path, compression: int) -> None:
    path = write_members(tmp_path / "a.npz", compression, x=npy(X), y=npy(Y))
    np.testing.assert_array_equal(read_data_file(path).inputs, X)


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    deflate64 = 9
    path.write_bytes(patch_members(write_npz(path, x=X, y=Y).read_bytes(), method=deflate64))
    assert refusal(path) == "a.npz, x: is compressed in a way that numpy's savez does not use"


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(patch_members(write_npz(path, x=X, y=Y).read_bytes(), encrypted=True))
    assert refusal(path) == "a.npz, x: is encrypted"


def patch_members(content: bytes, method: int = 0, encrypted: bool = False) -> bytes:
    """Change the compression method and the flags of all members, in both places where a zip file has them."""
    changed = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            changed[at + flags] |= encrypted
            changed[at + flags + 2] = method
    return bytes(changed)


def test_a_head_that_promises_more_than_there_is_takes_no_memory(tmp_path: Path) -> None:
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 2)})
    path = write_members(tmp_path / "a.npz", x=head.getvalue() + bytes(85), y=npy(Y))
    assert refusal(path) == "a.npz, x: is damaged: its head promises 16,000,000,000,000 bytes, and 85 are there"


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def test_a_bomb_of_text_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(BOMB >> 20):
            file.write(b"1,2\n" * (1 << 18))
    before = peak()
    assert refusal(path) == "a.csv.gz is not read: it unpacks to more than 200 times its size, as no data do"
    assert peak() - before < BOMB / 2


def test_a_bomb_of_an_array_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, x=np.zeros((BOMB >> 10, 1 << 10), np.uint8), y=Y)
    before = peak()
    assert refusal(path) == "a.npz is not read: it unpacks to more than 200 times its size, as no data do"
    assert peak() - before < BOMB / 2


def test_a_bomb_of_images_is_refused_early(tmp_path: Path) -> None:
    folder = write_mnist(tmp_path / "mnist", gzipped=True)
    head = idx(images(1))[:4] + np.array([BOMB >> 10, 32, 32], ">u4").tobytes()
    with gzip.open(folder / "train-images-idx3-ubyte.gz", "wb", compresslevel=1) as file:
        file.write(head)
        for _ in range(BOMB >> 20):
            file.write(bytes(1 << 20))
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz", "wb") as file:
        file.write(idx(images(6, 32, 32)))
    before = peak()
    assert "unpacks to more than 200 times its size" in refusal(folder)
    assert peak() - before < BOMB / 2


def test_tens_of_thousands_of_columns_are_read(tmp_path: Path) -> None:
    columns = 60_000
    path = tmp_path / "wide.csv"
    row = ",".join(str(column % 7) for column in range(columns))
    path.write_text(f"{','.join(f'c{column}' for column in range(columns))}\n{row}\n{row[:-1]}9\n")
    assert read_csv(path).inputs.shape == (2, columns - 1)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/full", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    for read in (read_data_file, lambda path: load_experiment(path, {})):
        with pytest.raises(GradstepError, match=f"^{device} is a device; must be a file$"):
            read(Path(device))


def test_a_pipe_that_nobody_writes_to_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "SECONDS_WITHOUT_CONTENT", 0.2)
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    assert refusal(path) == "pipe.csv is a pipe, and nothing came out of it for 0 s"


def test_a_pipe_whose_writer_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "SECONDS_WITHOUT_CONTENT", 0.2)
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    reading, writing = os.open(path, os.O_RDONLY | os.O_NONBLOCK), os.open(path, os.O_WRONLY)
    try:
        assert "nothing came out of it" in refusal(path)
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize("name", ["pipe.csv", "pipe.npz", "pipe.csv.gz"])
def test_data_are_read_from_a_pipe(tmp_path: Path, name: str) -> None:
    path, source = tmp_path / name, tmp_path / f"source-{name}"
    os.mkfifo(path)
    if name.endswith(".npz"):
        write_npz(source, x=X, y=Y)
    else:
        text = "".join(f"{row},{row * row}\n" for row in range(20_000)).encode()
        source.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    writer = threading.Thread(target=lambda: path.write_bytes(source.read_bytes()))
    writer.start()
    try:
        np.testing.assert_array_equal(read_data_file(path).inputs, read_data_file(source).inputs)
    finally:
        writer.join()


def test_a_pipe_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "LARGEST_TEXT", 1 << 16)
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)

    def write() -> None:
        with pytest.raises(BrokenPipeError), path.open("wb", buffering=0) as file:
            while True:
                file.write(b"1,2\n")

    writer = threading.Thread(target=write)
    writer.start()
    assert refusal(path) == "pipe.csv is too large: more than 65,536 bytes come out of it"
    writer.join()


def test_a_file_larger_than_can_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    assert refusal(path) == "a.csv is too large: 10,737,418,240 bytes, and 1,073,741,824 can be read"
