"""The limits that findings, verdicts on layers and the help name, each once, with its source."""

HYSTERESIS = 1.5
"""A finding that was made stays until its number is better than the limit by this factor."""

DEAD = 0.6
"""Share of a layer's neurons that are silent. On the digits up to half of the relus of a layer that learns well are
silent in a batch of 32. CS231n (notes on neural networks 1) takes "as much as 40%" that never fire again as the sign of
too large a learning rate.
"""

SATURATED_RANGE_SHARE = 0.95
"""An activation counts as saturated when it is this share of the way from the middle of its range to an end."""

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

HEALTHY = 1e-3
"""‖ΔW‖/‖W‖ of a step. "A rough heuristic is that this ratio should be somewhere around 1e-3" (CS231n, notes 3)."""

TOO_SLOW, LONG_STEP, TOO_FAST = 1e-4, 1e-2, 1e-1
"""‖ΔW‖/‖W‖ of a step: a tenth of HEALTHY, ten times and a hundred times as much."""

SMALL_GRADIENT = 1e-2
"""‖∇W‖ of a layer. Where no layer reaches it, small steps come from the gradient and not from the learning rate."""

SMALL_WEIGHTS = 0.3
"""The root mean square length of the neurons' weights, below which a step is not called long. The initializer xavier
makes it about 1."""

GROWN = 1.5
"""How many times larger the weights of a saturated layer are than at first, if its steps have driven it there."""

LARGE_INPUTS = 10.0
"""The root mean square of the inputs. Standard scaling makes it 1; the gradients of layer 1 grow in proportion."""

OVERFITTING = 0.15
"""How far the loss on the watched part is above its lowest, as a share of that.

Prechelt (1998) calls it generalization loss and stops at 0.01 to 0.05; the limit is higher here, because a small
held-out part is noisy.
"""

STRONG_OVERFITTING = 0.5
"""A loss on the watched part this far above its lowest is reported even while much of the training loss is left."""

OVERSHOT = 1.5
"""The remaining loss from which on the learning rate is called too large."""

LEAPT = 10.0
"""The same in the first steps, in which the losses of single batches are compared."""

EXPLODED = 100.0
"""The remaining loss from which on the loss is said to have exploded, while all numbers are finite."""

FEW_ROWS = 10
"""Training rows below which silent neurons are no finding, unless all of a layer are: a relu is silent for half of all
inputs, and for one example by chance."""

SOLVED, LEARNT, STUCK = 0.1, 0.5, 0.8
"""Limits of the remaining loss. Below SOLVED the network works, whatever its layers look like. Above LEARNT too little
is learnt to overfit. Above STUCK next to nothing is learnt."""

NO_BETTER, HARDLY_BETTER = 0.95, 0.9
"""The loss as a share of that of a constant guess: from NO_BETTER on the finding is made, and below HARDLY_BETTER it is
given up. Below 1 its sentence says hardly better."""

LEAST_EPOCHS, LEAST_STEPS_TO_COMPARE = 10, 200
"""Epochs and steps before a training that is no better than a constant guess is said to be so."""

LEAST_STEPS = 20
"""Before so many steps nothing is judged but what one look shows: at first every training takes large steps."""


def ease(was_found: bool) -> float:
    """Return by which factor a limit is easier for a finding that was there before."""
    return HYSTERESIS if was_found else 1.0
