"""How the outputs of a network are shown on a map: as tones, each with a colour, a texture and a mark.

A tone is a small whole number. It stands for a class and its certainty, or for a distance below or above the border
between two classes or between small and large numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.data.split import Split
from gradstep.tui.drawing.palette import CLASSES, GROUND, LEVELS, NEGATIVE, POSITIVE, RGB, mix, signed_colour
from gradstep.tui.numbers import format_of_data
from gradstep.tui.terminal.capabilities import TerminalCapabilities

Tones = NDArray[np.intp]

SOFT = 0.5
"""The strongest colour of the background, as a share of the full colour, so that the points stand out."""

LIGHTER = 0.55
"""How much white is mixed into the colour of a test point (0 to 1)."""

TEXTURES = " ░:▒=▓-/|~"
SHAPES = {2: ("○●", "◦•"), 3: ("●■▲", "•▪▴")}
LETTERS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
"""Marks of the training points of each class, and smaller ones of its test points."""


@dataclass(frozen=True, slots=True)
class MapPalette:
    """The tones of a map, and how each is drawn.

    `read` turns outputs or targets (rows, outputs) into tones (rows,). The other fields are indexed by tone.
    `backgrounds` and `points` are the colours of the background and of data points. `textures` are the background
    without shades. `training` and `test` are the marks of data points. `names` are pairs of a tone and its meaning, for
    the legend.
    """

    read: Callable[[Floats], Tones]
    backgrounds: tuple[RGB, ...]
    points: tuple[RGB, ...]
    textures: str
    training: str
    test: str
    names: tuple[tuple[int, str], ...]


def make_map_palette(split: Split, capabilities: TerminalCapabilities) -> MapPalette:
    """Make the palette for a data set.

    Two classes, and numbers, are orange and blue. Three classes and more have a colour each, and shapes or letters.
    """
    names, outputs = split.dataset.class_names, split.train_y.shape[1]
    if len(names) > 2:
        return _make_class_palette(names, capabilities)
    if names:
        threshold = split.threshold
        both = outputs == 2

        def read(outputs: Floats) -> Tones:
            margin = outputs[:, 1] - outputs[:, 0] if both else (outputs[:, 0] - threshold) / (1 - threshold)
            return signed_tones(margin, 1.0)

        return _make_signed_palette(read, ((0, names[0]), (2 * LEVELS, names[1])))
    border = find_border(split)
    targets = _read_first(split, split.train_y)
    largest = float(np.abs(targets - border).max()) or 1.0
    of, at = "ŷ₁ " if outputs > 1 else "", format_of_data(border)
    sides = ((0, f"{of}below {at}"), (2 * LEVELS, f"{of}above {at}"))
    return _make_signed_palette(lambda outputs: signed_tones(_read_first(split, outputs) - border, largest), sides)


def find_border(split: Split) -> float:
    """Return where the colours of a regression part, in its unit: at 0 between targets of both signs, else amid them.

    Of several outputs the first is shown.
    """
    targets = _read_first(split, split.train_y)
    low, high = float(targets.min()), float(targets.max())
    return 0.0 if low < 0 < high else low / 2 + high / 2


def _read_first(split: Split, outputs: Floats) -> Floats:
    """Return the first column of outputs or targets (rows, outputs) in the unit of the data."""
    undone: Floats = split.target_scaling.undo(outputs.astype(np.float64))[:, 0]
    return undone


def signed_tones(values: Floats, largest: float) -> Tones:
    """Return the tone of each value, from 0 for −largest to 2·LEVELS for largest; NaN counts as 0."""
    shares = np.nan_to_num(values / largest if largest > 0 else np.zeros_like(values), nan=0.0, posinf=1, neginf=-1)
    tones: Tones = np.rint(np.clip(shares, -1, 1) * LEVELS).astype(np.intp) + LEVELS
    return tones


def signed_background(tone: int) -> RGB:
    """Return the background colour of this tone."""
    step = tone - LEVELS
    return mix(GROUND, POSITIVE if step > 0 else NEGATIVE, SOFT * abs(step) / LEVELS)


HALF_TEXTURES = " " * (LEVELS + 1) + "░" * LEVELS
"""The textures of signed tones: blank for 0 and below, shaded above."""


def _make_signed_palette(read: Callable[[Floats], Tones], names: tuple[tuple[int, str], ...]) -> MapPalette:
    tones = range(2 * LEVELS + 1)
    training, test = (f"{marks[0] * LEVELS}·{marks[1] * LEVELS}" for marks in SHAPES[2])
    return MapPalette(
        read,
        tuple(map(signed_background, tones)),
        tuple(signed_colour(tone - LEVELS) for tone in tones),
        HALF_TEXTURES,
        training,
        test,
        names,
    )


def _make_class_palette(names: tuple[str, ...], capabilities: TerminalCapabilities) -> MapPalette:
    count = len(names)

    def read(outputs: Floats) -> Tones:
        # the certainty is how far the largest output is above an equal share
        highest = np.nan_to_num(outputs.max(axis=1))
        certainty = np.clip((highest - 1 / count) / (1 - 1 / count), 0, 1)
        tones: Tones = outputs.argmax(axis=1) * LEVELS + np.rint(certainty * (LEVELS - 1)).astype(np.intp)
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
