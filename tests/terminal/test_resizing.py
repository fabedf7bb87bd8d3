"""Terminals of every size, and changes of the size."""

import re
from random import Random

import pytest

from tests.terminal.terminal import TITLES, Terminal, assert_drawn_right


@pytest.mark.parametrize("answers", [False, True], ids=["by signal", "by report"])
@pytest.mark.parametrize("command", [("train", "--pace", "max", "--max-epochs", "1000000"), ("walk",)], ids=" ".join)
def test_after_200_quick_changes_of_size_the_screen_is_right(command: tuple[str, ...], answers: bool) -> None:
    random = Random(4)
    with Terminal(*command, answers=answers) as terminal:
        terminal.until("1 ")
        for _ in range(200):
            columns, lines = random.randint(3, 300), random.randint(3, 100)
            terminal.resize(random.choice([1, 2, columns, columns]), random.choice([1, 2, lines, lines]))
            if random.random() < 0.5:
                terminal.read()
        terminal.resize(120, 40)
        terminal.screen.reset()  # what was drawn for an earlier size is not waited for
        if command[0] == "train":
            terminal.until(r"step [1-9]")
            # a key that comes before the last size is laid out may find the message that the terminal is too small
            terminal.until_true(lambda: "quit" in terminal.screen.display[-1], "the keys on the last line")
            terminal.press(" ")
            terminal.until("paused")
            terminal.until_drawn()
        assert_drawn_right(terminal)
        terminal.press("q", "q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text


@pytest.mark.parametrize(("columns", "lines"), [(39, 24), (80, 11), (20, 5), (1, 1)])
def test_in_a_window_that_is_too_small_the_needed_size_is_shown_and_q_quits(columns: int, lines: int) -> None:
    with Terminal("train", "--data", "iris", "--max-epochs", "2", "--pace", "max") as terminal:
        terminal.until("finished")
        terminal.resize(columns, lines)
        if columns >= 20:
            terminal.until_true(lambda: re.search(r"40.*12", terminal.text, re.DOTALL) is not None, "the size needed")
            assert TITLES[1] not in terminal.text
        terminal.press("q")
        assert terminal.end() == 0


def test_a_window_that_was_too_small_and_grows_shows_the_training_again() -> None:
    with Terminal("train", "--pace", "5", columns=30, lines=8) as terminal:
        terminal.until_true(lambda: re.search(r"40.*12", terminal.text, re.DOTALL) is not None, "the size needed")
        terminal.resize(120, 40)
        terminal.until(r"step [1-9]")
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_drawn()
        assert_drawn_right(terminal)


def test_columns_and_lines_of_the_environment_do_not_fix_the_size() -> None:
    with Terminal("train", "--pace", "5", COLUMNS="80", LINES="24") as terminal:
        terminal.until_drawn()
        terminal.until("test example 1 of 359")
        terminal.resize(100, 30)
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_drawn()
        assert_drawn_right(terminal)


@pytest.mark.parametrize(("columns", "lines"), [(40, 12), (60, 18), (80, 24), (200, 60), (300, 100)])
def test_every_size_from_40_by_12_shows_step_and_loss(columns: int, lines: int) -> None:
    command = ("train", "--data", "iris", "--max-epochs", "2", "--pace", "max")
    with Terminal(*command, columns=columns, lines=lines) as terminal:
        terminal.until(r"\b8\b")
        terminal.until("(?i)loss")
        assert_drawn_right(terminal)
        terminal.press("q")
        assert terminal.end() == 0
