"""Round numbers for a worksheet: first weights, biases, inputs and targets, so that no result is degenerate."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.update import Update, record_update
from gradstep.data.assemble import assemble
from gradstep.data.experiment import Experiment, make_experiment

MOST_TRIES = 3000
"""So many draws find numbers for any small network that has some."""

LEAST_DELTA, LEAST_ACTIVATION, LEAST_ERROR = 0.004, 0.05, 0.15
"""The smallest |δ| and |∂E/∂a|, |a| of a hidden neuron, and |ŷ − y| of the built-in network."""

LARGEST_Z = 2.0
"""Beyond this a sigmoid is flat enough that δ becomes small."""

DIGITS_THAT_DIFFER = 4
"""Two results of the same kind differ in so many significant digits."""

SIZES = (2, 2, 2)
LEARNING_RATE = 0.5


def draw_small_experiment(seed: int) -> Experiment:
    """Draw a 2-2-2 network of sigmoids with one example, whose numbers all have one decimal."""
    random = np.random.default_rng(seed)
    for _ in range(MOST_TRIES):
        x, y = _draw_tenths(random, SIZES[0], signed=False), _draw_tenths(random, SIZES[-1], signed=False)
        tables = {
            "data": {"x": [x], "y": [y], "test_fraction": 0.0},
            "network": {"hidden": SIZES[1:-1], "activation": "sigmoid", "output": "sigmoid"}
            | _draw_parameters(random, SIZES),
            "training": {"loss": "half_sse", "learning_rate": LEARNING_RATE, "batch_size": "full", "shuffle": False},
        }
        experiment = make_experiment(tables)
        update = record_update(assemble(experiment).trainer)
        if is_plain(update) and np.abs(update.layers[-1].a - update.y).min() >= LEAST_ERROR:
            return experiment
    raise AssertionError("the built-in network has numbers for every seed")


def draw_parameters_for(experiment: Experiment, seed: int) -> Experiment:
    """Give the network of an experiment first weights and biases with one decimal, and keep its data.

    Raises GradstepError if none of many draws gives an update without degenerate numbers.
    """
    random, run = np.random.default_rng(seed), assemble(experiment)
    tables = run.experiment.model_dump()
    for _ in range(MOST_TRIES // 10):
        parameters = _draw_parameters(random, run.network.sizes)
        if not run.experiment.network.train_biases:
            parameters["biases"] = tables["network"]["biases"]
        drawn = make_experiment(tables | {"network": tables["network"] | parameters})
        try:
            update = record_update(assemble(drawn).trainer)
        except Diverged:
            continue
        if is_plain(update):
            return drawn
    raise GradstepError(
        f"--seed {seed}: no round weights give this network an update in which every number is worth computing; "
        "without --seed the sheet has the weights of the experiment"
    )


def is_plain(update: Update) -> bool:
    """Whether the update is worth computing by hand; of a batch the example with the largest loss counts.

    It has no silent or saturated neuron, no δ near 0 and no two equal results in a row, and the loss becomes smaller.
    """
    i = int(np.argmax(update.losses))
    hidden = update.layers[:-1]
    back = [layer.activation_gradient[i] for layer in hidden if layer.activation_gradient is not None]
    deltas = [layer.delta[i] for layer in update.layers]
    results = [*(layer.z[i] for layer in update.layers), *(layer.a[i] for layer in update.layers), *deltas, *back]
    return (
        all(np.abs(layer.a[i]).min() >= LEAST_ACTIVATION for layer in hidden)
        and all(np.abs(layer.z[i]).max() <= LARGEST_Z for layer in update.layers if layer.activation.limits)
        and all(layer.slope[i].min() > 0 for layer in hidden if layer.slope is not None)
        and all(np.abs(each).min() >= LEAST_DELTA for each in (*deltas, *back))
        and all(map(_all_differ, results))
        and update.loss_after + update.penalty_after < update.loss + update.penalty
    )


def _all_differ(values: Floats) -> bool:
    texts = {f"{abs(value):.{DIGITS_THAT_DIFFER}g}" for value in values.ravel().tolist()}
    return len(texts) == values.size


def _draw_parameters(random: np.random.Generator, sizes: Sequence[int]) -> dict[str, object]:
    """Draw a matrix and a list of biases for each layer, both signs among the weights."""
    weights, biases = [], []
    for inputs, units in pairwise(sizes):
        weights.append([_draw_tenths(random, inputs) for _ in range(units)])
        biases.append(_draw_tenths(random, units))
    return {"weights": weights, "biases": biases}


def _draw_tenths(random: np.random.Generator, count: int, signed: bool = True) -> list[float]:
    """Draw numbers from 0.1 to 0.9, different ones as long as there are any."""
    tenths = random.choice(np.arange(1, 10), count, replace=count > 9)
    signs = random.choice([-1, 1], count, p=[0.35, 0.65]) if signed else np.ones(count, dtype=int)
    return [float(tenth * sign) / 10 for tenth, sign in zip(tenths, signs, strict=True)]
