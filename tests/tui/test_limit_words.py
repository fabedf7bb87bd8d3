"""Every number in the words of the help that stand for a limit comes from the limit, and changes with it."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gradstep.core.observation import limits, outcome, population_verdict
from gradstep.core.training import race_verdict
from gradstep.core.training.race_verdict import (
    BETTER,
    CLOSE,
    DIVERGING,
    DOWN,
    FAR,
    GOOD,
    LEAPT,
    NEARBY,
    PLOT_TOP,
    TWICE,
)
from gradstep.tui.drawing import limit_words
from gradstep.tui.screens.dialogs.help import WORDS

NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
NOT_LIMITS = ("gave 0 for every example",)
"""Numbers that are no limit."""


def read_numbers(words: ModuleType) -> dict[str, list[str]]:
    """The numbers of each explanation, by its word."""
    found = {}
    for word, meaning in (*words.LIMIT_WORDS, *words.RACE_WORDS, *words.LUCK_WORDS):
        for phrase in NOT_LIMITS:
            meaning = meaning.replace(phrase, "")
        found[word] = re.findall(NUMBER, meaning)
    return found


@pytest.fixture
def other_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All limits changed, and the words made anew from them."""
    for module in (limits, race_verdict, outcome, population_verdict):
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, float):
                monkeypatch.setattr(module, name, 0.7 * value)
    importlib.reload(limit_words)
    yield
    monkeypatch.undo()
    importlib.reload(limit_words)


BEFORE = read_numbers(limit_words)


@pytest.mark.usefixtures("other_limits")
@pytest.mark.parametrize("word", BEFORE)
def test_every_number_of_the_help_changes_with_its_limit(word: str) -> None:
    after = read_numbers(limit_words)[word]
    assert len(after) == len(BEFORE[word])
    assert all(one != other for one, other in zip(BEFORE[word], after, strict=True)), (BEFORE[word], after)


def test_the_words_that_stand_for_a_limit_have_numbers_and_are_in_the_help() -> None:
    assert [word for word, numbers in BEFORE.items() if not numbers] == ["silent"]
    assert set(BEFORE) <= {word for word, _ in WORDS}


def test_the_manual_names_the_limits_of_the_race() -> None:
    page = " ".join((Path(__file__).parents[2] / "docs" / "screens.md").read_text("utf-8").split())
    for sentence in (
        f"come {GOOD:.0%} of the way from the starting loss",
        f"at most {TWICE:g} times its loss",
        f"above {TWICE:g} and up to {FAR:g} times the lowest loss",
        f"down to {DOWN:.0%} of the starting loss",
        f"does better, by more than {BETTER - 1:.0%}",
        f"up to {NEARBY:g} times the lowest",
        f"within {CLOSE:g} standard errors",
        f"leapt above {LEAPT:g} times the starting loss",
        f"above {PLOT_TOP:g} times the starting loss has left the plot",
        f"above {DIVERGING:g} times the starting loss and rises",
    ):
        assert sentence in page
