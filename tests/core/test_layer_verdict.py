"""The verdict on a layer: its finding, or how far its last step went, with the limits that the help names."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.layer_statistics import LayerStatistics
from gradstep.core.observation.layer_verdict import judge_layer
from gradstep.core.observation.limits import LONG_STEP, TOO_FAST, TOO_SLOW

USUAL = LayerStatistics(1.0, 1e-3, None, None, (0,), 1.0)
DEAD = Finding("dead", "layer 2 is dead", "100% of its neurons", Remedy.RESTART_WITH_SMALLER_RATE, 2)
FAST = Finding("rate too large", "the learning rate is too large", "by 20%", Remedy.SMALLER_RATE)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.9 * TOO_SLOW, "tiny steps"),
        (TOO_SLOW, "steps of the usual size"),
        (0.9 * LONG_STEP, "steps of the usual size"),
        (LONG_STEP, "long steps"),
        (TOO_FAST, "very long steps"),
    ],
)
def test_without_a_finding_the_verdict_describes_the_step_and_blames_nothing(ratio: float, words: str) -> None:
    verdict = judge_layer(1, replace(USUAL, update_ratio=ratio), ())
    assert (verdict.words, verdict.healthy) == (words, True)


def test_a_layer_with_a_finding_is_named_after_its_problem() -> None:
    verdict = judge_layer(2, USUAL, (FAST, DEAD))
    assert (verdict.words, verdict.healthy) == ("dead", False)
    assert judge_layer(1, USUAL, (FAST, DEAD)).healthy


@pytest.mark.parametrize("share", [0.5, 0.9, 1.0])
def test_silent_and_saturated_neurons_are_judged_by_the_findings_alone(share: float) -> None:
    assert judge_layer(1, replace(USUAL, silent_share=share, saturated_share=share), ()).healthy


def test_without_a_gradient_the_verdict_says_so() -> None:
    still = replace(USUAL, gradient_norm=0.0)
    assert (judge_layer(1, still, ()).words, judge_layer(1, still, ()).healthy) == ("no gradient", True)
    assert not judge_layer(1, still, (DEAD,)).healthy
    assert judge_layer(1, replace(USUAL, update_ratio=None), ()).words == "all its weights are 0"


@pytest.mark.parametrize("field", ["gradient_norm", "update_ratio"])
def test_a_number_that_is_not_finite_is_never_healthy(field: str) -> None:
    verdict = judge_layer(1, replace(USUAL, **{field: np.nan}), ())
    assert (verdict.words, verdict.healthy) == ("no finite number", False)
