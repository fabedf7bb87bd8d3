"""Blocks of lines joined side by side."""

from textual.strip import Strip

from gradstep.tui.drawing.palette import PLAIN
from gradstep.tui.drawing.strips import join_blocks, make_line


def block(*lines: str) -> list[Strip]:
    return [make_line((line, PLAIN)) for line in lines]


def test_blocks_are_joined_side_by_side_each_padded_to_its_width() -> None:
    joined = join_blocks([block("a", "bb"), block("wide"), block("c", "d", "e")], [3, 2])
    assert [strip.text for strip in joined] == ["a  wic", "bb   d", "     e"]


def test_the_last_block_is_not_padded() -> None:
    assert [strip.text for strip in join_blocks([block("a", "b"), block("c")], [2])] == ["a c", "b "]
