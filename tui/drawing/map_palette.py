"""How what a network gives is told on a map: by tones, each with a colour, a texture and a mark of its own.

A tone is a small whole number: which class, and how sure; or how far below or above the border between two.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.data.split import Split
from gradstep.tui.drawing.palette import CLASSES, GROUND, LEVELS, NEGATIVE, POSITIVE, RGB, mix, signed_colour
from gradstep.tui.terminal.capabilities import TerminalCapabilities

Tones = NDArray[np.intp]

SOFT = 0.5
"""How strong a colour the ground gets at most: the points stand out from it."""

LIGHTER = 0.55
"""How far the colour of a test point is on its way to white."""

TEXTURES = " ░:▒=▓-/|~"
SHAPES = {2: ("○●", "◦•"), 3: ("●■▲", "•▪▴")}
LETTERS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
"""Marks of the training points of each class, and of its test points: those are smaller."""


@dataclass(frozen=True, slots=True)
class MapPalette:
    """The tones that `read` makes of outputs or targets (rows, outputs), and how each is drawn: as ground in colours
    or as a texture, as a point in colours, and as a mark of the training and of the test part.

    `names` are the meanings of some tones, for a legend.
    """

    read: Callable[[Floats], Tones]
    grounds: tuple[RGB, ...]
    points: tuple[RGB, ...]
    textures: str
    training: str
    test: str
    names: tuple[tuple[int, str], ...]


def map_palette_of(split: Split, capabilities: TerminalCapabilities) -> MapPalette:
    """Two classes and numbers are orange and blue; more classes have a colour each, and shapes or letters."""
    names, outputs = split.dataset.class_names, split.train_y.shape[1]
    if len(names) > 2:
        return _class_palette(names, capabilities)
    if names:
        threshold = split.threshold
        both = outputs == 2

        def read(outputs: Floats) -> Tones:
            margin = outputs[:, 1] - outputs[:, 0] if both else (outputs[:, 0] - threshold) / (1 - threshold)
            return signed_tones(margin, 1.0)

        return _signed_palette(read, ((0, names[0]), (2 * LEVELS, names[1])))
    largest = float(np.abs(split.train_y[:, 0]).max()) or 1.0
    of = "ŷ1 " if outputs > 1 else ""
    signs = ((0, f"{of}below 0"), (2 * LEVELS, f"{of}above 0"))
    return _signed_palette(lambda outputs: signed_tones(outputs[:, 0], largest), signs)


def signed_tones(values: Floats, largest: float) -> Tones:
    """The `level` of each value, from 0 for −largest to 2·LEVELS for largest; what is no number is as 0."""
    shares = np.nan_to_num(values / largest if largest > 0 else np.zeros_like(values), nan=0.0, posinf=1, neginf=-1)
    tones: Tones = np.rint(np.clip(shares, -1, 1) * LEVELS).astype(np.intp) + LEVELS
    return tones


def signed_ground(tone: int) -> RGB:
    """The colour of ground of this tone."""
    step = tone - LEVELS
    return mix(GROUND, POSITIVE if step > 0 else NEGATIVE, SOFT * abs(step) / LEVELS)


HALF_TEXTURES = " " * (LEVELS + 1) + "░" * LEVELS


def _signed_palette(read: Callable[[Floats], Tones], names: tuple[tuple[int, str], ...]) -> MapPalette:
    tones = range(2 * LEVELS + 1)
    training, test = (f"{marks[0] * LEVELS}·{marks[1] * LEVELS}" for marks in SHAPES[2])
    return MapPalette(
        read,
        tuple(map(signed_ground, tones)),
        tuple(signed_colour(tone - LEVELS) for tone in tones),
        HALF_TEXTURES,
        training,
        test,
        names,
    )


def _class_palette(names: tuple[str, ...], capabilities: TerminalCapabilities) -> MapPalette:
    count = len(names)

    def read(outputs: Floats) -> Tones:
        # probabilities, or the numbers of another output: how far the largest stands above an even share
        foremost = np.nan_to_num(outputs.max(axis=1))
        sure = np.clip((foremost - 1 / count) / (1 - 1 / count), 0, 1)
        tones: Tones = outputs.argmax(axis=1) * LEVELS + np.rint(sure * (LEVELS - 1)).astype(np.intp)
        return tones

    colours = [CLASSES[index % len(CLASSES)] for index in range(count)]
    shapes = SHAPES.get(count) if capabilities.glyphs == "braille" else None
    training, test = (
        "".join(marks[index % len(marks)] * LEVELS for index in range(count)) for marks in shapes or LETTERS
    )
    return MapPalette(
        read,
        tuple(mix(GROUND, colour, SOFT * level / LEVELS) for colour in colours for level in range(1, LEVELS + 1)),
        tuple(colour for colour in colours for _ in range(LEVELS)),
        "".join(TEXTURES[index % len(TEXTURES)] * LEVELS for index in range(count)),
        training,
        test,
        tuple(((index + 1) * LEVELS - 1, name) for index, name in enumerate(names)),
    )
