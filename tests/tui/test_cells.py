"""Text measured in cells: wide characters, combining marks, and what terminals disagree about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from gradstep.tui.drawing.cells import align_left, align_right, count_cells, make_drawable, shorten, wrap_words
from tests.tui.names import names


@given(st.text(max_size=20) | names)
def test_a_drawable_text_is_as_wide_as_its_characters_and_stays_the_same(text: str) -> None:
    drawable = make_drawable(text)
    assert cell_len(drawable) == sum(map(get_character_cell_size, drawable)) == count_cells(text)
    assert make_drawable(drawable) == drawable


@pytest.mark.parametrize(
    ("text", "drawable"),
    [
        ("👩\u200d👩\u200d👧", "👩👩👧"),
        ("❤\ufe0f", "❤"),
        ("🇩🇪", "DE"),
        ("👍🏽", "👍"),
        ("a\x1b[2Jb\tc", "a[2Jb c"),
        ("nai\u0308ve 日本", "nai\u0308ve 日本"),
    ],
)
def test_what_terminals_disagree_about_is_left_out(text: str, drawable: str) -> None:
    assert make_drawable(text) == drawable


@given(names, st.integers(1, 30))
def test_a_text_is_shortened_and_padded_to_its_cells(name: str, width: int) -> None:
    assert count_cells(shorten(name, width)) <= width
    assert (shorten(name, width) == name) == (count_cells(name) <= width)
    for aligned in (align_left(name, width), align_right(name, width)):
        assert count_cells(aligned) == width
        assert aligned.strip() in (name.strip(), shorten(name, width).strip())


@pytest.mark.parametrize(
    ("text", "width", "shortened"),
    [("layer 123 is dead", 9, "layer…"), ("layer 123 is dead", 10, "layer 123…"), ("日本 −1.2e−05 x", 9, "日本…"),
     ("8,123 examples", 4, "…"), ("at 99.9% of it", 7, "at…"), ("pixel12", 7, "pixel12")],
)  # fmt: skip
def test_a_number_is_left_out_rather_than_cut(text: str, width: int, shortened: str) -> None:
    assert shorten(text, width) == shortened


@given(st.lists(names, max_size=8).map(" ".join), st.integers(4, 30))
def test_wrapped_lines_fit_and_have_the_whole_text(text: str, width: int) -> None:
    lines = wrap_words(text, width, " ")
    assert all(count_cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(make_drawable(text).split())
