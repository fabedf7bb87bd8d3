"""Findings: what is wrong with a training, the number that shows it, and what to do about it.

A finding is judged from the evidence of several snapshots, whenever a new one comes. It names a remedy; which key or
field applies it is not known here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import norm
from gradstep.core.observation.evidence import Evidence

HYSTERESIS = 1.5
"""A finding that was made stays until its number is better than the limit by this factor."""

DEAD = 0.6
"""Share of a layer's neurons that are silent. On the digits up to half of the relus of a layer that learns well are
silent in a batch of 32. CS231n (notes on neural networks 1) takes "as much as 40%" that never fire again as the sign of
too large a learning rate.
"""

SATURATED_LAYER_SHARE = 0.5
"""Share of activations near an end of their range, in a layer that also moves less than HEALTHY. Glorot and Bengio
(2010) show such layers that stop learning."""

VANISHED = 1e-3
"""The root mean square gradient of a layer, as a share of the largest of the layers after it. Three sigmoids leave at
most 1/64 of it, since σ′ ≤ 1/4 (Hochreiter 1991; Nielsen, chapter 5)."""

VANISHED_AND_STUCK = 1 / 64
"""The same limit while next to nothing is learnt: what three sigmoids leave at best."""

EXPLODING = 100.0
"""‖∇W‖ of all layers. Pascanu, Mikolov and Bengio (2013) clip at norms of 1 to 15; 100 is far beyond."""

TOO_FAST, HEALTHY, TOO_SLOW = 1e-1, 1e-3, 1e-4
"""‖ΔW‖/‖W‖ of a step. "A rough heuristic is that this ratio should be somewhere around 1e-3" (CS231n, notes 3)."""

SMALL_GRADIENT = 1e-2
"""‖∇W‖ of a layer. Where no layer reaches it, small steps come from the gradient and not from the learning rate."""

OVERFITTING = 0.15
"""How far the test loss is above its lowest, as a share of that. Prechelt (1998) calls it generalization loss and stops
at 0.01 to 0.05; the limit is higher here, because a small test part is noisy."""

STRONG_OVERFITTING = 0.5
"""A test loss this far above its lowest is reported even while much of the training loss is left."""

OVERSHOT = 1.5
"""The remaining loss from which on the learning rate is called too large."""

SOLVED, LEARNT, STUCK = 0.1, 0.5, 0.8
"""Limits of the remaining loss. Below SOLVED the network works, whatever its layers look like. Above LEARNT too little
is learnt to overfit. Above STUCK next to nothing is learnt."""


class Remedy(Enum):
    """What to do about a finding."""

    SMALLER_RATE = auto()
    LARGER_RATE = auto()
    RESTART_WITH_SMALLER_RATE = auto()
    SIGMOID = auto()
    RELU = auto()
    FEWER_LAYERS = auto()
    OTHER_INITIALIZER = auto()
    SMALLER_INITIAL_WEIGHTS = auto()
    CROSS_ENTROPY = auto()
    STOP_EARLIER_OR_L2 = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `problem` says what, `evidence` the number that shows it, both in words.

    `layer_number` (from 1) is the layer concerned; None for the whole network.
    """

    kind: str
    problem: str
    evidence: str
    remedy: Remedy
    layer_number: int | None = None


def find_problems(evidence: Evidence, before: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return the findings, the most important first; `before` are the kinds of the last time.

    HYSTERESIS makes it easier for these to stay, so that no finding flickers. A finding that another one brings about
    is left out.
    """
    checks = CHECKS if evidence.settled else {kind: CHECKS[kind] for kind in AT_ONCE}
    found = {kind: finding for kind, find in checks.items() if (finding := find(kind, evidence, kind in before))}
    effects = {kind for chain in CAUSES_FIRST for kind in [each for each in chain if each in found][1:]}
    return tuple(finding for kind, finding in found.items() if kind not in effects)


def _is_solved(evidence: Evidence, was_found: bool) -> bool:
    return evidence.remaining_loss < SOLVED / (HYSTERESIS if was_found else 1)


def _find_zero_slope(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    activations = [activation_named(layer.activation) for layer in evidence.layers]
    flat = [number for number, activation in enumerate(activations, start=1) if not activation.has_slope]
    if not flat:
        return None
    words = f"the slope of a {activations[flat[-1] - 1].name} is 0 everywhere"
    return Finding(kind, f"layer {flat[-1]} and all before it cannot learn", words, Remedy.SIGMOID, flat[-1])


def _find_zero_weights(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    zero = [number for number, layer in enumerate(evidence.layers, start=1) if layer.all_zero]
    if not zero:
        return None
    words = "all its weights are 0, so its neurons are all alike and pass nothing back"
    return Finding(kind, f"layer {zero[0]} cannot begin", words, Remedy.OTHER_INITIALIZER, zero[0])


def _find_exploding_gradients(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    length = norm([layer.gradient_norm for layer in evidence.layers])
    fastest = max(layer.update_ratio for layer in evidence.layers)
    if not (_is_above(length, EXPLODING, was_found) and _is_above(fastest, TOO_FAST, was_found)):
        return None
    words = f"their length is {length:.2g}, beyond {EXPLODING:.0f}"
    return Finding(kind, "the gradients explode", words, Remedy.SMALLER_RATE)


def _find_large_rate(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    ratios = [layer.update_ratio for layer in evidence.layers]
    fastest = int(np.argmax(ratios))
    overshoots = evidence.remaining_loss > OVERSHOT / (HYSTERESIS if was_found else 1)
    jumps = _is_above(ratios[fastest], TOO_FAST, was_found)
    if not (overshoots or jumps) or _is_solved(evidence, was_found):
        return None
    words = (
        f"one step moves layer {fastest + 1} by {ratios[fastest]:.0%} of its weights"
        if jumps
        else f"the loss is {evidence.remaining_loss:.1f} times that of the start"
    )
    return Finding(kind, "the learning rate is too large", words, Remedy.SMALLER_RATE)


def _find_dead_layer(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    shares = [layer.silent_share or 0.0 for layer in evidence.layers[:-1]]
    worst = int(np.argmax(shares)) if shares else 0
    if not shares or not _is_above(shares[worst], DEAD, was_found):
        return None
    if _is_solved(evidence, was_found) and shares[worst] < 1:
        return None
    problem = f"layer {worst + 1} is {'dead' if shares[worst] == 1 else 'dying'}"
    words = f"{shares[worst]:.0%} of its neurons give 0 for every example"
    return Finding(kind, problem, words, Remedy.RESTART_WITH_SMALLER_RATE, worst + 1)


def _find_saturated_layer(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    shares = [layer.saturated_share or 0.0 for layer in evidence.layers]
    worst = int(np.argmax(shares))
    slow = _is_below(evidence.layers[worst].update_ratio, HEALTHY, was_found)
    if not (slow and _is_above(shares[worst], SATURATED_LAYER_SHARE, was_found)) or _is_solved(evidence, was_found):
        return None
    is_output = worst == len(shares) - 1
    remedy = Remedy.CROSS_ENTROPY if is_output else Remedy.SMALLER_INITIAL_WEIGHTS
    words = f"{shares[worst]:.0%} of its activations are at a flat end"
    return Finding(kind, f"layer {worst + 1} is saturated", words, remedy, worst + 1)


def _find_vanishing_gradient(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    gradients = [layer.gradient_rms for layer in evidence.layers]
    limit = VANISHED_AND_STUCK if _is_above(evidence.remaining_loss, STUCK, was_found) else VANISHED
    for layer_number, layer in enumerate(evidence.layers[:-1], start=1):
        largest = max(gradients[layer_number:])
        share = layer.gradient_rms / largest if largest else 1.0
        slow = _is_below(layer.update_ratio, TOO_SLOW, was_found)
        if slow and _is_below(share, limit, was_found) and not _is_solved(evidence, was_found):
            problem = f"the gradient vanishes before layer {layer_number}"
            words = f"its gradient is {share:.1g} of that of layer {gradients.index(largest) + 1}"
            remedy = Remedy.RELU if activation_named(layer.activation).limits else Remedy.FEWER_LAYERS
            return Finding(kind, problem, words, remedy, layer_number)
    return None


def _find_small_rate(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    fastest = max(layer.update_ratio for layer in evidence.layers)
    longest = max(layer.gradient_norm for layer in evidence.layers)
    slow_and_stuck = _is_below(fastest, TOO_SLOW, was_found) and _is_above(evidence.remaining_loss, STUCK, was_found)
    if longest < SMALL_GRADIENT or not slow_and_stuck:
        return None
    words = f"one step moves no layer by more than {100 * fastest:.1g}% of its weights"
    return Finding(kind, "the learning rate is too small", words, Remedy.LARGER_RATE)


def _find_overfitting(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    early = evidence.remaining_loss > LEARNT and not _is_above(evidence.test_rise, STRONG_OVERFITTING, was_found)
    if early or not _is_above(evidence.test_rise, OVERFITTING, was_found):
        return None
    words = f"the test loss is {evidence.test_rise:.0%} above its lowest, the training loss still falls"
    return Finding(kind, "it learns the training examples by heart", words, Remedy.STOP_EARLIER_OR_L2)


CHECKS: dict[str, Callable[[str, Evidence, bool], Finding | None]] = {
    "no slope": _find_zero_slope,
    "all zero": _find_zero_weights,
    "exploding": _find_exploding_gradients,
    "rate too large": _find_large_rate,
    "dead": _find_dead_layer,
    "saturated": _find_saturated_layer,
    "vanishing": _find_vanishing_gradient,
    "rate too small": _find_small_rate,
    "overfitting": _find_overfitting,
}
"""The checks by kind of finding, the most important first: what stops learning, what slows it, and overfitting."""

AT_ONCE = ("exploding",)
"""Kinds that are reported before the evidence is settled: the numbers may be infinite by then."""

CAUSES_FIRST = (
    ("exploding", "rate too large"),
    ("no slope", "all zero", "dead", "saturated", "vanishing", "rate too small"),
)
"""Kinds of which each can bring about those after it; only the first that is found is reported."""


def _is_above(value: float, limit: float, was_found: bool) -> bool:
    return value >= limit / (HYSTERESIS if was_found else 1)


def _is_below(value: float, limit: float, was_found: bool) -> bool:
    return value <= limit * (HYSTERESIS if was_found else 1)
