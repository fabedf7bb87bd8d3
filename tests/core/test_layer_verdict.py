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
    ("ratio", "words", "healthy"),
    [
        (0.9 * TOO_SLOW, "tiny steps", None),
        (TOO_SLOW, "usual steps", True),
        (0.9 * LONG_STEP, "usual steps", True),
        (LONG_STEP, "long steps", None),
        (TOO_FAST, "very long steps", None),
    ],
)
def test_without_a_finding_the_verdict_describes_the_step_and_only_a_usual_one_is_healthy(
    ratio: float, words: str, healthy: bool | None
) -> None:
    verdict = judge_layer(1, replace(USUAL, update_ratio=ratio), ())
    assert (verdict.words, verdict.healthy) == (words, healthy)


def test_a_layer_with_a_finding_is_named_after_its_problem() -> None:
    verdict = judge_layer(2, USUAL, (FAST, DEAD))
    assert (verdict.words, verdict.healthy) == ("dead", False)
    assert judge_layer(1, USUAL, (DEAD,)).healthy


@pytest.mark.parametrize("ratio", [1e-5, 1e-3, 0.05, 0.5])
def test_no_layer_is_praised_while_a_finding_concerns_the_whole_network(ratio: float) -> None:
    assert judge_layer(1, replace(USUAL, update_ratio=ratio), (FAST,)).healthy is None


@pytest.mark.parametrize("share", [0.5, 0.9, 1.0])
def test_silent_and_saturated_neurons_are_judged_by_the_findings_alone(share: float) -> None:
    assert judge_layer(1, replace(USUAL, silent_share=share, saturated_share=share), ()).healthy


def test_without_a_gradient_of_a_weight_the_verdict_says_so_of_the_weights() -> None:
    still = replace(USUAL, gradient_norm=0.0)
    assert (judge_layer(1, still, ()).words, judge_layer(1, still, ()).healthy) == ("∇W is 0", None)
    assert judge_layer(1, still, (DEAD,)).healthy is False
    nothing = judge_layer(1, replace(USUAL, update_ratio=None), ())
    assert (nothing.words, nothing.healthy) == ("all its weights are 0", None)


@pytest.mark.parametrize("field", ["gradient_norm", "update_ratio"])
def test_a_number_that_is_not_finite_is_never_healthy(field: str) -> None:
    verdict = judge_layer(1, replace(USUAL, **{field: np.nan}), ())
    assert (verdict.words, verdict.healthy) == ("no finite number", False)
