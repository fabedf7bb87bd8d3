"""A canvas of dots made of braille characters, 2 dots across and 4 down in each cell."""

from codecs import charmap_decode

import numpy as np
from numpy.typing import NDArray

BLANK = 0x2800
"""The code point of the braille character without dots; a dot adds its bit."""

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each of the 4 × 2 dots of a braille character."""

CHARACTERS = " " + "".join(chr(BLANK + bits) for bits in range(1, 256))
"""The character for each combination of bits; a cell without dots is a blank."""

DOT_BITS = np.array(DOTS, dtype=np.uint8)
"""DOTS as an array (4, 2)."""


class BrailleCanvas:
    """A grid of `columns` × `rows` cells on which dots are set.

    Dot (0, 0) is at the upper left. x grows to the right, y downwards. `bits` (rows, columns) holds the dots of each
    cell as the bits of its braille character.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.bits = np.zeros((rows, columns), np.uint8)

    def set_dots(self, x: NDArray[np.integer], y: NDArray[np.integer]) -> None:
        """Set the dots at (x, y), both of shape (dots,). All of them must lie on the canvas."""
        np.bitwise_or.at(self.bits, (y // 4, x // 2), DOT_BITS[y % 4, x % 2])

    def set_segment(self, x: int, first: int, last: int) -> None:
        """Set the dots of column x between y = first and y = last, both included; dots off the canvas are skipped."""
        first, last = sorted((first, last))
        for y in range(max(0, first), min(4 * len(self.bits) - 1, last) + 1):
            self.bits[y // 4, x // 2] |= DOT_BITS[y % 4, x % 2]

    def character(self, column: int, row: int) -> str:
        """Return the character of one cell."""
        return CHARACTERS[self.bits[row, column]]

    def lines(self) -> list[str]:
        """Return the rows as text."""
        return [charmap_decode(row.tobytes(), "strict", CHARACTERS)[0] for row in self.bits]
