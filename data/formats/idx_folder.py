"""Reads MNIST's IDX files, as http://yann.lecun.com/exdb/mnist/ describes them."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from io import BufferedIOBase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.dataset import Dataset
from gradstep.data.file_options import DEFAULT_OPTIONS, FileOptions
from gradstep.data.formats.array_encoder import make_array_encoder
from gradstep.data.formats.array_shapes import GivenInputs, describe_shape, turn_images
from gradstep.data.formats.file_content import check_unpacked_size, open_file
from gradstep.data.formats.idx_names import PARTS, find_idx_file
from gradstep.data.formats.reading_progress import show_progress
from gradstep.data.formats.targets import make_class_target

Bytes = NDArray[np.uint8]

# in the magic number the third byte is the type of a value, and the fourth the number of dimensions
UNSIGNED_BYTES = b"\0\0\x08"
CHUNK = 1 << 22
"""Bytes that are read at once."""


def read_idx(directory: Path, options: FileOptions = DEFAULT_OPTIONS) -> Dataset:
    """Read a directory with the four files of MNIST, plain or .gz, each by itself or in a folder of its name.

    The names may begin with that of the data set, as in emnist-letters-train-images-idx3-ubyte. The rows of the test
    files come last, and `Dataset.test_rows` is their number. Raises GradstepError with the file and what is wrong with
    it.
    """
    if options.task == "regression":
        raise GradstepError(f'data.task = "regression": {directory} holds classes')
    images = [find_idx_file(directory, part, "images-idx3") for part in PARTS]
    labels = [find_idx_file(directory, part, "labels-idx1") for part in PARTS]
    pixels, image_shape, counts = _read_images(images)
    given = GivenInputs(pixels, image_shape, image_shape)
    if options.transposed:
        given = turn_images(given, str(directory))
    classes = np.concatenate([_read_labels(*found) for found in zip(labels, images, counts, strict=True)])
    target = make_class_target(classes, str(labels[0]))
    dataset = Dataset(
        name=make_printable(directory.absolute().name),
        inputs=given.inputs,
        **target,
        feature_names=tuple(f"pixel {index}" for index in range(1, pixels.shape[1] + 1)),
        image_shape=given.image_shape,
        source=make_printable(str(directory)),
        auto_scale="minmax",
        test_rows=counts[1],
        decided=(
            f"{', '.join(path.name for path in (*images, *labels))}",
            f"images of {describe_shape(given.image_shape or ())}; learns {len(target['class_names'])} classes",
        ),
        warnings=_find_warnings(images[0], options),
    )
    return replace(dataset, encoder=make_array_encoder(dataset))


def _find_warnings(path: Path, options: FileOptions) -> tuple[str, ...]:
    if "emnist" in path.name.lower() and not options.transposed:
        return ("the images of EMNIST lie on their side; --transposed turns them",)
    return ()


def _read_images(paths: list[Path]) -> tuple[Bytes, tuple[int, int], list[int]]:
    """Read all images into one array (rows, pixels).

    Returns it with their height and width, and the number of images in each file.
    """
    shapes = []
    for path in paths:
        with _open_idx(path, 3) as (_, shape, _):
            shapes.append(shape)
    counts = [shape[0] for shape in shapes]
    if shapes[0][1:] != shapes[1][1:]:
        sizes = [f"{height} × {width}" for _, height, width in shapes]
        raise GradstepError(f"{paths[1]}: its images are {sizes[1]}, but those of {paths[0].name} are {sizes[0]}")
    _, height, width = shapes[0]
    try:
        pixels = np.empty((sum(counts), height * width), np.uint8)
    except (MemoryError, ValueError):
        promised = " and ".join(" × ".join(map(str, shape)) for shape in shapes)
        raise GradstepError(f"{paths[0].parent}: the heads promise {promised} bytes, too many for the memory") from None
    for path, part in zip(paths, (pixels[: counts[0]], pixels[counts[0] :]), strict=True):
        with _open_idx(path, 3) as (file, _, packed):
            _fill(part.reshape(-1), file, path, packed)
    return pixels, (height, width), counts


def _read_labels(path: Path, images: Path, count: int) -> Bytes:
    with _open_idx(path, 1) as (file, shape, packed):
        if shape[0] != count:
            raise GradstepError(f"{path} has {shape[0]} labels, but {images.name} has {count} images")
        labels = np.empty(shape[0], np.uint8)
        _fill(labels, file, path, packed)
    return labels


@contextmanager
def _open_idx(path: Path, dimensions: int) -> Iterator[tuple[BufferedIOBase, tuple[int, ...], BufferedIOBase]]:
    """Open a file and read its head.

    Yields the file, positioned after the head, the shape in the head, and the file as it is on the disk, maybe packed.
    """
    with open_file(path) as packed, gzip.open(packed) if path.suffix.lower() == ".gz" else nullcontext(packed) as file:
        magic = file.read(4)
        wanted = UNSIGNED_BYTES + bytes([dimensions])
        if magic != wanted:
            raise GradstepError(f"{path}: begins with {magic.hex(' ') or 'nothing'}; must begin with {wanted.hex(' ')}")
        sizes = file.read(4 * dimensions)
        if len(sizes) < 4 * dimensions:
            raise GradstepError(f"{path} is cut short: its head needs {4 + 4 * dimensions} bytes, not {4 + len(sizes)}")
        shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
        if 0 in shape:
            raise GradstepError(f"{path} is empty: its head says {' × '.join(map(str, shape))}")
        yield file, shape, packed


def _fill(values: Bytes, file: BufferedIOBase, path: Path, packed: BufferedIOBase) -> None:
    """Read the rest of a file into `values`; `packed` is the file on the disk.

    Raises GradstepError if it is shorter or longer, or unpacks to more than data do.
    """
    room = values.data
    done = 0
    with show_progress(path.name, len(room)) as report:
        while done < len(room) and (read := file.readinto(room[done : done + CHUNK])):
            done += read
            check_unpacked_size(path, done, packed.tell())
            report(done)
    if done < len(room):
        raise GradstepError(f"{path} is cut short: its head promises {len(room)} bytes, and {done} are there")
    if file.read(1):
        raise GradstepError(f"{path}: goes on after the {len(room)} bytes that its head promises")
