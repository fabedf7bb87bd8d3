"""Files as other programs write them, and what stands for the terminal at which they are read."""

import gzip
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MNIST = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


class Terminal(StringIO):
    """Standard error that a person reads."""

    def isatty(self) -> bool:
        return True


def idx(values: NDArray[np.uint8]) -> bytes:
    """An IDX file of unsigned bytes."""
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes() + values.tobytes()


def images(count: int, height: int = 4, width: int = 3, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, height, width), np.uint8)


def classes(count: int) -> NDArray[np.uint8]:
    return (np.arange(count) % 3).astype(np.uint8)


def write_mnist(directory: Path, train: int = 9, test: int = 6, gzipped: bool = False, **other: bytes | None) -> Path:
    """The four files; `other` are other contents (None: no file) for train_images, train_labels, t10k_..."""
    directory.mkdir()
    contents = (idx(images(train)), idx(classes(train)), idx(images(test, seed=1)), idx(classes(test)))
    for name, usual in zip(MNIST, contents, strict=True):
        content = other.get("_".join(name.split("-")[:2]), usual)
        if content is not None:
            path = directory / (f"{name}.gz" if gzipped else name)
            path.write_bytes(gzip.compress(content) if gzipped else content)
    return directory


def write_npz(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path
