"""Inputs that are arrays: rows of numbers, or images."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError

COLOURS = (3, 4)
"""How many channels a colour image has."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenInputs:
    """Inputs (rows, features) and the `shape` of a row as it was given.

    `image_shape` is (height, width) if a row is an image that can be drawn. `warnings` say what should be known.
    """

    inputs: NDArray[Any]
    shape: tuple[int, ...]
    image_shape: tuple[int, int] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether a row is an image, grey or in colours."""
        return len(self.shape) > 1


def unfold_inputs(x: NDArray[Any], where: str) -> GivenInputs:
    """Return rows of numbers of an array of rows or of images; raises GradstepError, which begins with `where`.

    An image may have an axis of channels, the first or the last one.
    """
    shape = x.shape[1:]
    if x.ndim in (1, 2, 3) and x.size:
        return GivenInputs(x.reshape(len(x), -1), shape, (shape[0], shape[1]) if x.ndim == 3 else None)
    if x.ndim == 4 and x.size:
        channels = next((axis for axis in (2, 0) if shape[axis] == 1), None)
        if channels is not None:
            height, width = (size for axis, size in enumerate(shape) if axis != channels)
            return GivenInputs(x.reshape(len(x), -1), shape, (height, width))
        if shape[2] in COLOURS or shape[0] in COLOURS:
            warning = f"images in colours: their {' × '.join(map(str, shape))} numbers are learnt, and none is drawn"
            return GivenInputs(x.reshape(len(x), -1), shape, warnings=(warning,))
    raise GradstepError(
        f"{where}: has the shape {x.shape}; must be (rows, features), (rows, height, width) "
        "or (rows, height, width, channels)"
    )


def turn_images(given: GivenInputs, where: str) -> GivenInputs:
    """Turn images over their diagonal, as EMNIST needs it; raises GradstepError for what is no image."""
    if given.image_shape is None:
        raise GradstepError(f"data.transposed = true: {where} holds no grey images")
    height, width = given.image_shape
    turned = given.inputs.reshape(-1, height, width).transpose(0, 2, 1).reshape(len(given.inputs), -1)
    return replace(given, inputs=np.ascontiguousarray(turned), image_shape=(width, height))


def describe_shape(shape: tuple[int, ...]) -> str:
    """Return the sizes of an array, as in 60 × 4 × 4."""
    return " × ".join(map(str, shape)) or "1"
