"""Keeps Textual's strips from referring to themselves.

A strip that is fitted to the width that it has, or divided at its end, is the result itself, and keeps it in a cache of
its own. Only a garbage collection frees such a cycle, and every line that is drawn leaves some.
"""

from collections.abc import Callable, Iterable, Sequence

from rich.style import Style
from textual.strip import Strip

Fit = Callable[[Strip, int, Style | None], Strip]
Divide = Callable[[Strip, Iterable[int]], Sequence[Strip]]
CropAndExtend = Callable[[Strip, int, int, Style | None], Strip]


def stop_strip_cycles() -> None:
    """Let strips that need no change be returned before Textual looks into their caches. To be called once."""
    Strip.adjust_cell_length = _fit_others(Strip.adjust_cell_length)  # type: ignore[assignment, method-assign]
    Strip.divide = _divide_others(Strip.divide)  # type: ignore[assignment, method-assign]
    Strip.crop_extend = _crop_others(Strip.crop_extend)  # type: ignore[assignment, method-assign]


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
