"""The caches of Textual's strips, which `tui/terminal/strip_caches.py` makes light."""

import gc

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

import gradstep.tui.app  # noqa: F401 - whoever imports the app has light strips


def test_a_strip_has_no_cache_that_a_collection_looks_at() -> None:
    strip = Strip([Segment("one line")])
    caches = [getattr(strip, name) for name in Strip.__slots__ if name.endswith("_cache")]
    assert sorted(map(str, caches)) == ["None", *["{}"] * 7]
    assert not any(map(gc.is_tracked, caches))


def test_what_a_strip_was_cut_and_styled_to_is_kept() -> None:
    strip = Strip([Segment("one line")])
    assert strip.crop(0, 3) is strip.crop(0, 3)
    assert strip.crop(0, 3).text == "one"
    assert strip.apply_style(Style(bold=True)) is strip.apply_style(Style(bold=True))
    assert strip.divide([3, 8])[1] is strip.divide([3, 8])[1]


def test_a_strip_that_needs_no_change_is_returned_itself_and_keeps_no_reference_to_itself() -> None:
    strip = Strip([Segment("one line")])
    assert strip.adjust_cell_length(8) is strip.divide([8])[0] is strip.crop_extend(0, 8, None) is strip
    assert strip not in gc.get_referents(*gc.get_referents(strip))
