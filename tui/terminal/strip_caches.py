"""Makes the caches of Textual's strips light, and keeps strips from referring to themselves in them.

Each strip, and every line that is drawn is several, has seven caches, most of which stay empty. As dicts they take a
tenth of the time of all drawing less, and a garbage collection does not look at them. They have no limit, but a strip
is seldom cut in more ways than the limit of Textual's caches allows.

A strip that is fitted to the width that it has, or divided at its end, is the result itself, and keeps it in a cache of
its own. Only a garbage collection frees such a cycle, and every line that is drawn leaves some.
"""

from collections.abc import Callable, Iterable, Sequence

from rich.style import Style
from textual import strip as textual_strip
from textual.strip import Strip

Fit = Callable[[Strip, int, Style | None], Strip]
Divide = Callable[[Strip, Iterable[int]], Sequence[Strip]]
CropAndExtend = Callable[[Strip, int, int, Style | None], Strip]


def lighten_strips() -> None:
    """Let strips have dicts as caches, and be returned as they are if they need no change. To be called once."""
    vars(textual_strip)["FIFOCache"] = _make_cache
    Strip.adjust_cell_length = _fit_others(Strip.adjust_cell_length)  # type: ignore[assignment, method-assign]
    Strip.divide = _divide_others(Strip.divide)  # type: ignore[assignment, method-assign]
    Strip.crop_extend = _crop_others(Strip.crop_extend)  # type: ignore[assignment, method-assign]


def _make_cache(_: int) -> dict[object, object]:
    return {}


def _fit_others(fit: Fit) -> Fit:
    def adjust_cell_length(strip: Strip, cell_length: int, style: Style | None = None) -> Strip:
        return strip if cell_length == strip.cell_length else fit(strip, cell_length, style)

    return adjust_cell_length


def _divide_others(divide: Divide) -> Divide:
    def divide_strip(strip: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
        cuts = list(cuts)
        return [strip] if cuts == [strip.cell_length] else divide(strip, cuts)

    return divide_strip


def _crop_others(crop_extend: CropAndExtend) -> CropAndExtend:
    def crop_and_extend(strip: Strip, start: int, end: int, style: Style | None) -> Strip:
        return strip if start == 0 and end == strip.cell_length else crop_extend(strip, start, end, style)

    return crop_and_extend
