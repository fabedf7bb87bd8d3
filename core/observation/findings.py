"""What is wrong with the training of a network, in words: what, the number that says so, and one thing to try."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import norm
from gradstep.core.training.history import HeldOutScores, LossCurve

WINDOW = 20
"""Moments that the numbers are medians of: at ten snapshots a second a finding is two seconds old when it is told."""

LEAST_MOMENTS = 3
LEAST_STEPS = 20
LEAST_EXAMPLES = 60
"""Before these nothing is said: every training begins in a rush, and who is silent for few examples is not dead."""

RELIEF = 1.5
"""Once told, a finding stays until its number is better than the limit by this factor, so that none flickers."""

DEAD = 0.6
"""Share of a layer's neurons that are silent. In a batch of 32 up to half of a layer of relus that learns well are, as
on the digits; CS231n (notes on neural networks 1) has "as much as 40%" that never fire again as the sign of too large a
learning rate.
"""

SATURATED = 0.5
"""Share of activations at a flat end, in a layer that also moves less than is HEALTHY; Glorot and Bengio (2010) show
layers like this that stop learning."""

VANISHED = 1e-3
"""The root mean square gradient of a layer, as a share of the largest among the layers above it: three sigmoids lose
at least 1 − 1/64 of it, since σ′ ≤ 1/4 (Hochreiter 1991; Nielsen, chapter 5)."""

VANISHED_AND_STUCK = 1 / 64
"""The same while next to nothing is learnt: what three sigmoids leave at best."""

EXPLODING = 100.0
"""‖∇W‖ of all layers. Pascanu, Mikolov and Bengio (2013) clip at norms of 1 to 15 or so; 100 is far beyond."""

TOO_FAST, HEALTHY, TOO_SLOW = 1e-1, 1e-3, 1e-4
"""‖ΔW‖/‖W‖ of a step. "A rough heuristic is that this ratio should be somewhere around 1e-3" (CS231n, notes 3)."""

A_GRADIENT = 1e-2
"""‖∇W‖ of a layer that says where to go; below it a small step is not the learning rate's fault."""

OVERFITTING = 0.15
"""How far the test loss is above its lowest: Prechelt's generalization loss (1998), who stops at 0.01 to 0.05; more
here, because a small test part is noisy."""

FAR = 0.5
"""So far above, it is told even while much of the training loss is left, as of data that are mostly noise."""

NEXT_TO_NOTHING = 5e-2
"""A test loss below this share of the loss at the start is as good as none, wherever its lowest was."""

SOLVED, LEARNT, STUCK = 0.1, 0.5, 0.8
"""The loss as a share of the loss at the start. Below the first the layers may be as they like: it works; above the
last next to nothing was learnt; only below the middle one there is something to know by heart."""

SMOOTH = 5
"""Test evaluations that are averaged before they are compared."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, the number that says so, and one thing to try; `layer` (from 1) if it is that of one."""

    kind: str
    what: str
    number: str
    advice: str
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class LayerEvidence:
    """One layer over the last moments, as medians.

    `gradient_norm` is ‖∇W‖, `gradient` the root mean square of its entries. `silent` is the share of neurons that fired
    for no example of any of these moments; `saturated` is None too where the loss cancels the slope. With
    `all_zero` every weight is 0.
    """

    activation: str
    gradient_norm: float
    gradient: float
    update_ratio: float
    silent: float | None
    saturated: float | None
    all_zero: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole network: its layers, and its loss as a share of the loss at the start.

    `settled` once the first rush is over and there are moments to compare. `test_rise` is how far the test loss is
    above its lowest, as a share of that; 0 unless the training loss fell since.
    """

    settled: bool
    layers: tuple[LayerEvidence, ...]
    loss_left: float
    test_rise: float


Held = bool
"""Whether this was found the last time: then it takes more to be found no longer."""


def find_problems(signs: Evidence, before: Collection[str] = ()) -> tuple[Finding, ...]:
    """What is wrong, the most important first; `before` are the kinds that were found the last time."""
    checks = CHECKS if signs.settled else {kind: CHECKS[kind] for kind in AT_ONCE}
    found = {kind: finding for kind, find in checks.items() if (finding := find(kind, signs, kind in before))}
    effects = {kind for causes in BRING_ABOUT for kind in [each for each in causes if each in found][1:]}
    return tuple(finding for kind, finding in found.items() if kind not in effects)


def _solved(signs: Evidence, held: Held) -> bool:
    return signs.loss_left < SOLVED / (RELIEF if held else 1)


def _no_slope(kind: str, signs: Evidence, held: Held) -> Finding | None:
    steps = [number for number, layer in enumerate(signs.layers, start=1) if layer.activation == "step"]
    if not steps:
        return None
    what = f"layer {steps[-1]} and all before it cannot learn"
    return Finding(kind, what, "the slope of a step is 0 everywhere", "try sigmoid: e", steps[-1])


def _exploding(kind: str, signs: Evidence, held: Held) -> Finding | None:
    length = norm([layer.gradient_norm for layer in signs.layers])
    fastest = max(layer.update_ratio for layer in signs.layers)
    if not (_above(length, EXPLODING, held) and _above(fastest, TOO_FAST, held)):
        return None
    return Finding(kind, "the gradients explode", f"their length is {length:.2g}, beyond {EXPLODING:.0f}", SMALLER)


def _too_large(kind: str, signs: Evidence, held: Held) -> Finding | None:
    ratios = [layer.update_ratio for layer in signs.layers]
    fastest = int(np.argmax(ratios))
    overshoots = signs.loss_left > 1.5 / (RELIEF if held else 1)
    jumps = _above(ratios[fastest], TOO_FAST, held)
    if not (overshoots or jumps) or _solved(signs, held):
        return None
    number = (
        f"one step moves layer {fastest + 1} by {ratios[fastest]:.0%} of its weights"
        if jumps
        else f"the loss is {signs.loss_left:.1f} times that of the start"
    )
    return Finding(kind, "the learning rate is too large", number, SMALLER)


def _dead(kind: str, signs: Evidence, held: Held) -> Finding | None:
    shares = [layer.silent or 0.0 for layer in signs.layers[:-1]]
    worst = int(np.argmax(shares)) if shares else 0
    if not shares or not _above(shares[worst], DEAD, held) or (_solved(signs, held) and shares[worst] < 1):
        return None
    number = f"{shares[worst]:.0%} of its neurons give 0 for every example"
    what = f"layer {worst + 1} is {'dead' if shares[worst] == 1 else 'dying'}"
    return Finding(kind, what, number, "try a smaller learning rate from the start: r, then −", worst + 1)


def _all_zero(kind: str, signs: Evidence, held: Held) -> Finding | None:
    zero = [number for number, layer in enumerate(signs.layers, start=1) if layer.all_zero]
    if not zero:
        return None
    number = "all its weights are 0, so its neurons are all alike and pass nothing back"
    return Finding(kind, f"layer {zero[0]} cannot begin", number, "try init he or xavier: e", zero[0])


def _saturated(kind: str, signs: Evidence, held: Held) -> Finding | None:
    shares = [layer.saturated or 0.0 for layer in signs.layers]
    worst = int(np.argmax(shares))
    slow = _below(signs.layers[worst].update_ratio, HEALTHY, held)
    if not (slow and _above(shares[worst], SATURATED, held)) or _solved(signs, held):
        return None
    number = f"{shares[worst]:.0%} of its activations are at a flat end"
    last = worst == len(shares) - 1
    advice = "try the loss cross_entropy" if last else "try smaller starting weights: e, init xavier"
    return Finding(kind, f"layer {worst + 1} is saturated", number, advice, worst + 1)


def _vanishing(kind: str, signs: Evidence, held: Held) -> Finding | None:
    gradients = [layer.gradient for layer in signs.layers]
    limit = VANISHED_AND_STUCK if _above(signs.loss_left, STUCK, held) else VANISHED
    for number, layer in enumerate(signs.layers[:-1], start=1):
        largest = max(gradients[number:])
        left = layer.gradient / largest if largest else 1.0
        slow = _below(layer.update_ratio, TOO_SLOW, held)
        if slow and _below(left, limit, held) and not _solved(signs, held):
            top = gradients.index(largest) + 1
            words = f"its gradient is {left:.1g} of that of layer {top}"
            advice = "try relu" if layer.activation in ("sigmoid", "tanh") else "try fewer layers"
            return Finding(kind, f"the gradient vanishes before layer {number}", words, advice, number)
    return None


def _too_small(kind: str, signs: Evidence, held: Held) -> Finding | None:
    fastest = max(layer.update_ratio for layer in signs.layers)
    longest = max(layer.gradient_norm for layer in signs.layers)
    if longest < A_GRADIENT or not (_below(fastest, TOO_SLOW, held) and _above(signs.loss_left, STUCK, held)):
        return None
    number = f"one step moves no layer by more than {100 * fastest:.1g}% of its weights"
    return Finding(kind, "the learning rate is too small", number, "try ten times the learning rate: + three times")


def _overfitting(kind: str, signs: Evidence, held: Held) -> Finding | None:
    early = signs.loss_left > LEARNT and not _above(signs.test_rise, FAR, held)
    if early or not _above(signs.test_rise, OVERFITTING, held):
        return None
    number = f"the test loss is {signs.test_rise:.0%} above its lowest, the training loss still falls"
    return Finding(kind, "it learns the training examples by heart", number, "try patience, or l2: e")


SMALLER = "try a tenth of the learning rate: − three times"

CHECKS: dict[str, Callable[[str, Evidence, Held], Finding | None]] = {
    "no slope": _no_slope,
    "all zero": _all_zero,
    "exploding": _exploding,
    "rate too large": _too_large,
    "dead": _dead,
    "saturated": _saturated,
    "vanishing": _vanishing,
    "rate too small": _too_small,
    "overfitting": _overfitting,
}
"""By kind, the most important first: what stops all learning, then what slows it, then what it is worth."""

AT_ONCE = ("exploding",)
"""What cannot wait until the training is settled: the numbers may be infinite by then."""

BRING_ABOUT = (
    ("exploding", "rate too large"),
    ("no slope", "all zero", "dead", "saturated", "vanishing", "rate too small"),
)
"""Why the weights leap, and why they stand: of each only the first that is found is told, as the cause of the rest."""


def _above(value: float, limit: float, held: Held) -> bool:
    return value >= limit / (RELIEF if held else 1)


def _below(value: float, limit: float, held: Held) -> bool:
    return value <= limit * (RELIEF if held else 1)


def loss_left(curve: LossCurve) -> float:
    """The loss of the last steps as a share of that of the first; each the mean of a twentieth of the run."""
    count = -(-len(curve.mean) // 20)
    start, now = _at_the_start(curve), float(curve.mean[-count:].mean())
    return now / start if start else 1.0


def _at_the_start(curve: LossCurve) -> float:
    return float(curve.mean[: -(-len(curve.mean) // 20)].mean())


def rise_of_test_loss(curve: LossCurve, samples: HeldOutScores) -> float:
    """How far the smoothed test loss is above its lowest, as a share of that.

    0 unless the training loss fell since and is below it; and 0 where next to nothing is left of the test loss.
    """
    if len(samples.loss) <= SMOOTH:
        return 0.0
    smooth = np.convolve(samples.loss, np.full(SMOOTH, 1 / SMOOTH), "valid")
    lowest = int(smooth.argmin())
    if not smooth[lowest] > 0 or not np.isfinite(smooth[-1]):
        return 0.0
    if smooth[-1] < NEXT_TO_NOTHING * _at_the_start(curve):
        return 0.0
    then = _mean_before(curve, int(samples.step[lowest + SMOOTH - 1]))
    now = _mean_before(curve, int(curve.step[-1]))
    return float(smooth[-1] / smooth[lowest] - 1) if now < then and now < smooth[-1] else 0.0


def _mean_before(curve: LossCurve, step: int) -> float:
    """The mean loss of the steps up to this one, a twentieth of the run."""
    end = max(1, int(np.searchsorted(curve.step, step, "right")))
    return float(curve.mean[max(0, end - -(-len(curve.mean) // 20)) : end].mean())
