"""The data sets that come with gradstep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Dataset
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.generators.classic import moons, spiral3
from gradstep.data.generators.curves import sine, step
from gradstep.data.generators.playground import circle, gauss, multi_gauss, plane, spiral, xor
from gradstep.data.value_text import allowed_names, quote_value

HERE = Path(__file__).parent


def _digits() -> Dataset:
    return replace(read_csv(HERE / "digits.csv.gz"), image_shape=(8, 8), auto_scale="minmax")


def _iris() -> Dataset:
    return read_csv(HERE / "iris.csv.gz")


GENERATED: dict[str, Callable[..., Dataset]] = {
    make.__name__: make for make in (circle, xor, gauss, spiral, plane, multi_gauss, moons, spiral3, sine, step)
}
MEASURED: dict[str, Callable[[], Dataset]] = {"digits": _digits, "iris": _iris}
BUILT_IN = (*GENERATED, *MEASURED)


def load_built_in(name: str, seed: int, noise: float = 0.0) -> Dataset:
    """Return the built-in set; `seed` and `noise` decide the points of a generated one.

    Raises GradstepError for another name.
    """
    if name in GENERATED:
        return GENERATED[name](seed, noise=noise)
    if name in MEASURED:
        return MEASURED[name]()
    raise GradstepError(f"no data set is called {quote_value(name)}: it {allowed_names(BUILT_IN, name)}")
