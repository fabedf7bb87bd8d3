"""The numbers of a run that the texts and questions of a chapter name."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.network.passes import forward
from gradstep.core.observation.snapshot import LayerView
from gradstep.core.training.parts import PartName, PreparedPart
from gradstep.data.course.expression import evaluate, split_layer
from gradstep.tui.session.course.facts import Facts

MOST_ROWS = 2000
"""The scores of a part of up to so many rows are computed where a card asks for them."""


class NotThere(LookupError):
    """A number that the run does not have, or not yet."""


def find_number(expression: str, facts: Facts) -> float:
    """Return what an expression over the named numbers comes to.

    Raises NotThere for a number that the run does not have, and ArithmeticError.
    """
    return evaluate(expression, lambda name, indices: _look_up(name, indices, facts))


def _look_up(name: str, indices: Sequence[int], facts: Facts) -> float:
    kind, layer_number = split_layer(name)
    if layer_number:
        array = _find_layer_array(kind, layer_number, facts)
    elif kind in OF_EXAMPLE:
        array = OF_EXAMPLE[kind](facts)
    else:
        number = OF_RUN[kind](facts)
        if number is None:
            raise NotThere(name)
        return float(number)
    try:
        return float(array[tuple(index - 1 for index in indices)])
    except IndexError:
        raise NotThere(f"{name}[{','.join(map(str, indices))}]") from None


def _find_layer_array(kind: str, layer_number: int, facts: Facts) -> Floats:
    """Return W (units, inputs), or one of b, z, a, δ (units,), of the recorded update if there is one, else now.

    Gradients are those of the recorded update.
    """
    update, row = facts.screen.update, facts.screen.example
    layers: Sequence[object] = facts.snapshot.layers if update is None else update.layers
    if layer_number > len(layers):
        raise NotThere(f"{kind}{layer_number}")
    if update is not None:
        layer = update.layers[layer_number - 1]
        of_update: dict[str, Floats] = {
            "w": layer.old[:, :-1],
            "b": layer.old[:, -1],
            "z": layer.z[row],
            "a": layer.a[row],
            "delta": layer.delta[row],
            "grad": layer.gradient[:, :-1],
            "gradb": layer.gradient[:, -1],
        }
        return of_update[kind]
    now = facts.snapshot.layers[layer_number - 1]
    of_snapshot = {"w": now.weights, "b": now.biases, "z": now.z, "a": now.a, "delta": now.delta}
    if kind not in of_snapshot:
        raise NotThere(f"{kind}{layer_number}")
    return of_snapshot[kind]


def _find_x(facts: Facts) -> Floats:
    update = facts.screen.update
    return facts.snapshot.example.x if update is None else update.x[facts.screen.example]


def _find_y(facts: Facts) -> Floats:
    update = facts.screen.update
    return facts.snapshot.example.y if update is None else update.y[facts.screen.example]


def _find_out(facts: Facts) -> Floats:
    update = facts.screen.update
    return facts.snapshot.example.outputs if update is None else update.layers[-1].a[facts.screen.example]


OF_EXAMPLE: dict[str, Callable[[Facts], Floats]] = {"x": _find_x, "y": _find_y, "out": _find_out}


def _find_example_loss(facts: Facts) -> float:
    update = facts.screen.update
    return facts.snapshot.example.loss if update is None else float(update.losses[facts.screen.example])


def _find_batch_loss(facts: Facts) -> float | None:
    update = facts.screen.update
    return facts.snapshot.batch_loss if update is None else update.loss


def _find_last(values: Floats) -> float | None:
    return float(values[-1]) if len(values) and np.isfinite(values[-1]) else None


def compute_outputs(layers: Sequence[LayerView], x: Floats) -> tuple[Floats, Floats]:
    """Return z and a of the output layer (rows, outputs) for rows of scaled inputs, with the weights of a snapshot."""
    matrices = [np.column_stack((layer.weights, layer.biases)) for layer in layers]
    return forward(matrices, [activation_named(layer.activation) for layer in layers], x)[-1]


@lru_cache(maxsize=1)
def find_training_scores(facts: Facts) -> tuple[float, float | None] | None:
    """Return mean loss and accuracy (None for a regression) on the training part now; None for a very large part."""
    return _score_part(facts, facts.run.trainer.training_part)


@lru_cache(maxsize=1)
def _find_test_scores(facts: Facts) -> tuple[float, float | None] | None:
    part = facts.run.trainer.test_part
    return None if part is None else _score_part(facts, part)


def _find_held_out_scores(facts: Facts, name: PartName) -> tuple[float | None, float | None]:
    """Return loss and accuracy on this part: the newest recorded ones if it is the watched part."""
    if facts.snapshot.watched_part == name:
        scores = facts.snapshot.watched_scores
        return _find_last(scores.loss), _find_last(scores.accuracy)
    return (_find_test_scores(facts) if name == "test" else None) or (None, None)


def _score_part(facts: Facts, part: PreparedPart) -> tuple[float, float | None] | None:
    trainer = facts.run.trainer
    if len(part) > MOST_ROWS:
        return None
    z, a = compute_outputs(facts.snapshot.layers, part.with_ones[:, :-1])
    loss = float(np.mean(trainer.loss.per_example(z, a, part.y)))
    right = trainer.classify(a) == trainer.classify(part.y) if trainer.classification else None
    return loss, None if right is None else float(np.mean(right))


def _find_train_loss(facts: Facts) -> float | None:
    scores = find_training_scores(facts)
    return scores and scores[0]


def _find_train_accuracy(facts: Facts) -> float | None:
    scores = find_training_scores(facts)
    return scores and scores[1]


OF_RUN: dict[str, Callable[[Facts], float | None]] = {
    "example_loss": _find_example_loss,
    "batch_loss": _find_batch_loss,
    "train_loss": _find_train_loss,
    "train_accuracy": _find_train_accuracy,
    "validation_loss": lambda facts: _find_held_out_scores(facts, "validation")[0],
    "validation_accuracy": lambda facts: _find_held_out_scores(facts, "validation")[1],
    "test_loss": lambda facts: _find_held_out_scores(facts, "test")[0],
    "test_accuracy": lambda facts: _find_held_out_scores(facts, "test")[1],
    "step": lambda facts: facts.snapshot.step,
    "epoch": lambda facts: facts.snapshot.epoch,
    "learning_rate": lambda facts: facts.snapshot.learning_rate,
    "batch_size": lambda facts: facts.snapshot.batch_size,
    "examples": lambda facts: len(facts.run.trainer.training_part),
    "parameters": lambda facts: sum(each.weights.size + each.biases.size for each in facts.snapshot.layers),
}
