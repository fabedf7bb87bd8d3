"""Updates as micro-steps, beside what the textbook says of them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from gradstep.core.ledger.micro_step import Focus, MicroStep
from gradstep.core.ledger.order import micro_steps
from gradstep.core.training.update import Update, record_update
from tests.core.problems import problem, train
from tests.core.textbook import descend, textbook_steps

SOFTMAX_NETWORK = ((4, 6, 3, 3), ("tanh", "sigmoid", "softmax"))


@dataclass(frozen=True)
class Walked:
    """An update as micro-steps, and what they should come to."""

    update: Update
    steps: tuple[MicroStep, ...]
    expected: dict[str, np.ndarray]

    def step(self, key: str) -> MicroStep:
        return next(step for step in self.steps if step.key == key)


def walked(sizes=SOFTMAX_NETWORK[0], activations=SOFTMAX_NETWORK[1], updates=4, **options: object) -> Walked:
    """The last of so many updates."""
    trainer, oracle = problem(sizes, activations, **({"learning_rate": 0.05} | options))
    start, settings = trainer.network.parameters.copy(), trainer.options
    frozen = ~trainer.network.weight_mask().astype(bool) & (not settings.train_biases)
    descent = descend(settings.optimizer, start, oracle, settings.learning_rate, updates, frozen)
    train(trainer, updates - 1)
    update = record_update(trainer)
    return Walked(update, micro_steps(update), textbook_steps(oracle, descent, settings.optimizer, frozen))


def every_focus(update: Update) -> st.SearchStrategy[Focus]:
    """Any example, neurons and weights; a weight may be the bias."""
    units = [st.integers(0, layer.z.shape[1] - 1) for layer in update.layers]
    weights = [st.integers(0, layer.inputs.shape[1]) for layer in update.layers]
    return st.builds(Focus, st.integers(0, update.batch - 1), st.tuples(*units), st.tuples(*weights))


def some_foci(update: Update) -> list[Focus]:
    """First, last, and the bias of each layer."""
    first = Focus(0, (0,) * len(update.layers), (0,) * len(update.layers))
    neurons = tuple(layer.z.shape[1] - 1 for layer in update.layers)
    weights = tuple(layer.inputs.shape[1] - 1 for layer in update.layers)
    biases = tuple(layer.inputs.shape[1] for layer in update.layers)
    return [first, Focus(update.batch - 1, neurons, weights), Focus(0, neurons, biases)]
