"""The dots of braille characters."""

BRAILLE = 0x2800


DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each of the 4 × 2 dots of a braille character."""
