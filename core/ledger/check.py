"""The check phase: forward again, and the loss beside the one that the gradient predicted.

The micro-steps are `again`, the losses of the same batch with the new parameters, and `check`, the comparison. The
prediction is of first order: −Σ gradient · change.
"""

import math
from collections.abc import Sequence

import numpy as np

from gradstep.core.equation import write_equation
from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.notation import exact, factor, fold_sum, number, subscript
from gradstep.core.training.update import Update


def check_steps(update: Update, outputs: Sequence[str] = ()) -> list[MicroStep]:
    """The loss of the same batch, before and after, beside the one that the gradient predicted."""
    return [_forward_again(update, outputs), _compare_losses(update)]


MOST_OUTPUTS = 3
"""Of more outputs than this, only the one in focus is written out."""


def _forward_again(update: Update, names: Sequence[str]) -> MicroStep:
    last = len(update.layers)
    outputs, neurons = update.layers[-1], Axis("neuron", last)

    def write_output(example: int, j: int) -> str:
        before, after = exact(outputs.a[example, j]), exact(update.activations_after[-1][example, j])
        name = f" ({names[j]})" if names else ""
        return f"ŷ{subscript(j)}{name} was {before}, is now {after}; target {number(update.y[example, j])}"

    def at(focus: Focus) -> WrittenOut:
        i, count = focus.example, update.y.shape[1]
        before, after = float(update.losses[i]), float(update.losses_after[i])
        shown = range(count) if count <= MOST_OUTPUTS else (focus.neurons[-1],)
        lines = (
            *(write_output(i, j) for j in shown),
            f"E was {exact(before)}, is now {exact(after)}",
            f"The loss of this example {describe_change(before, after)}.",
        )
        question = f"E was {exact(before)}, is now ?"
        return WrittenOut(lines, after, answer=len(lines) - 2, question=question)

    return MicroStep(
        key="again",
        phase="check",
        layer=0,
        title="forward again, with the new parameters",
        formula="x → ŷ → E",
        code="losses_after = loss(forward(x), y)",
        words="The same example, with the new parameters." if update.batch == 1 else _describe_mean_loss(update),
        reads=(Matrix("ŷ before", outputs.a, EXAMPLES, neurons),),
        writes=(
            Matrix("E after", update.losses_after[:, None], EXAMPLES, ONLY),
            Matrix("ŷ after", update.activations_after[-1], EXAMPLES, neurons),
        ),
        at=at,
    )


def _describe_mean_loss(update: Update) -> str:
    changed = name_change(update.loss, update.loss_after)
    return f"The same examples, with the new parameters. Their mean loss {changed}, which need not hold for each."


def name_change(before: float, after: float) -> str:
    """What happened to a loss, in words: it fell, rose, did not change, or is no number any more."""
    if not math.isfinite(after):
        return "is no longer a finite number"
    return "fell" if after < before else "rose" if after > before else "did not change"


def describe_change(before: float, after: float) -> str:
    """What happened to a loss, and by how much."""
    by = f" by {number(abs(after - before))}" if math.isfinite(after) and after != before else ""
    return name_change(before, after) + by


NEAR = 0.1
"""The share of the predicted change that the change may be off by to be about as much as predicted."""


def judge_prediction(predicted: float, change: float) -> str:
    """Return how a change of the loss compares with the predicted one, in words that follow those on the change."""
    if not math.isfinite(change) or not math.isfinite(predicted):
        return ", which was not predicted"
    if predicted * change <= 0:
        return "" if predicted == change else f"; predicted was {'a fall' if predicted < 0 else 'a rise'}"
    if abs(change - predicted) <= NEAR * abs(predicted):
        return ", about as much as predicted"
    return f", {change / predicted:.2g} times as much as predicted"


def _compare_losses(update: Update) -> MicroStep:
    before, after = update.loss + update.penalty, update.loss_after + update.penalty_after
    predicted = before + update.predicted_change
    predicted_drop = update.optimizer.predicted_drop_formula

    def write_prediction() -> str:
        change = update.predicted_change
        sign = "−" if change < 0 else "+"
        return f"L predicted = L before − {predicted_drop} = {number(before)} {sign} {number(abs(change))}"

    def write_change() -> str:
        return f"L after − L before = {number(after)} − {factor(before)}"

    def write_mean(example: int) -> str:
        losses = fold_sum(update.losses_after.tolist(), example)
        mean = losses.write_divided(lambda index: number(update.losses_after[index]), update.batch)
        return f"{mean} + {number(update.penalty_after)}" if update.l1 or update.l2 else mean

    verdict = judge_prediction(update.predicted_change, after - before)

    def at(focus: Focus) -> WrittenOut:
        lines = (
            f"L before = {exact(before)}",
            write_equation(write_prediction, predicted).line(),
            f"L after = {exact(after)}",
            write_equation(write_change, after - before).line(),
            f"The loss of the batch {describe_change(before, after)}{verdict}.",
        )
        return WrittenOut(lines, after, answer=2, question=f"L after = {write_mean(focus.example)} = ?")

    return MicroStep(
        key="check",
        phase="check",
        layer=0,
        title="did the loss change as predicted?",
        formula=f"L after ≈ L before − {predicted_drop}",
        code="loss_after = losses_after.mean()" + (" + penalty" if update.l1 or update.l2 else ""),
        words="The prediction follows the slope of the loss. It holds for small steps; a large step may miss it.",
        reads=(
            Matrix("L before", np.array([[before]]), ONLY, ONLY),
            Matrix("L predicted", np.array([[predicted]]), ONLY, ONLY),
        ),
        writes=(Matrix("L after", np.array([[after]]), ONLY, ONLY),),
        at=at,
    )
