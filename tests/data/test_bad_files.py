"""Bad data files, and the error message for each."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from tests.data.files import classes, idx, images, write_mnist, write_npz

Make = Callable[[Path], object]


def text(content: str | bytes) -> Make:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def mnist(**other: bytes | None) -> Make:
    return lambda path: write_mnist(path, **other)


def npz(**arrays: Any) -> Make:
    return lambda path: write_npz(path, **arrays)


X = np.arange(12.0).reshape(6, 2)
WITH_NAN = np.where(np.arange(12).reshape(6, 2) == 7, np.nan, X)
FLOWERS = "length,colour,kind\n1.5,red,rose\n2,blue,tulip\n"
LONG_LABELS = idx(classes(10))
CUT_SHORT = idx(images(9))[:-5]

TABLE: dict[str, tuple[str, Make, dict[str, str], str]] = {
    "no such file": ("a.csv", lambda path: None, {}, "a.csv: no such file"),
    "empty": ("a.csv", text(""), {}, "a.csv holds no rows: it is empty"),
    "header only": (
        "a.csv",
        text("length,kind\n"),
        {},
        "a.csv holds no rows: a header and at least one row below it are needed",
    ),
    "ragged rows": (
        "a.csv",
        text(FLOWERS + "3,red\n"),
        {},
        "a.csv, line 4: 2 values, but the first line has 3; --missing drop leaves the row out",
    ),
    "missing value": (
        "a.csv",
        text(FLOWERS + ",red,rose\n"),
        {},
        'a.csv, line 4, column "length": the value is missing; --missing drop leaves the row out, '
        "--missing mean fills it in",
    ),
    "text where a number should be": (
        "a.csv",
        text(FLOWERS + "long,red,rose\n"),
        {},
        'a.csv, line 4, column "length": "long" is no number; '
        "--missing drop leaves the row out, --categories length takes the column as words, "
        "--drop length leaves the column out",
    ),
    "infinite": (
        "a.csv",
        text(FLOWERS + "inf,red,rose\n"),
        {},
        'a.csv, line 4, column "length": "inf" is infinite; '
        "--missing drop leaves the row out, --categories length takes the column as words, "
        "--drop length leaves the column out",
    ),
    "numbers too large to be scaled": (
        "a.csv",
        text("length,kind\n1e308,rose\n-1e308,tulip\n1,rose\n2,tulip\n3,rose\n"),
        {},
        'column "length" has numbers too large to be scaled; a larger unit or scale = "none" may help',
    ),
    "decimal commas, told to be points": (
        "a.csv",
        text("length;kind\n1,5;rose\n2,5;tulip\n"),
        {"decimal": "."},
        'a.csv, column "length": 2 values are no numbers, first "1,5" in line 2; --decimal , reads the column',
    ),
    "one class": (
        "a.csv",
        text("length,kind\n1,rose\n2,rose\n"),
        {},
        'a.csv, column "kind": every row has the same class, rose; at least two classes are needed; '
        "--target length learns another column",
    ),
    "unknown target": (
        "a.csv",
        text(FLOWERS),
        {"target": "knd"},
        'a.csv has no column "knd": data.target must be "length", "colour" or "kind"; did you mean "kind"?',
    ),
    "words to learn as numbers": (
        "a.csv",
        text(FLOWERS),
        {"task": "regression"},
        'a.csv, column "kind": these are words, and --task regression needs numbers; '
        "--target length learns another column",
    ),
    "a spreadsheet": (
        "a.csv",
        text(b"PK\x03\x04rest of an xlsx"),
        {},
        "a.csv is a spreadsheet or an archive, not CSV text: save it as CSV there",
    ),
    "binary": ("a.csv", text(b"1,2\0\n"), {}, "a.csv is not CSV text: byte 3 is 0x00, as in binary files"),
    "one damaged character": (
        "a.csv",
        text("x,y\n1,café\n2,thé\n".encode() + b"3,caf\xe9\n"),
        {},
        "a.csv, line 4: this is not UTF-8 text: byte 24 is 0xe9; save the file as UTF-8",
    ),
    "bytes that are no text": (
        "a.csv",
        text(b"x,y\n1,caf\xe9\x01\n"),
        {},
        "a.csv is not CSV text: byte 10 is 0x01, as in binary files",
    ),
    "damaged gzip": (
        "a.csv.gz",
        text(gzip.compress(FLOWERS.encode())[:-12]),
        {},
        "a.csv.gz cannot be read: the compressed file is damaged or cut short",
    ),
    "npz without y": (
        "a.npz",
        npz(x=X, other=X),
        {},
        "a.npz has no array y: x and y are needed; the arrays there are x, other",
    ),
    "npz of objects": (
        "a.npz",
        npz(x=np.array([[1, "a"]] * 6, object), y=X),
        {},
        "a.npz, x: holds objects instead of numbers",
    ),
    "npz with NaN": (
        "a.npz",
        npz(x=WITH_NAN, y=[0, 1] * 3),
        {},
        "a.npz, x, row 4, column 2: nan is not a finite number",
    ),
    "npz of unequal lengths": ("a.npz", npz(x=X, y=[0, 1]), {}, "a.npz: x has 6 rows, but y has 2"),
    "no npz": ("a.npz", text(FLOWERS), {}, "a.npz is not an NPZ file, or it is cut short"),
    "directory without the four files": (
        "m",
        lambda path: path.mkdir(),
        {},
        "m has no train-images-idx3-ubyte, plain or .gz: a directory must hold MNIST's four files",
    ),
    "wrong magic": (
        "m",
        mnist(train_images=LONG_LABELS),
        {},
        "m/train-images-idx3-ubyte: begins with 00 00 08 01; must begin with 00 00 08 03",
    ),
    "idx cut short": (
        "m",
        mnist(train_images=CUT_SHORT),
        {},
        "m/train-images-idx3-ubyte is cut short: its head promises 108 bytes, and 103 are there",
    ),
    "idx too long": (
        "m",
        mnist(t10k_images=idx(images(6)) + b"more"),
        {},
        "m/t10k-images-idx3-ubyte: goes on after the 72 bytes that its head promises",
    ),
    "more labels than images": (
        "m",
        mnist(train_labels=LONG_LABELS),
        {},
        "m/train-labels-idx1-ubyte has 10 labels, but train-images-idx3-ubyte has 9 images",
    ),
    "images of two sizes": (
        "m",
        mnist(t10k_images=idx(images(6, 5, 5))),
        {},
        "m/t10k-images-idx3-ubyte: its images are 5 × 5, but those of train-images-idx3-ubyte are 4 × 3",
    ),
    "a head that promises too much": (
        "m",
        mnist(train_images=bytes([0, 0, 8, 3]) + b"\x7f" * 12, t10k_images=bytes([0, 0, 8, 3]) + b"\x7f" * 12),
        {},
        "m: the heads promise 2139062143 × 2139062143 × 2139062143 and 2139062143 × 2139062143 × 2139062143 bytes, "
        "too many for the memory",
    ),
}


@pytest.mark.parametrize("what", TABLE)
def test_each_bad_file_is_an_error_in_one_line(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, make, settings, line = TABLE[what]
    make(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GradstepError) as error:
        assemble(make_experiment({"data": {"path": name} | settings}))
    assert str(error.value) == line
