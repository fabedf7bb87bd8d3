"""Every number of one update, as text or as JSON."""

import json
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gradstep.core.ledger.micro_step import Matrix, MicroStep
from gradstep.core.training.update import LayerUpdate, Update
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.session.walk import Walk, start_walk

DIGITS = 12
"""Significant digits of a number in a printed matrix."""

COLUMNS = 120
"""The width of a printed line, in characters."""

INDENT = "    "


def format_json(update: Update) -> str:
    """Format every number of the update as JSON, exact to the last bit; infinities and NaN are null.

    `delta` is ∂E/∂z of each example's own loss. The gradients are those of the batch's mean loss.
    """
    fields = {
        "step": update.step,
        "epoch": update.epoch,
        "learning_rate": update.learning_rate,
        "optimizer": update.optimizer.name,
        "loss_name": update.loss_function.name,
        "convention": update.loss_function.convention,
        "rows": update.rows,
        "x": update.x,
        "y": update.y,
        "layers": [_collect_layer_fields(layer) for layer in update.layers],
        "losses": update.losses,
        "loss": update.loss,
        "penalty": update.penalty,
        "activations_after": list(update.activations_after),
        "losses_after": update.losses_after,
        "loss_after": update.loss_after,
        "penalty_after": update.penalty_after,
        "predicted_change": update.predicted_change,
    }
    return json.dumps(_convert_to_lists(fields), ensure_ascii=False)


def _collect_layer_fields(layer: LayerUpdate) -> dict[str, object]:
    matrices = {"old": layer.old, "gradient": layer.gradient, "change": layer.change, "new": layer.new}
    matrices |= {"data_gradient": layer.data_gradient, **layer.memory}
    return {
        "activation": layer.activation.name,
        "inputs": layer.inputs,
        "z": layer.z,
        "a": layer.a,
        "slope": layer.slope,
        "back": layer.activation_gradient,
        "delta": layer.delta,
        **{f"{name}_weights": matrix[:, :-1] for name, matrix in matrices.items()},
        **{f"{name}_biases": matrix[:, -1] for name, matrix in matrices.items()},
    }


def _convert_to_lists(field: object) -> object:
    """Convert arrays to nested lists, and infinities and NaN to None, which JSON can hold."""
    match field:
        case np.ndarray():
            return _convert_to_lists(field.tolist())
        case dict():
            return {name: _convert_to_lists(value) for name, value in field.items()}
        case list():
            return [_convert_to_lists(value) for value in field]
        case float() if not math.isfinite(field):
            return None
    return field


def format_text(update: Update) -> str:
    """Format the update micro-step by micro-step in the words of the walkthrough, with every matrix in full."""
    walk = start_walk(update)
    heading = (
        f"update {update.step}, in epoch {update.epoch}, {update.optimizer.name}, "
        f"learning rate {update.learning_rate:g}, "
        f"batch of {update.batch}\nthe numbers in the formulas are of example 1, and of one neuron of each layer"
    )
    return "\n".join([heading, *(text for step in walk.steps for text in _format_micro_step(step, walk))])


def _format_micro_step(step: MicroStep, walk: Walk) -> Iterator[str]:
    written = step.at(walk.focus)
    yield f"\n[{step.phase}] {step.title}"
    yield f"  {step.words}"
    yield f"  {step.formula}"
    yield f"  numpy: {step.code}"
    yield from (f"    {text}" for text in written.lines)
    for table in (*step.writes, *written.matrices):
        yield from _format_matrix(table)


def _format_matrix(table: Matrix) -> Iterator[str]:
    """Yield the name and the shape of a matrix and its rows, aligned and each in as many lines as it needs."""
    values: NDArray[np.generic] = table.values + 0.0  # a negative zero is written 0
    yield f"  {table.name}, {' × '.join(map(str, values.shape))}"
    # numpy's own way of printing takes minutes for a million numbers
    texts = [typeset_minus(f"{value:.{DIGITS}g}") for value in values.ravel().tolist()]
    width = max(map(len, texts), default=0)
    aligned = [text.rjust(width) for text in texts]
    columns, in_a_line = values.shape[-1], max(1, (COLUMNS - len(INDENT) - len("[[]]")) // (width + 1))
    for start in range(0, len(aligned), columns):
        end = start + columns
        for first in range(start, end, in_a_line):
            numbers = " ".join(aligned[first : min(first + in_a_line, end)])
            opening = "  " if first > start else " [" if start else "[["
            closing = "" if first + in_a_line < end else "]" if end < len(aligned) else "]]"
            yield f"{INDENT}{opening}{numbers}{closing}"
