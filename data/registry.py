"""The data sets that come with gradstep."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.choices import describe_choices
from gradstep.data.dataset import Dataset
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.generators.classic import moons, spiral3
from gradstep.data.generators.curves import sine, step
from gradstep.data.generators.playground import circle, gauss, multi_gauss, plane, spiral, xor
from gradstep.data.recipe import CLASSIFICATION, REGRESSION, Recipe
from gradstep.data.toml_value import quote_value

FOLDER = Path(__file__).parent


def _load_measured(name: str) -> Dataset:
    # a person does not open its file to look a line up
    return replace(read_csv(FOLDER / f"{name}.csv.gz"), lines=None)


def _load_digits() -> Dataset:
    return replace(_load_measured("digits"), image_shape=(8, 8), auto_scale="minmax")


def _load_iris() -> Dataset:
    return _load_measured("iris")


GENERATED: dict[str, Callable[..., Dataset]] = {
    make.__name__: make for make in (circle, xor, gauss, spiral, plane, multi_gauss, moons, spiral3, sine, step)
}
MEASURED: dict[str, Callable[[], Dataset]] = {"digits": _load_digits, "iris": _load_iris}
BUILT_IN = (*GENERATED, *MEASURED)

MOST_NOISE = 0.5
ONLY_WITH_NOISE = f"only {', '.join(GENERATED)} are made with noise"

# files of one's own may have many columns and heavy tails, and need smaller rates than these sets
_RATES = {**REGRESSION.rates, "sgd": 0.03, "momentum": 0.003, "nesterov": 0.003}
_CURVE = replace(REGRESSION, hidden=(16, 16), activation="tanh", rates={**_RATES, "adam": 0.01}, steps=1500)
RECIPES: dict[str, Recipe] = {
    "circle": CLASSIFICATION,
    "xor": CLASSIFICATION,
    "gauss": CLASSIFICATION,
    "spiral": replace(CLASSIFICATION, hidden=(16, 16, 16), steps=4000),
    "plane": replace(REGRESSION, hidden=(16,), rates=_RATES),
    "multi_gauss": replace(_CURVE, hidden=(32, 32), steps=4000),
    "moons": replace(CLASSIFICATION, steps=1500),
    "spiral3": replace(CLASSIFICATION, steps=2500),
    "sine": _CURVE,
    "step": _CURVE,
    "digits": CLASSIFICATION,
    "iris": replace(CLASSIFICATION, steps=600),
}
"""What learns each set from any seed, within 80 seconds at the pace that a run begins with."""


def load_built_in(name: str, seed: int, noise: float = 0.0) -> Dataset:
    """Return the built-in set of this name; the points of a generated one depend on `seed` and `noise`.

    Raises GradstepError for an unknown name, for a noise not from 0 to MOST_NOISE, and for noise in a measured set.
    """
    if not 0 <= noise <= MOST_NOISE:
        raise GradstepError(f"noise = {noise}: must be a number from 0 to {MOST_NOISE}")
    if name in GENERATED:
        return GENERATED[name](seed, noise=noise)
    if name in MEASURED:
        if noise:
            raise GradstepError(f"noise = {noise}: {ONLY_WITH_NOISE}, and {name} is measured")
        return MEASURED[name]()
    raise GradstepError(f"no data set is called {quote_value(name)}: it {describe_choices(BUILT_IN, name)}")
