"""Reads data sets from numpy's NPZ files: `x`, and `y` with the class or the numbers of each row."""

import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.dataset import Dataset, RawInputs
from gradstep.data.formats.file_content import check_unpacked_size, open_file
from gradstep.data.formats.targets import TargetFields, make_number_target, make_target

Numbers = NDArray[Any]

READ_HEAD = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
"""How the head of an array is read, by the version of the format. Version 3 is for tables of named fields."""


def read_npz(path: Path, task: str = "auto", most_rows: int | None = None) -> Dataset:
    """Read `x` (rows, features) or (rows, height, width), and `y` (rows,) or, for several numbers, (rows, outputs).

    A one-hot `y` holds classes, named after its columns from 0. Pickled objects are not read. With `most_rows` the rows
    after so many are left out, as if they were not there. Raises GradstepError with
    the file, the array and where in it.
    """
    with open_file(path) as file, _open_archive(path, file) as archive:
        x, y = _read_array(path, archive, "x")[:most_rows], _read_array(path, archive, "y")[:most_rows]
    if x.ndim not in (1, 2, 3) or not x.size:
        raise GradstepError(f"{path}, x: has the shape {x.shape}; must be (rows, features) or (rows, height, width)")
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim not in (1, 2) or not y.size:
        raise GradstepError(f"{path}, y: has the shape {y.shape}; must be (rows,) or (rows, outputs)")
    if y.ndim == 2 and task != "regression" and _is_one_hot(y):
        y = y.argmax(axis=1)
    if len(x) != len(y):
        raise GradstepError(f"{path}: x has {len(x)} rows, but y has {len(y)}")
    inputs = _check_inputs(path, x.reshape(len(x), -1))
    is_image = x.ndim == 3
    return Dataset(
        name=make_printable(path.name.split(".")[0]),
        inputs=inputs,
        **(make_target(y, task, f"{path}, y") if y.ndim == 1 else _make_outputs(path, y, task)),
        feature_names=tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1)),
        target_names=("y",) if y.ndim == 1 else tuple(f"y{number}" for number in range(1, y.shape[1] + 1)),
        image_shape=(x.shape[1], x.shape[2]) if is_image else None,
        source=make_printable(str(path)),
        auto_scale="minmax" if is_image else "standard",
    )


def _read_array(path: Path, archive: zipfile.ZipFile, name: str) -> Numbers:
    """Read one array of the file."""
    # numpy adds .npy to the names of its arrays
    held = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
    if name not in held:
        names = ", ".join(held) or "none"
        raise GradstepError(f"{path} has no array {name}: x and y are needed; the arrays there are {names}")
    member = held[name]
    check_unpacked_size(path, member.file_size, member.compress_size)
    try:
        return _unpack_array(archive, member, f"{path}, {name}")
    except GradstepError:
        raise
    except NotImplementedError:
        raise GradstepError(f"{path}, {name}: is compressed in a way that numpy's savez does not use") from None
    except RuntimeError:
        # zipfile raises it for what is encrypted, and for nothing else
        raise GradstepError(f"{path}, {name}: is encrypted") from None
    except (ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError):
        raise GradstepError(f"{path}, {name}: is damaged") from None


@contextmanager
def _open_archive(path: Path, file: BufferedIOBase) -> Iterator[zipfile.ZipFile]:
    """Open an NPZ file, which is a zip archive."""
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, file))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise GradstepError(f"{path} is not an NPZ file, or it is cut short") from None
    with archive:
        yield archive


def _unpack_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> Numbers:
    """Read an array whose head agrees with the size of the member; `where` is for the error."""
    with archive.open(member) as file:
        start = file.read(np.lib.format.MAGIC_LEN)
        if start[:-2] != np.lib.format.MAGIC_PREFIX or start[-2] not in READ_HEAD:
            raise GradstepError(f"{where}: is no numpy array")
        shape, _, dtype = READ_HEAD[start[-2]](file)
        if dtype.hasobject:
            raise GradstepError(f"{where}: holds objects instead of numbers")
        promised, there = math.prod(shape) * dtype.itemsize, member.file_size - file.tell()
        if promised != there:
            raise GradstepError(f"{where}: is damaged: its head promises {promised:,} bytes, and {there:,} are there")
        file.seek(0)
        array: Numbers = np.lib.format.read_array(file, allow_pickle=False)
        return array


def _check_inputs(path: Path, x: Numbers) -> RawInputs:
    """Return the features as finite numbers; bytes stay bytes."""
    if x.dtype.kind not in "biuf":
        raise GradstepError(f"{path}, x: holds no numbers, but {x.dtype}")
    _check_finite(path, "x", x)
    return x if x.dtype == np.uint8 else x.astype(np.float64, copy=False)


def _is_one_hot(y: Numbers) -> bool:
    """Whether each row has a single 1 and 0 elsewhere."""
    return y.dtype.kind in "biuf" and bool(((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all())


def _make_outputs(path: Path, y: Numbers, task: str) -> TargetFields:
    """Return the target fields for several numbers a row (rows, outputs)."""
    if task == "classification":
        raise GradstepError(f"{path}, y: has the shape {y.shape}; a class for each row has the shape ({len(y)},)")
    if y.dtype.kind not in "biuf":
        raise GradstepError(f"{path}, y: holds no numbers, but {y.dtype}")
    _check_finite(path, "y", y)
    return make_number_target(y)


def _check_finite(path: Path, name: str, values: Numbers) -> None:
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        index = f"{name}, row {row + 1}, column {column + 1}"
        raise GradstepError(f"{path}, {index}: {values[row, column]} is not a finite number")
