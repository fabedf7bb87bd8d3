"""The data sets that come with gradstep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.errors import GradstepError
from data.dataset import Dataset
from data.files import read_csv
from data.generators import circle, xor
from data.wording import one_of, shown

HERE = Path(__file__).parent


def _digits(seed: int) -> Dataset:
    return replace(read_csv(HERE / "digits.csv.gz"), image_shape=(8, 8), auto_scale="minmax")


def _iris(seed: int) -> Dataset:
    return read_csv(HERE / "iris.csv.gz")


BUILT_IN: dict[str, Callable[[int], Dataset]] = {"digits": _digits, "iris": _iris, "xor": xor, "circle": circle}


def load(name: str, seed: int) -> Dataset:
    """Return the built-in set; `seed` decides the points of a generated one. Raises GradstepError for another name."""
    if name not in BUILT_IN:
        raise GradstepError(f"no data set is called {shown(name)}: it {one_of(BUILT_IN, name)}")
    return BUILT_IN[name](seed)
