"""What holds of every panel at every size: no number is cut, and no line is wider than the panel."""

import re
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from gradstep.tui.drawing.cells import make_drawable
from gradstep.tui.widgets.panel import Panel

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?(?:e[−+]?\d+)?%?")
"""A number; one with commas counts as several."""

NEGATIVE_ZERO = re.compile(r"[−-]0(?:\.0+)?(?:e[+−-]?0+)?(?![\d.,e])")

JOINED = re.compile(r"\d−\d")
"""Two numbers with no blank between them."""

LONG_NUMBER = re.compile(r"\d{25}")

LEAST, LARGE = (38, 9), (400, 60)
"""The least size of a panel, and one at which everything fits."""

sizes = st.tuples(st.integers(LEAST[0], 140), st.integers(LEAST[1], 40))

SPECIAL = (0.0, 1.0, 0.99996, 1 - 1e-12, 2011.0, 1e-320, 1e300, 1e308)
magnitudes = st.floats(1e-320, 1e308) | st.sampled_from(SPECIAL)
values = st.tuples(magnitudes, st.sampled_from((1, -1))).map(lambda pair: pair[0] * pair[1])
any_values = values | st.sampled_from((float("inf"), float("-inf"), float("nan"), -0.0))


class Drawn:
    """A view that a test draws at random, without its repr of hundreds of thousands of characters."""

    def __init__(self, view: Any) -> None:
        self.view = view


def numbers_on(lines: Iterable[Strip]) -> set[str]:
    """Every number on these lines."""
    return {number for line in lines for number in NUMBER.findall(line.text)}


def assert_well_drawn(panel: Panel, view: object, size: tuple[int, int]) -> list[Strip]:
    """No line is wider than its panel, or has a −0, a half character or a number of hundreds of digits."""
    lines = panel.lines(view, *size)
    assert len(lines) <= size[1], f"{panel.id} {size}: {len(lines)} lines"
    for line in lines:
        where = f"{panel.id} {size}: {line.text!r}"
        assert line.cell_length <= size[0], where
        assert line.cell_length == cell_len(line.text) and line.text == make_drawable(line.text), where
        assert not NEGATIVE_ZERO.search(line.text), where
        assert not LONG_NUMBER.search(line.text), where
    return lines


def assert_whole(panel: Panel, view: object, size: tuple[int, int], large: Iterable[Strip] | None = None) -> None:
    """The panel is well drawn, and each number on it is also on the large one."""
    lines = assert_well_drawn(panel, view, size)
    whole = numbers_on(panel.lines(view, *LARGE) if large is None else large)
    assert not any(JOINED.search(line.text) for line in lines), f"{panel.id} {size}: {[line.text for line in lines]}"
    cut = numbers_on(lines) - whole
    assert not cut, f"{panel.id} {size}: {cut} on {[line.text for line in lines]}"
