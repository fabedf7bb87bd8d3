"""The bands of the map of the valley where the terminal has no shades."""

from gradstep.tui.drawing.glyph_fallback import make_glyph_table
from gradstep.tui.drawing.plane_map import TEXTURES

FULLER_AND_FULLER = " .:░▒▓█"
"""Signs from the emptiest to the fullest, as most fonts draw them."""


def test_the_higher_a_band_is_the_fuller_it_looks() -> None:
    places = [FULLER_AND_FULLER.index(texture) for texture in TEXTURES]
    assert places == sorted(set(places))


def test_every_band_has_a_sign_of_its_own_in_ascii_and_the_lowest_ones_look_as_full_as_before() -> None:
    table = make_glyph_table("ascii")
    assert table is not None
    drawn = TEXTURES.translate(table)
    assert len(set(drawn)) == len(TEXTURES)
    assert drawn[:3] == TEXTURES[:3]
