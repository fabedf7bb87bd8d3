"""Predict, then reveal: a number to be guessed is hidden on the whole screen until the guess is graded."""

import math
import re

import pytest

from gradstep.core.ledger.mistakes import (
    NEW_WEIGHTS,
    NO_BIAS,
    NO_FACTOR,
    NO_SLOPE,
    NOT_CHANGED,
    ONE_PATH,
    OTHER_NEURON,
    REQUEST,
    UPHILL,
    Given,
)
from gradstep.core.notation import exact, number
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.walkthrough.guess import NO_NUMBER, Guess
from gradstep.tui.screens.walkthrough.screen import ASLEEP, BUG_FIRST
from tests.tui.driving import AppPilot, session_of, step_of
from tests.tui.walking import focus_on, lesson_run, press, shown_text, small, step, view, walk, walk_to, walking


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("0.25", Given(0.25, 0.005)), ("-3", Given(-3.0, 0.5)), ("−3", Given(-3.0, 0.5)), ("0,5", Given(0.5, 0.05)),
        ("1e-3", Given(0.001, 0.0005)), ("1.50e2", Given(150.0, 0.5)), ("+2", Given(2.0, 0.5)),
        (".5", Given(0.5, 0.05)), ("0e99999999999", Given(0.0, math.inf)),
        ("", None), ("-", None), ("1e", None), ("1.2.3", None), ("e", None), ("1e999", None),
    ],
)  # fmt: skip
def test_typed_text_is_read_as_a_number_known_to_half_its_last_digit_or_as_none(
    typed: str, given: Given | None
) -> None:
    assert Guess(typed).given == given


def written(value: float) -> set[str]:
    """The ways in which the screen writes a number."""
    return {exact(value), number(value), format_number(value, 0)}


def words_of(pilot: AppPilot) -> set[str]:
    return set(re.findall(r"[^\s()·=:,]+", shown_text(pilot)))


def words_of_explanation(pilot: AppPilot) -> str:
    return " ".join(shown_text(pilot, "explanation").split())


def known(pilot: AppPilot) -> set[str]:
    """Every number that may be read at this micro-step: what was computed before, and what it reads."""
    here = walk(pilot)
    results = [each.at(here.focus).result for each in here.steps[: here.index]]
    tables = [float(value) for table in here.step.reads for value in table.values.ravel()]
    return {text for value in (*results, *tables) for text in written(value)}


async def test_a_hidden_number_stands_nowhere_on_the_screen_until_it_is_graded() -> None:
    async with walking(small(optimizer="momentum", l2=1e-3)) as pilot:
        await walk_to(pilot, "check")
        await press(pilot, "right", "right", "right", "n", "down", "h")
        checked = 0
        while not view(pilot).at_end:
            result = walk(pilot).written.result
            secret = written(result) - known(pilot)
            if secret == written(result):
                checked += 1
                assert not secret & words_of(pilot), step(pilot).key
                await press(pilot, "t")
                assert not secret & words_of(pilot), step(pilot).key
                await press(pilot, "t", "enter")
                assert secret & words_of(pilot), step(pilot).key
            elif view(pilot).hidden:
                await press(pilot, "enter")
            await press(pilot, "right")
        assert checked > 15


async def test_the_terms_of_a_hidden_number_and_its_name_stay_on_the_screen() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        await walk_to(pilot, "paths 1")
        await press(pilot, "h")
        shown = " ".join(shown_text(pilot, "explanation", "walk-values").split())
        assert "Which number is ∂E/∂a₂: what all paths bring back to neuron 2 of layer 1?" in shown
        assert "from neuron 1: w·δ₁ = 0.45·0.1384985616286 = 0.0623243527329" in shown
        assert "∂E/∂a₂ = 0.06232435273285 − 0.02095403008411" in shown and "0.0413703226487" not in shown
        assert re.search(r"ex 1 +– +\?", shown_text(pilot, "matrices"))


async def test_the_network_hides_the_number_to_be_guessed_too() -> None:
    async with walking(*lesson_run("mazur")) as pilot:
        await walk_to(pilot, "a 1")
        await press(pilot, "h")
        assert "0.5933" not in shown_text(pilot) and "0.5969" not in shown_text(pilot)
        assert "published" not in shown_text(pilot)
        await press(pilot, "enter")
        assert "0.5933" in shown_text(pilot, "walk-graph")
        assert "✓ a₁: Matt Mazur published 0.593269992  computed 0.593269992107" in shown_text(pilot, "explanation")


async def test_a_right_guess_is_graded_at_once_and_the_reason_is_shown() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await walk_to(pilot, "z 1")
        for typed in ("0.3925", "0,39"):
            await press(pilot, "h", *typed, "enter")
            shown = shown_text(pilot, "explanation")
            assert f"✓ right: you said {typed}, it is 0.3925" in shown
            assert "z₂ = 0.25·0.05 + 0.3·0.1" in shown
            await press(pilot, "h")


WRONG = [
    ("z 1", ".0425", NO_BIAS),
    ("loss", "0.5967", NO_FACTOR),
    ("δ 2", "-.21707", NO_SLOPE),
    ("paths 1", ".0623", ONE_PATH),
    ("paths 1", ".0352", NEW_WEIGHTS),
    ("δ 1", ".0413703", NO_SLOPE),
    ("∂ 2", ".02274", REQUEST),
    ("new 2", ".5386", UPHILL),
    # within 2% of the number, but another one that stands beside it, or the one that should change
    ("a 1", ".5933", OTHER_NEURON),
    ("new 1", ".3", NOT_CHANGED),
    ("new 1", ".3005", UPHILL),
    ("z 1", ".3775", OTHER_NEURON),
]


async def test_a_wrong_guess_gets_the_hint_to_its_mistake_and_a_retry_before_the_answer() -> None:
    # the numbers of Mazur's article, got wrong by hand
    async with walking(lesson_run("mazur")[0]) as pilot:
        for key, typed, mistake in WRONG:
            await walk_to(pilot, key)
            await press(pilot, "h")
            result = walk(pilot).result
            await press(pilot, *typed, "enter")
            shown = words_of_explanation(pilot)
            said = typed.replace("-", "−")
            assert f"✗ not right: you said {said}. {mistake.hint} once more:" in shown, key
            assert result not in shown, key
            await press(pilot, "9", "enter")
            assert f"✗ not right: you said 9, it is {result}" in shown_text(pilot, "explanation"), key
            await press(pilot, "h")


async def test_of_a_new_parameter_the_change_has_to_be_right_within_2_percent() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await walk_to(pilot, "new 1")
        for typed, right in (("0.2995", True), ("0.299502287", True), ("0.299", False), ("0.29952", False)):
            await press(pilot, "h")
            assert "2% of the change off is right" in words_of_explanation(pilot)
            await press(pilot, *typed, "enter")
            assert view(pilot).guess.graded is right, typed
            await press(pilot, *["enter"] * (not right), "h")


async def test_a_parameter_that_is_not_trained_is_right_as_the_screen_writes_it() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await walk_to(pilot, "new 1")
        await focus_on(pilot, 0, weight=2)
        await press(pilot, "h", *walk(pilot).result, "enter")
        assert view(pilot).guess.right


async def test_a_guess_that_no_mistake_explains_has_a_retry_without_a_hint() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await walk_to(pilot, "z 1")
        await press(pilot, "h", "7", "enter")
        assert view(pilot).guess == Guess(first="7")
        assert "once more:" in shown_text(pilot, "explanation")
        await press(pilot, *".3925", "enter")
        assert "✓ right: you said .3925, it is 0.3925" in shown_text(pilot, "explanation")


async def test_enter_alone_shows_the_number() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, "h", "right", "enter")
        shown = shown_text(pilot, "explanation")
        assert "It is 0.3925." in shown and "right" not in shown and "you said" not in shown


async def test_enter_alone_after_a_wrong_number_says_what_the_first_one_was() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, "h", "right", "5", "enter", "enter")
        assert "✗ not right: you said 5, it is 0.3925" in shown_text(pilot, "explanation")


async def test_what_is_not_a_number_takes_no_try() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, "right", "h", *"1.2.3", "enter")
        assert view(pilot).guess == Guess("1.2.3", note=NO_NUMBER)
        assert NO_NUMBER in shown_text(pilot, "explanation")


async def test_at_the_choice_of_the_batch_nothing_is_asked() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "h")
        assert view(pilot).guess is None
        assert "goes on to the first number that is asked" in words_of_explanation(pilot)


async def test_typed_characters_are_shown_and_backspace_removes_them() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, "right", "h", "3", ".", "1", "backspace", "5", "e", "-", "2")
        assert view(pilot).guess == Guess("3.5e-2")
        assert "your number: 3.5e−2▏" in shown_text(pilot, "explanation")
        await press(pilot, *["backspace"] * 8)
        assert view(pilot).guess == Guess()


async def test_the_keys_of_a_number_do_nothing_else() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "right", "h")
        before = walk(pilot)
        await press(pilot, *"0123456789e.,+-−", "backspace", "enter")
        assert view(pilot).guess == Guess("0123456789e.,+", note=NO_NUMBER)
        assert walk(pilot) is before
        session = session_of(pilot)
        assert (session.view.phase, step_of(session), session.view.snapshot.learning_rate) == ("paused", 1, 0.1)


async def test_a_graded_guess_cannot_be_changed() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "right", "h", "1", "enter", "2", "enter", "3", "backspace", "enter")
        assert view(pilot).guess == Guess("2", graded=True, first="1")


async def test_another_micro_step_has_a_new_number_to_guess() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "mean 1")
        await press(pilot, "h")
        for key in ("right", "left", "end", "home", "up", "down", "tab", "shift+tab", "n", "p"):
            await press(pilot, "1", "enter", "2", "enter")
            assert view(pilot).guess == Guess("2", graded=True, first="1")
            await press(pilot, key)
            assert view(pilot).guess == Guess()


SLEEPING = ("right", "left", "end", "home", "up", "down", "tab", "shift+tab", "n", "p", "g", "b")


async def test_while_a_number_is_asked_the_other_keys_sleep_and_say_so() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "z 1")
        await press(pilot, "h", "1")
        before = walk(pilot)
        for key in SLEEPING:
            await press(pilot, key)
            assert walk(pilot) is before and view(pilot).bug is None and view(pilot).checked is None
            assert ASLEEP in words_of_explanation(pilot)
            await press(pilot, "1", "backspace")
            assert ASLEEP not in words_of_explanation(pilot)
        assert view(pilot).guess == Guess("1")
        await press(pilot, "enter", "enter")
        await press(pilot, "n")
        assert walk(pilot) is not before


async def test_fading_asks_one_more_of_the_last_numbers_of_the_phase_up_to_the_whole_phase() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "δ 2")
        backward = [each.key for each in walk(pilot).steps if each.phase == "backward"]
        for count in range(1, len(backward) + 1):
            await press(pilot, "H")
            asked = []
            while step(pilot).phase == "backward":
                assert view(pilot).hidden
                asked.append(step(pilot).key)
                await press(pilot, "enter", "right")
            assert asked == backward[-count:]
            if count < 4:  # the next phase has four numbers
                numbers = "number" if count == 1 else f"{count} numbers"
                assert f"The last {numbers} of each phase will be asked." in words_of_explanation(pilot)
            await press(pilot, *["enter"] * view(pilot).hidden, "left", "enter", "home")
            assert view(pilot).hidden == (count == len(backward))
        await press(pilot, "H")
        assert view(pilot).asking is None and view(pilot).guess is None


async def test_no_number_is_asked_while_a_bug_is_shown() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "z 1")
        await press(pilot, "h", "enter", "b")
        assert view(pilot).bug is not None and view(pilot).asking is None
        await press(pilot, "h", "H")
        assert view(pilot).asking is None and not view(pilot).hidden
        assert {each.message for each in pilot.app._notifications} == {BUG_FIRST}


async def test_h_ends_the_fading() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "H", "H")
        assert step(pilot).key == "sum 2" and view(pilot).hidden
        await press(pilot, "h")
        assert view(pilot).asking is None and not view(pilot).hidden
