"""The numbers in the sentences of findings: short, whatever their size."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.observation.evidence import Evidence, LayerEvidence
from gradstep.core.observation.findings import CHECKS, find_problems
from gradstep.core.observation.outcome import _compare_losses
from gradstep.core.observation.wording import LARGEST, write_multiple, write_number, write_rise, write_share
from tests.core.finding_cases import TASK

LONGEST = 12
"""Digits, signs and letters of the longest number in a sentence."""

sizes = st.floats(0, allow_nan=False) | st.sampled_from((0.0, 1e-300, 0.5, 1.0, 9.99, 10.0, 1e6, 1e300, math.inf))


@given(sizes)
def test_a_number_is_short_and_near_its_value(value: float) -> None:
    text = write_number(value)
    assert len(text) <= LONGEST or text == LARGEST
    if value <= 1e308:
        assert float(text) == pytest.approx(value, rel=0.051, abs=0.00501 if value >= 0.01 else 0)
    assert (float(text.removeprefix("more than ")) == 0) == (value == 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.983, "0.98"), (1.5, "1.50"), (12.34, "12.3"), (150.0, "150"), (4200.4, "4200"), (1e300, "1e+300"),
     (3e-5, "3e-05"), (math.inf, LARGEST)],
)  # fmt: skip
def test_examples_of_numbers(value: float, text: str) -> None:
    assert write_number(value) == text


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [(0.0, 0, "0%"), (1.0, 0, "100%"), (0.12, 0, "12%"), (0.996, 0, "more than 99%"), (0.004, 0, "less than 1%"),
     (0.9996, 1, "more than 99.9%"), (1e-9, 1, "less than 0.1%"), (1.0, 1, "100.0%")],
)  # fmt: skip
def test_0_and_100_percent_are_exact(share: float, decimals: int, text: str) -> None:
    assert write_share(share, decimals) == text


def test_a_large_multiple_is_not_written_in_percent() -> None:
    assert write_multiple(0.5, "its weights") == "50% of its weights"
    assert write_multiple(35.0, "its weights") == "35.0 times its weights"
    assert write_multiple(1e300, "its weights") == "1e+300 times its weights"
    assert write_rise(0.3) == "30% above its lowest"
    assert write_rise(1e300) == "1e+300 times its lowest"


def test_the_loss_of_an_exact_guess_is_compared_without_a_ratio() -> None:
    guess = "always the mean target"
    assert _compare_losses(2.5, 0.0, guess) == f"the loss is 2.50, that of the constant guess, {guess}, is 0"
    assert _compare_losses(1e300, 1e-300, guess) == f"the loss is {LARGEST} times that of the constant guess, {guess}"


@given(st.lists(sizes, min_size=8, max_size=8), st.booleans(), st.booleans())
def test_no_finding_has_a_long_number(numbers: list[float], settled: bool, falls: bool) -> None:
    layer = LayerEvidence(
        "sigmoid", numbers[0], numbers[1], numbers[2], min(1.0, numbers[3]), min(1.0, numbers[4]), weight_size=2.0
    )
    task = replace(TASK, input_size=numbers[5])
    evidence = Evidence(settled, (layer, layer), numbers[6], numbers[7], task, numbers[5], falls, 100, 1000)
    findings = [check(kind, evidence, False) for kind, check in CHECKS.items()]
    for finding in (*find_problems(evidence), *findings):
        if finding is not None:
            assert all(len(word) <= LONGEST for word in re.findall(r"\S*\d\S*", finding.evidence)), finding.evidence
            assert not re.search(r"\b(inf|nan)\b", finding.evidence)
