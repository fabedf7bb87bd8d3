"""Reads the arrays of an NPZ file, which is a zip archive of numpy's NPY files."""

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

from gradstep.core.errors import GradstepError
from gradstep.data.formats.file_content import check_unpacked_size

Numbers = NDArray[Any]

READ_HEAD = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
"""How the head of an array is read, by the version of the format. Version 3 is for tables of named fields."""


@contextmanager
def open_archive(path: Path, file: BufferedIOBase) -> Iterator[zipfile.ZipFile]:
    """Open an NPZ file, which is a zip archive."""
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, file))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise GradstepError(f"{path} is not an NPZ file, or it is cut short") from None
    with archive:
        yield archive


def list_arrays(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the members of the archive by the names of their arrays."""
    # numpy adds .npy to the names of its arrays
    return {member.filename.removesuffix(".npy"): member for member in archive.infolist()}


def read_array(path: Path, archive: zipfile.ZipFile, name: str) -> Numbers:
    """Read one array of the file; raises GradstepError for what is no array of numbers or words."""
    member = list_arrays(archive)[name]
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
