"""Findings: what is wrong with a training, the number that shows it, and what to do about it.

A finding is judged from the evidence of several snapshots, whenever a new one comes. The limits are in `limits`.
"""

from collections.abc import Callable, Collection

import numpy as np

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import norm
from gradstep.core.observation.evidence import Evidence
from gradstep.core.observation.finding import Finding, Remedy, choose_capacity, choose_way_to_stop_earlier
from gradstep.core.observation.limits import (
    DEAD,
    EXPLODED,
    EXPLODING,
    FEW_ROWS,
    GROWN,
    HARDLY_BETTER,
    HEALTHY,
    LARGE_INPUTS,
    LEAPT,
    LEARNT,
    LEAST_EPOCHS,
    LEAST_STEPS,
    LEAST_STEPS_TO_COMPARE,
    NO_BETTER,
    OVERFITTING,
    OVERSHOT,
    SATURATED_LAYER_SHARE,
    SMALL_GRADIENT,
    SMALL_WEIGHTS,
    SOLVED,
    STRONG_OVERFITTING,
    STUCK,
    TOO_FAST,
    TOO_SLOW,
    VANISHED,
    VANISHED_AND_STUCK,
    ease,
)
from gradstep.core.observation.shrunk_weights import find_shrunk_weights
from gradstep.core.observation.wording import write_multiple, write_number, write_rise, write_share


def find_problems(evidence: Evidence, before: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return the findings, the most important first; `before` are the kinds of the last time.

    HYSTERESIS makes it easier for these to stay, so that no finding flickers. A finding that another one brings about
    is left out, so that one fault gets one cure.
    """
    checks = CHECKS if evidence.settled else {kind: CHECKS[kind] for kind in AT_ONCE}
    found = {kind: finding for kind, find in checks.items() if (finding := find(kind, evidence, kind in before))}
    effects = {kind for chain in CAUSES_FIRST for kind in [each for each in chain if each in found][1:]}
    if "dead" in found and _find_silent_layer(evidence)[1] == 1:
        effects |= {"exploding", "rate too large"}  # the layer learns nothing at any rate
    return tuple(finding for kind, finding in found.items() if kind not in effects)


def _is_solved(evidence: Evidence, was_found: bool) -> bool:
    remaining = evidence.remaining_loss if evidence.share_of_guess is None else evidence.share_of_guess
    return remaining < SOLVED / ease(was_found)


def _find_constant_inputs(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    # one row has the same inputs as itself: it can be learnt by heart
    if evidence.task.inputs_vary or evidence.task.rows == 1:
        return None
    words = f"all {evidence.task.rows} training rows have the same inputs"
    return Finding(kind, "the inputs tell nothing", words, Remedy.OTHER_INPUTS)


def _find_zero_slope(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    activations = [activation_named(layer.activation) for layer in evidence.layers]
    flat = [number for number, activation in enumerate(activations, start=1) if not activation.has_slope]
    if not flat:
        return None
    words = f"the slope of a {activations[flat[-1] - 1].name} is 0 everywhere"
    before = " and all before it" if flat[-1] > 1 else ""
    return Finding(kind, f"layer {flat[-1]}{before} cannot learn", words, Remedy.RELU, flat[-1])


def _find_zero_weights(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    for number, layer in enumerate(evidence.layers, start=1):
        # a weight that has a gradient leaves 0 with the next step
        if layer.all_zero and layer.gradient_norm == 0:
            words = "all its weights are 0 and get no gradient, so its inputs tell it nothing"
            return Finding(kind, f"layer {number} cannot begin", words, Remedy.OTHER_INITIALIZER, number)
        if layer.all_alike and number < len(evidence.layers):
            words = (
                "all have the same weights and the same bias and get the same gradient, so together they can do no "
                "more than 1"
            )
            problem = f"layer {number} has neurons that are all alike"
            return Finding(kind, problem, words, Remedy.OTHER_INITIALIZER, number)
    return None


def _find_unscaled_inputs(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    size = evidence.task.input_size
    learns = evidence.share_of_guess is not None and evidence.share_of_guess < STUCK / ease(was_found)
    if size < LARGE_INPUTS or learns:
        return None
    words = f"their root mean square is {write_number(size)}, scaled to standard it is 1"
    return Finding(kind, "the inputs are not scaled", words, Remedy.SCALED_INPUTS)


def _find_exploding_gradients(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    broken = [number for number, layer in enumerate(evidence.layers, start=1) if not layer.is_finite]
    if broken:
        words = f"in layer {broken[0]} a number is infinite or NaN"
        return Finding(kind, "the numbers have left their range", words, _choose_smaller_rate(evidence, was_found))
    length = norm([layer.gradient_norm for layer in evidence.layers])
    fastest = max(layer.update_ratio for layer in evidence.layers)
    if not (_is_above(length, EXPLODING, was_found) and _is_above(fastest, TOO_FAST, was_found)):
        return None
    words = _describe_length(evidence, length)
    return Finding(kind, "the gradients explode", words, _choose_smaller_rate(evidence, was_found))


def _describe_length(evidence: Evidence, typical: float) -> str:
    """Say how long the gradient of the last step is; where that one is below the limit, the median of the last ones."""
    newest = [layer.newest_gradient_norm for layer in evidence.layers]
    now = norm([length for length in newest if length is not None]) if None not in newest else typical
    if now >= EXPLODING:
        return f"their length is {write_number(now)}, the limit is {EXPLODING:.0f}"
    past = "the limit is" if typical >= EXPLODING else "still near the limit of"
    return f"the median of their last lengths is {write_number(typical)}, {past} {EXPLODING:.0f}"


def _has_overshot(evidence: Evidence, was_found: bool) -> bool:
    """Whether the loss is far above that of the start and of a constant guess, and not for a few batches alone."""
    limit = (OVERSHOT if evidence.settled else LEAPT) / ease(was_found)
    share, present = evidence.share_of_guess, evidence.present_loss
    above_guess = share is None or share > 1
    rises = evidence.remaining_loss > limit and not evidence.falls
    if share and present is not None:
        start = share / evidence.remaining_loss
        rises = rises and present > max(1, limit * start)
    if evidence.steps >= LEAST_STEPS and evidence.typical_loss is not None:
        rises = rises and evidence.typical_loss > OVERSHOT / ease(was_found)
    return above_guess and rises and max(layer.update_ratio for layer in evidence.layers) > TOO_SLOW


def _find_large_rate(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    # weights near 0 move by a large share of themselves at any rate
    ratios = [layer.update_ratio if layer.weight_size > SMALL_WEIGHTS else 0.0 for layer in evidence.layers]
    fastest = int(np.argmax(ratios))
    overshot = _has_overshot(evidence, was_found)
    jumps = evidence.settled and _is_above(ratios[fastest], TOO_FAST, was_found)
    if not (overshot or jumps) or _is_solved(evidence, was_found):
        return None
    words = (
        f"the loss is {write_number(evidence.remaining_loss)} times that of the start"
        if overshot
        else f"one step moves the weights of layer {fastest + 1} by {write_multiple(ratios[fastest], 'their size')}"
    )
    exploded = "the loss has exploded: " if overshot and evidence.remaining_loss >= EXPLODED else ""
    return Finding(kind, f"{exploded}the learning rate is too large", words, _choose_smaller_rate(evidence, was_found))


def _choose_smaller_rate(evidence: Evidence, was_found: bool) -> Remedy:
    """Choose how much smaller, and from where: a network worse than at the start has nothing worth keeping."""
    if not evidence.remaining_loss < LEAPT:
        return Remedy.RESTART_WITH_MUCH_SMALLER_RATE
    return Remedy.RESTART_WITH_SMALLER_RATE if _has_overshot(evidence, was_found) else Remedy.SMALLER_RATE


def _find_silent_layer(evidence: Evidence) -> tuple[int, float]:
    """Return the index of the layer with the largest share of silent neurons, and the share.

    Outputs that are 0 may be right, so they count only where all of them are silent.
    """
    shares = [layer.silent_share or 0.0 for layer in evidence.layers]
    shares[-1] = float(shares[-1] == 1)
    worst = int(np.argmax(shares))
    return worst, shares[worst]


def _find_dead_layer(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    worst, share = _find_silent_layer(evidence)
    if evidence.layers[worst].all_zero:
        return None
    # of a few rows alone many neurons are silent in any network
    judged = evidence.settled and evidence.task.rows >= FEW_ROWS
    if share < 1 and not (judged and _is_above(share, DEAD, was_found)):
        return None
    if _is_solved(evidence, was_found):
        return None
    problem = f"layer {worst + 1} is {'dead' if share == 1 else 'dying'}"
    words = f"{write_share(share)} of its neurons give 0 for every example that was looked at"
    leapt = not evidence.remaining_loss < LEAPT
    remedy = Remedy.RESTART_WITH_MUCH_SMALLER_RATE if leapt else Remedy.RESTART_WITH_SMALLER_RATE
    return Finding(kind, problem, words, remedy, worst + 1)


def _find_saturated_layer(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    shares = [layer.saturated_share or 0.0 for layer in evidence.layers]
    worst = int(np.argmax(shares))
    slow = _is_below(evidence.layers[worst].update_ratio, HEALTHY, was_found)
    if not (slow and _is_above(shares[worst], SATURATED_LAYER_SHARE, was_found)) or _is_solved(evidence, was_found):
        return None
    if evidence.layers[worst].growth > GROWN:
        remedy = Remedy.RESTART_WITH_SMALLER_RATE
    elif worst < len(shares) - 1:
        remedy = Remedy.SMALLER_INITIAL_WEIGHTS
    else:
        remedy = Remedy.CROSS_ENTROPY if evidence.task.classification else Remedy.LINEAR_OUTPUT
    words = f"{write_share(shares[worst])} of its activations are near a flat end"
    return Finding(kind, f"layer {worst + 1} is saturated", words, remedy, worst + 1)


def _find_vanishing_gradient(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    gradients = [layer.gradient_rms for layer in evidence.layers]
    limit = VANISHED_AND_STUCK if _is_above(evidence.remaining_loss, STUCK, was_found) else VANISHED
    for layer_number, layer in enumerate(evidence.layers[:-1], start=1):
        largest = max(gradients[layer_number:])
        share = layer.gradient_rms / largest if largest else 1.0
        slow = _is_below(layer.update_ratio, TOO_SLOW, was_found)
        if slow and _is_below(share, limit, was_found) and not _is_solved(evidence, was_found):
            problem = f"hardly any gradient reaches layer {layer_number}"
            words = f"per weight its gradient is {share:.1g} of that of layer {gradients.index(largest) + 1}"
            remedy = Remedy.RELU if activation_named(layer.activation).limits else Remedy.FEWER_LAYERS
            return Finding(kind, problem, words, remedy, layer_number)
    return None


def _find_small_rate(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    fastest = max(layer.update_ratio for layer in evidence.layers)
    longest = max(layer.gradient_norm for layer in evidence.layers)
    slow_and_stuck = _is_below(fastest, TOO_SLOW, was_found) and _is_above(evidence.remaining_loss, STUCK, was_found)
    if longest < SMALL_GRADIENT or not slow_and_stuck:
        return None
    words = f"even the layer that moves most moves its weights by only {100 * fastest:.1g}% of their size in a step"
    return Finding(kind, "the learning rate is too small", words, Remedy.LARGER_RATE)


def _find_no_better(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    share = evidence.share_of_guess if evidence.present_loss is None else evidence.present_loss
    early = evidence.epochs < LEAST_EPOCHS or evidence.steps < LEAST_STEPS_TO_COMPARE
    if share is None or early or evidence.falls or share < (HARDLY_BETTER if was_found else NO_BETTER):
        return None
    problem = f"its loss is {'no' if share >= 1 else 'hardly'} better than a constant guess's"
    guess = "always the class shares" if evidence.task.classification else "always the mean"
    words = f"its training loss is {write_number(share)} times that of the guess, {guess}"
    hidden = (activation_named(layer.activation) for layer in evidence.layers[:-1])
    return Finding(kind, problem, words, choose_capacity(hidden))


def _find_overfitting(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    early = evidence.remaining_loss > LEARNT and not _is_above(evidence.watched_rise, STRONG_OVERFITTING, was_found)
    if early or not _is_above(evidence.watched_rise, OVERFITTING, was_found):
        return None
    rise = write_rise(evidence.watched_rise)
    words = f"the {evidence.watched_part} loss is {rise}, and the training loss has fallen since"
    return Finding(
        kind, "it learns the training examples by heart", words, choose_way_to_stop_earlier(evidence.watched_part)
    )


CHECKS: dict[str, Callable[[str, Evidence, bool], Finding | None]] = {
    "constant inputs": _find_constant_inputs,
    "no slope": _find_zero_slope,
    "all zero": _find_zero_weights,
    "shrunk": find_shrunk_weights,
    "unscaled": _find_unscaled_inputs,
    "exploding": _find_exploding_gradients,
    "rate too large": _find_large_rate,
    "dead": _find_dead_layer,
    "saturated": _find_saturated_layer,
    "vanishing": _find_vanishing_gradient,
    "rate too small": _find_small_rate,
    "no better": _find_no_better,
    "overfitting": _find_overfitting,
}
"""The checks by kind of finding, the most important first: what stops learning, what slows it, and overfitting."""

AT_ONCE = ("constant inputs", "no slope", "shrunk", "unscaled", "exploding", "rate too large", "dead")
"""Kinds that are reported before the evidence is settled, because one look is enough, or the numbers may soon be
infinite."""

MERELY_SLOW = ("rate too small", "no better")

CAUSES_FIRST = (
    ("constant inputs", "unscaled", "exploding", "rate too large"),
    ("constant inputs", "no slope", "all zero", "shrunk", "unscaled", "dead", "saturated", "vanishing", *MERELY_SLOW),
    ("all zero", "shrunk", "exploding", "rate too large", "no better"),
)
"""Kinds of which each can bring about those after it; only the first that is found is reported."""


def _is_above(value: float, limit: float, was_found: bool) -> bool:
    return value >= limit / ease(was_found)


def _is_below(value: float, limit: float, was_found: bool) -> bool:
    return value <= limit * ease(was_found)
