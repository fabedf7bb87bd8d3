"""Other signs for terminals that have no braille, or nothing but ASCII.

Panels draw with all of Unicode; what is written to the terminal goes through `str.translate` with one of these tables.
"""

import unicodedata
from functools import cache

from rich.cells import get_character_cell_size

from gradstep.tui.drawing.braille import BLANK, DOTS
from gradstep.tui.terminal.capabilities import Glyphs

QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the sum of 1 upper left, 2 upper right, 4 lower left and 8 lower right."""


SHAPES = r"""
    '   '   '   '   .   .   .   .   -   -   _   "   "   :   :   |   |   /   \   \   /   =   =   #   +
    #.  .#  ..  ..  ..  ..  ..  ..  ..  ..  ..  ##  #.  #.  .#  #.  .#  .#  #.  #.  ..  ##  ..  ##  ##
    ..  ..  #.  .#  ..  ..  ..  ..  ##  ..  ..  ..  .#  ..  ..  #.  .#  .#  #.  .#  .#  ..  ##  ##  ##
    ..  ..  ..  ..  #.  .#  ..  ..  ..  ##  ..  ..  ..  #.  .#  #.  .#  #.  .#  ..  #.  ##  ..  ##  ##
    ..  ..  ..  ..  ..  ..  #.  .#  ..  ..  ##  ..  ..  ..  ..  #.  .#  #.  .#  ..  #.  ..  ##  ##  ..
"""
"""ASCII signs, and under each the dots it looks like; a braille character becomes the sign with the nearest dots."""


ASCII = """
    ·* •+ ◦- −- –- ‑- ×x ≈~ ≥> ≤< ±~ ∞I √V ∂d ∇d ′' ‖| …~ «" »" ½h ←< →> ↑^ ↓v ↦> ▸> ◂< ■# ●@ ○o ◉O ✓v ✗x
    ŷY πp δd ΔD αa εe θt μu ρr σs ΣS
    ▪* ▲A ▴a ◈O
    ━= ░. ▒+ ▓% ▀" ▁_ ▂. ▃: ▄- ▅= ▆+ ▇* █# ▉# ▊| ▋| ▌| ▍| ▎| ▏| ▐| ▔- ▕| ▖. ▗. ▘' ▝' ▚\\ ▞/ ▙# ▛# ▜# ▟#
"""
"""Pairs: a sign, and what stands for it in ASCII. Letters and digits that Unicode relates to ASCII are not among them,
but ŷ is, for it is not y.
"""


WIDE: dict[int, str | None] = {ord("🔎"): "> "}
"""The one sign of two cells, from Textual's command palette."""


@cache
def glyph_table(glyphs: Glyphs) -> dict[int, str | None] | None:
    """The table for `str.translate` that gives these glyphs, one cell for each cell; None if nothing changes.

    With ASCII everything is mapped, a person's own letters too: é to e, and what has no likeness to as many ? as it
    takes cells. So the text can be encoded strictly, and every column stays where it is.
    """
    if glyphs == "braille":
        return None
    if glyphs == "block":
        return {BLANK + bits: QUADRANTS[_lit_quadrants(bits)] for bits in range(256)} | WIDE
    signs = {ord(pair[0]): pair[1] for pair in ASCII.split()}
    return _AsciiTable(signs | WIDE | {BLANK + bits: _nearest_shape(bits) for bits in range(256)})


class _AsciiTable(dict[int, str | None]):
    """Finds out what a character becomes when it first comes by."""

    def __missing__(self, code: int) -> str | None:
        self[code] = found = _ascii_likeness(chr(code))
        return found


def _ascii_likeness(character: str) -> str | None:
    """The ASCII letter or digit it is made of, + − or | for lines, else a question mark a cell."""
    if character.isascii():
        return character
    width = get_character_cell_size(character)
    if width == 0:
        return None
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    if letters:
        return letters[:width].ljust(width)
    name = unicodedata.name(character, "")
    if name.startswith("BOX DRAWINGS"):
        horizontal, vertical = "HORIZONTAL" in name, "VERTICAL" in name and "AND" not in name
        return "|" if vertical and "DASH" not in name else ":" if vertical else "-" if horizontal else "+"
    return "?" * width


def _lit_quadrants(bits: int) -> int:
    return sum(
        1 << (2 * half + column)
        for half in (0, 1)
        for column in (0, 1)
        if bits & (DOTS[2 * half][column] | DOTS[2 * half + 1][column])
    )


def _nearest_shape(bits: int) -> str:
    """The sign whose dots differ least from these."""
    return min(_ascii_shapes(), key=lambda shape: (shape[1] ^ bits).bit_count())[0]


@cache
def _ascii_shapes() -> list[tuple[str, int]]:
    signs, *rows = (row.split() for row in SHAPES.strip().splitlines())
    shapes = [(" ", 0)]
    for index, sign in enumerate(signs):
        cells = zip("".join(row[index] for row in rows), sum(DOTS, ()), strict=True)
        shapes.append((sign, sum(bit for mark, bit in cells if mark == "#")))
    return shapes
