"""Braille characters as a canvas of dots: 2 across and 4 down in each cell."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

BLANK = 0x2800
"""The code point of the braille character without dots; a dot adds its bit."""

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each of the 4 × 2 dots of a braille character."""

DOT_BITS = np.array(DOTS, dtype=np.uint8)


class BrailleCanvas:
    """A grid of `columns` × `rows` cells on which dots are set.

    Dot (0, 0) is the upper left one; x grows to the right, y downwards. `bits` (rows, columns) holds the dots of each
    cell.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.bits = np.zeros((rows, columns), np.uint8)

    def set_dots(self, x: NDArray[np.integer], y: NDArray[np.integer]) -> None:
        """Set the dots at (x, y), both (dots,); all of them lie on the canvas."""
        np.bitwise_or.at(self.bits, (y // 4, x // 2), DOT_BITS[y % 4, x % 2])

    def set_segment(self, x: int, first: int, last: int) -> None:
        """Set the dots of column x from y = first to last, in either order; those off the canvas are left out."""
        first, last = sorted((first, last))
        for y in range(max(0, first), min(4 * len(self.bits) - 1, last) + 1):
            self.bits[y // 4, x // 2] |= DOT_BITS[y % 4, x % 2]

    def character(self, column: int, row: int) -> str:
        """The character of one cell."""
        return braille_text([int(self.bits[row, column])])

    def lines(self) -> list[str]:
        """The rows as text."""
        return [braille_text(row) for row in self.bits.tolist()]


def braille_text(bits: Iterable[int]) -> str:
    """A character for each cell; a cell without dots is a blank."""
    return "".join(chr(BLANK + cell) if cell else " " for cell in bits)
