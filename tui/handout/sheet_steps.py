"""The micro-steps of an update as a worksheet asks them: every result of one example, with its symbol and equations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.ledger.micro_step import Focus, MicroStep, Phase
from gradstep.core.notation import rounded, subscript
from gradstep.core.training.update import Update
from gradstep.tui.handout.ledger_lines import join_lines
from gradstep.tui.session.walk import Walk

PATH = re.compile(r"from .+: w·δ([₀-₉]+)")

DIGITS = 5
"""Significant digits of a result on a worksheet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One result: its symbol, its value, and the equations that lead to it, the last of which ends with it."""

    symbol: str
    value: float
    equations: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The result as the sheet writes it."""
        return rounded(self.value, DIGITS)


@dataclass(frozen=True, slots=True)
class SheetStep:
    """A micro-step with all its results: a row of them, or for a layer's parameters a row for each of its neurons.

    `others` is what the other examples of the batch add to a sum, in the same rows; empty for a batch of one.
    """

    key: str
    phase: Phase
    layer: int
    formula: str
    rows: tuple[tuple[Entry, ...], ...]
    is_matrix: bool = False
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def kind(self) -> str:
        """The key without the layer."""
        return self.key.partition(" ")[0]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All results, row by row."""
        return tuple(entry for row in self.rows for entry in row)


def list_sheet_steps(walk: Walk) -> tuple[SheetStep, ...]:
    """List the micro-steps of the example in focus, without those that only repeat a number."""
    return tuple(_make_step(walk, step) for step in walk.steps if not _repeats(walk.update, step))


def _repeats(update: Update, step: MicroStep) -> bool:
    """Whether a micro-step has no result of its own: the batch, and of a batch of one the mean."""
    name = step.key.partition(" ")[0]
    if name in ("mean", "check") and update.batch == 1:
        return bool(step.layer) or not (update.l1 or update.l2)
    return name == "batch"


def _make_step(walk: Walk, step: MicroStep) -> SheetStep:
    update, name = walk.update, step.key.partition(" ")[0]
    is_matrix = step.phase == "update" or name == "∂"
    if step.key == "again":
        rows: tuple[tuple[Entry, ...], ...] = (tuple(_list_new_outputs(walk, step)),)
    elif step.key == "check":
        # what the gradient predicted is left out: it is no step of the update
        rows = ((Entry("L", step.at(walk.focus).result),),)
    elif is_matrix:
        layer = update.layers[step.layer - 1]
        units, weights = layer.old.shape
        rows = tuple(tuple(_make_entry(walk, step, j, k) for k in range(weights)) for j in range(units))
    elif step.layer and name != "sum":
        rows = (tuple(_make_entry(walk, step, j) for j in range(update.layers[step.layer - 1].z.shape[1])),)
    else:
        rows = ((_make_entry(walk, step),),)
    others = tuple(_list_others(walk, step)) if name in ("mean", "check") and update.batch > 1 else ()
    return SheetStep(step.key, step.phase, step.layer, _find_formula(walk, step), rows, is_matrix, others)


def _find_formula(walk: Walk, step: MicroStep) -> str:
    """The formula of what is asked: of the gradient without the chain that it comes from, of the check the loss."""
    if step.key == "check":
        return next(each for each in walk.steps if each.key == "mean").formula
    return step.formula.rpartition(": ")[2] if step.key.startswith("∂") else step.formula


def _list_new_outputs(walk: Walk, step: MicroStep) -> Iterator[Entry]:
    """The outputs with the new parameters, and the loss: what it takes to compute them is a whole forward pass."""
    outputs = walk.update.activations_after[-1][walk.focus.example]
    for j, output in enumerate(outputs.tolist()):
        yield Entry(f"ŷ{subscript(j)}", output)
    yield Entry("E", step.at(walk.focus).result)


def _make_entry(walk: Walk, step: MicroStep, neuron: int = 0, weight: int | None = None) -> Entry:
    written = step.at(_move_focus(walk.focus, step.layer, neuron, weight))
    lines = join_lines(written.lines if written.answer == -1 else written.lines[: written.answer + 1])
    symbol = _name_result(walk.update, step, neuron, weight)
    texts = [_name_path(line.text, neuron) for line in lines if line.is_equation]
    if step.key.startswith("∂"):
        # each factor of the chain is asked before; what is new is the last product
        texts = [f"{symbol} = {texts[-1][texts[-1].rindex('δ') :]}"]
    elif texts:
        texts[-1] = f"{symbol} = {texts[-1].partition(' = ')[2]}"
    return Entry(symbol, written.result, tuple(texts))


def _move_focus(focus: Focus, layer: int, neuron: int, weight: int | None) -> Focus:
    """Move the focus to a neuron of a layer, and to a weight of it."""
    if not layer:
        return focus
    neurons, weights = list(focus.neurons), list(focus.weights)
    neurons[layer - 1] = neuron
    weights[layer - 1] = weights[layer - 1] if weight is None else weight
    return replace(focus, neurons=tuple(neurons), weights=tuple(weights))


def _name_path(text: str, neuron: int) -> str:
    """Write "from neuron 1: w·δ₁" of a path into a neuron with the indices of its weight; others stay."""
    match = PATH.match(text)
    if match is None:
        return text
    return f"w{match[1]}{subscript(neuron)}·δ{match[1]}{text[match.end() :]}"


def _name_result(update: Update, step: MicroStep, neuron: int, weight: int | None) -> str:
    j, name = subscript(neuron), step.key.partition(" ")[0]
    if weight is not None:
        is_bias = weight == update.layers[step.layer - 1].inputs.shape[1]
        parameter = f"b{j}" if is_bias else f"w{j}{subscript(weight)}"
        return {"∂": f"∂E/∂{parameter}", "new": parameter}.get(name, f"g({parameter})")
    if not step.layer:
        return {"loss": "E", "mean": "L"}[name]
    if step.key == f"a {len(update.layers)}":
        return f"ŷ{j}"
    return {"shift": f"u{j}", "exp": f"e^u{j}", "sum": "Σe^u", "paths": f"∂E/∂a{j}"}.get(name, f"{name}{j}")


def _list_others(walk: Walk, step: MicroStep) -> Iterator[tuple[str, ...]]:
    """What all other examples of the batch add to the sum, before it is divided."""
    update, i = walk.update, walk.focus.example
    if not step.layer:
        losses = update.losses if step.key == "mean" else update.losses_after
        yield (rounded(float(losses.sum() - losses[i]), DIGITS),)
        return
    layer = update.layers[step.layer - 1]
    inputs = np.column_stack((layer.inputs, np.ones(update.batch)))
    sums = layer.delta.T @ inputs - np.outer(layer.delta[i], inputs[i])
    for row in sums.tolist():
        yield tuple(rounded(value, DIGITS) for value in row)
