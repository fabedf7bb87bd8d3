"""The ledger of one update, printed: as text for a person, as JSON for a program."""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from core.ledger import Update

DECIMALS = 12
COLUMNS = 120


def as_json(update: Update) -> str:
    """Every field of the update, each number to the last bit; what is infinite or no number is null."""
    return json.dumps(_values(asdict(update)), ensure_ascii=False)


def _values(field: object) -> object:
    """Turn arrays into nested lists, so that JSON can hold them."""
    match field:
        case np.ndarray():
            return _values(field.tolist())
        case dict():
            return {name: _values(value) for name, value in field.items()}
        case list() | tuple():
            return [_values(value) for value in field]
        case float() if not math.isfinite(field):
            return None
    return field


def as_text(update: Update) -> str:
    """Every number of the update in the order that it is computed: forward, loss, backward, new parameters."""
    return "\n".join(_lines(update))


def _lines(update: Update) -> Iterator[str]:
    layers = list(enumerate(update.layers, start=1))
    yield f"update {update.step}, epoch {update.epoch}, {update.optimizer}, learning rate {update.learning_rate:g}"
    yield from _array("rows of the training part", update.rows)
    yield from _array("x, the inputs", update.x)
    yield from _array("y, the targets", update.y)
    for number, layer in layers:
        yield f"\nforward, layer {number}: {layer.activation}"
        yield from _array("W", layer.old_weights)
        yield from _array("b", layer.old_biases)
        yield from _array("z = W·a + b, where a is of the layer before" if number > 1 else "z = W·x + b", layer.z)
        yield from _array("a = f(z)", layer.a)
    yield f"\nloss: {update.loss_name}, {update.convention}"
    yield from _array("of each row", update.losses)
    yield f"mean {update.loss:.{DECIMALS}g}"
    yield f"l1/l2 term {update.regularization:.{DECIMALS}g}"
    for number, layer in reversed(layers):
        yield f"\nbackward, layer {number}"
        yield from _array("δ = ∂L/∂z", layer.delta)
        yield from _array("∂L/∂W", layer.weight_gradient)
        yield from _array("∂L/∂b", layer.bias_gradient)
    for number, layer in layers:
        yield f"\nafter the update, layer {number}"
        yield from _array("W", layer.new_weights)
        yield from _array("b", layer.new_biases)
    yield f"\nloss of the same rows after the update {update.loss_after:.{DECIMALS}g}"


def _array(title: str, values: NDArray[np.generic]) -> Iterator[str]:
    yield f"{title} {' × '.join(map(str, values.shape))}"
    yield np.array2string(values, max_line_width=COLUMNS, precision=DECIMALS, threshold=sys.maxsize)
