"""Predict, then reveal: a number to be guessed is hidden on the whole screen until the guess is graded."""

import re

import pytest

from gradstep.core.notation import exact, number
from gradstep.tui.numbers import format_number
from gradstep.tui.widgets.guess import Guess
from tests.tui.driving import AppPilot, session_of, step_of
from tests.tui.walking import focus, lesson_run, press, shown_text, small, step, view, walk, walk_to, walking


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.25", 0.25), ("-3", -3.0), ("−3", -3.0), ("1e-3", 0.001), ("0,5", 0.5), ("+2", 2.0), (".5", 0.5),
        ("", None), ("-", None), ("1e", None), ("1.2.3", None), ("e", None), ("1e999", None),
    ],
)  # fmt: skip
def test_typed_text_is_read_as_a_number_or_as_none(typed: str, value: float | None) -> None:
    assert Guess(typed).value == value


@pytest.mark.parametrize(
    ("typed", "result", "right"),
    [
        ("0.5933", 0.593269992107, True),
        ("0.59", 0.593269992107, True),
        ("0.6", 0.593269992107, True),
        ("0.61", 0.593269992107, False),
        ("-0.038", -0.0380982365166, True),
        ("0.038", -0.0380982365166, False),
        ("0", 1e-9, False),
        ("0", 0.0, True),
        ("0.001", 0.0, False),
        ("", 0.0, False),
        ("e", 0.5, False),
    ],
)
def test_a_guess_is_right_within_2_percent_and_zero_only_itself(typed: str, result: float, right: bool) -> None:
    assert Guess(typed).is_right(result) is right


def written(value: float) -> set[str]:
    """The ways in which the screen writes a number."""
    return {exact(value), number(value), format_number(value, 0)}


def words_of(pilot: AppPilot) -> set[str]:
    return set(re.findall(r"[^\s()·=:,]+", shown_text(pilot)))


def known(pilot: AppPilot) -> set[str]:
    """Every number that may be read at this micro-step: what was computed before, and what it reads."""
    here = walk(pilot)
    results = [each.at(here.focus).result for each in here.steps[: here.index]]
    tables = [float(value) for table in here.step.reads for value in table.values.ravel()]
    return {text for value in (*results, *tables) for text in written(value)}


async def test_a_hidden_number_stands_nowhere_on_the_screen_until_it_is_graded() -> None:
    async with walking(small(optimizer="momentum", l2=1e-3)) as pilot:
        await walk_to(pilot, "check")
        await press(pilot, "right", "right", "n", "down", "h")
        checked = 0
        while walk(pilot).update.step == 2:
            result = walk(pilot).written.result
            secret = written(result) - known(pilot)
            if secret == written(result):
                checked += 1
                assert not secret & words_of(pilot), step(pilot).key
                await press(pilot, "g", "t")
                assert not secret & words_of(pilot), step(pilot).key
                await press(pilot, "t", "g", "enter")
                assert secret & words_of(pilot), step(pilot).key
            await press(pilot, "right")
        assert checked > 15


async def test_the_network_hides_the_number_to_be_guessed_too() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        await press(pilot, "h")
        await walk_to(pilot, "a 1")
        assert "0.5933" not in shown_text(pilot) and "0.5969" not in shown_text(pilot)
        assert "published" not in shown_text(pilot)
        await press(pilot, "enter")
        assert "0.5933" in shown_text(pilot, "walk-graph")
        assert "✓ published 0.593269992107" in shown_text(pilot, "explanation")


async def test_a_guess_is_graded_and_the_reason_is_shown() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await walk_to(pilot, "z 1")
        for typed, mark in (("0.3925", "✓ right"), ("0,39", "✓ right"), ("0.5", "✗ not right"), ("-.3", "✗ not right")):
            await press(pilot, "h", *typed, "enter")
            shown = shown_text(pilot, "explanation")
            assert f"{mark}: you said {typed.replace('-', '−')}, it is 0.3925" in shown
            assert "z₂ = 0.25·0.05 + 0.3·0.1" in shown
            await press(pilot, "h")


async def test_an_empty_guess_is_not_right() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, "h", "right", "enter")
        assert "✗ not right: you said nothing, it is 0.3925" in shown_text(pilot, "explanation")


async def test_typed_characters_are_shown_and_backspace_removes_them() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, "right", "h", "3", ".", "1", "backspace", "5", "e", "-", "2")
        assert view(pilot).guess == Guess("3.5e-2")
        assert "what comes out? 3.5e−2▏" in shown_text(pilot, "explanation")
        await press(pilot, *["backspace"] * 8)
        assert view(pilot).guess == Guess()


async def test_the_keys_of_a_number_do_nothing_else() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "right", "h")
        before = walk(pilot)
        await press(pilot, *"0123456789e.,+-−", "backspace", "enter")
        assert walk(pilot) is before
        session = session_of(pilot)
        assert (session.view.phase, step_of(session), session.view.snapshot.learning_rate) == ("paused", 1, 0.1)
        assert view(pilot).guess == Guess("0123456789e.,+", graded=True)


async def test_a_graded_guess_cannot_be_changed() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "right", "h", "1", "enter", "2", "backspace", "enter")
        assert view(pilot).guess == Guess("1", graded=True)


async def test_another_micro_step_has_a_new_number_to_guess() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "mean 1")
        await press(pilot, "h")
        for key in ("right", "left", "end", "home", "up", "down", "tab", "shift+tab", "n", "p"):
            await press(pilot, "1", "enter")
            assert view(pilot).guess == Guess("1", graded=True)
            await press(pilot, key)
            assert view(pilot).guess == Guess()


async def test_while_a_number_is_hidden_the_other_keys_work() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "z 1")
        await press(pilot, "h", "1", "n", "2")
        assert focus(pilot).example == 1
        assert view(pilot).guess == Guess("2")
