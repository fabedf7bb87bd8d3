"""Replacement characters for terminals without braille, or with ASCII only.

Panels use all of Unicode. Text for the terminal goes through `str.translate` with one of these tables.
"""

import unicodedata
from functools import cache

from rich.cells import get_character_cell_size

from gradstep.tui.drawing.braille import BLANK, DOTS
from gradstep.tui.terminal.capabilities import Glyphs

QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""The block characters by the sum of their quadrants: 1 upper left, 2 upper right, 4 lower left, 8 lower right."""


SHAPES = r"""
    '   '   '   '   .   .   .   .   -   -   _   "   "   :   :   |   |   /   \   \   /   =   =   #   +
    #.  .#  ..  ..  ..  ..  ..  ..  ..  ..  ..  ##  #.  #.  .#  #.  .#  .#  #.  #.  ..  ##  ..  ##  ##
    ..  ..  #.  .#  ..  ..  ..  ..  ##  ..  ..  ..  .#  ..  ..  #.  .#  .#  #.  .#  .#  ..  ##  ##  ##
    ..  ..  ..  ..  #.  .#  ..  ..  ..  ##  ..  ..  ..  #.  .#  #.  .#  #.  .#  ..  #.  ##  ..  ##  ##
    ..  ..  ..  ..  ..  ..  #.  .#  ..  ..  ##  ..  ..  ..  ..  #.  .#  #.  .#  ..  #.  ..  ##  ##  ..
"""
"""ASCII characters, each above the dots it resembles. A braille character becomes the one with the nearest dots."""


ASCII = """
    ·* •+ ◦- −- –- ‑- ×x ≈~ ≥> ≤< ±~ ∞I √V ∂d ∇d ′' ‖| …~ «" »" ½h ←< →> ↑^ ↓v ↖\\ ↗/ ↘\\ ↙/ ↦>
    ▸> ◂< ‹< ›> ■# ●@ ○o ◉O ✓v ✗x
    “" ”" ⁻- ∘o ŷY γg πp δd ΔD αa εe θt μu ρr σs ΣS
    аa бb вv гg дd еe ёe жj зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цc ч4 шw щw ъ' ыy ь' эe юu яa АA БB ВV ГG
    ДD ЕE ЁE ЖJ ЗZ ИI ЙY КK ЛL МM НN ОO ПP РR СS ТT УU ФF ХH ЦC Ч4 ШW ЩW Ъ' ЫY Ь' ЭE ЮU ЯA —-
    ▪* ▲A ▴a ◈O ◆X
    ━= ░. ▒+ ▓% ▀" ▁_ ▂. ▃: ▄- ▅= ▆+ ▇* █# ▉# ▊| ▋| ▌| ▍| ▎| ▏| ▐| ▔- ▕| ▖. ▗. ▘' ▝' ▚\\ ▞/ ▙# ▛# ▜# ▟#
"""
"""Pairs of a character and its ASCII replacement.

Letters and digits that Unicode decomposes to ASCII are not listed, except ŷ, which must not become y. A Russian letter
becomes one Latin letter, so that the lines keep their width.
"""


WIDE: dict[int, str | None] = {ord("🔎"): "> "}
"""The one character two cells wide, from Textual's command palette."""


@cache
def make_glyph_table(glyphs: Glyphs) -> dict[int, str | None] | None:
    """Return the table for `str.translate` that leaves only these glyphs; None if nothing has to change.

    A replacement takes as many cells as the character. The ASCII table maps every character, those of the user's data
    too: é becomes e, and a character without a replacement becomes a question mark for each of its cells.
    """
    if glyphs == "braille":
        return None
    if glyphs == "block":
        return {BLANK + bits: QUADRANTS[_find_quadrants(bits)] for bits in range(256)} | WIDE
    signs = {ord(pair[0]): pair[1] for pair in ASCII.split()}
    return _AsciiTable(signs | WIDE | {BLANK + bits: _find_nearest_shape(bits) for bits in range(256)})


class _AsciiTable(dict[int, str | None]):
    """Adds the replacement of a character when the character is first looked up."""

    def __missing__(self, code: int) -> str | None:
        self[code] = found = _find_ascii(chr(code))
        return found


def _find_ascii(character: str) -> str | None:
    """Return the letters it decomposes to, "+", "-", "|" or ":" for lines, else a question mark for each cell."""
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


def _find_quadrants(bits: int) -> int:
    return sum(
        1 << (2 * half + column)
        for half in (0, 1)
        for column in (0, 1)
        if bits & (DOTS[2 * half][column] | DOTS[2 * half + 1][column])
    )


def _find_nearest_shape(bits: int) -> str:
    """Return the ASCII character whose dots differ least from these."""
    return min(_parse_shapes(), key=lambda shape: (shape[1] ^ bits).bit_count())[0]


@cache
def _parse_shapes() -> list[tuple[str, int]]:
    signs, *rows = (row.split() for row in SHAPES.strip().splitlines())
    shapes = [(" ", 0)]
    for index, sign in enumerate(signs):
        cells = zip("".join(row[index] for row in rows), sum(DOTS, ()), strict=True)
        shapes.append((sign, sum(bit for mark, bit in cells if mark == "#")))
    return shapes
