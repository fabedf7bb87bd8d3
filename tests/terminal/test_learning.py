"""A chapter of the course on a real terminal: its language, its keys under a Russian layout, and where it was left."""

import pytest

from tests.terminal.terminal import Terminal

LEARN = ("learn", "1", "--language", "ru")


@pytest.mark.parametrize("lines", [24, 40])
def test_a_chapter_in_russian_goes_on_where_it_was_left(lines: int) -> None:
    columns = 80 if lines == 24 else 120
    with Terminal(*LEARN, columns=columns, lines=lines) as terminal:
        terminal.until("1 из")
        terminal.press(")")
        terminal.until("2 из")
        terminal.press("ы")
        terminal.until_true(lambda: terminal.number("step") == 1, "the step of the key at the place of s")
        terminal.press("й")
        assert terminal.end() == 0
    with Terminal(*LEARN, columns=columns, lines=lines) as terminal:
        terminal.until("2 из")
        assert terminal.number("step") == 1
        terminal.press("q")
        assert terminal.end() == 0


def test_in_a_terminal_without_russian_letters_it_is_written_in_latin_ones() -> None:
    with Terminal(*LEARN, "--glyphs", "ascii", LC_ALL="C") as terminal:
        terminal.until("1 iz")
        assert terminal.text.isascii()
