"""The loss phase: the loss of each example, and their mean over the batch.

The micro-steps are `loss`, and `mean`, which adds the l1/l2 term.
"""

import numpy as np

from gradstep.core.equation import Equation, write_equation
from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.network.loss import LossOfLogits
from gradstep.core.network.weighted_loss import WeightedLoss
from gradstep.core.notation import fold_sum, number
from gradstep.core.training.update import Update


def loss_steps(update: Update) -> list[MicroStep]:
    """The loss of each example, then the mean over the batch with the l1/l2 term."""
    return [_of_each_example(update), _of_the_batch(update)]


def _of_each_example(update: Update) -> MicroStep:
    loss, last = update.loss_function, len(update.layers)

    def at(focus: Focus) -> WrittenOut:
        equation = _write_loss(update, focus.example)
        return WrittenOut(equation.lines("  "), float(update.losses[focus.example]))

    outputs = Axis("neuron", last)
    return MicroStep(
        key="loss",
        phase="loss",
        layer=0,
        title="the loss of each example",
        formula=f"E = {loss.formula}",
        code=f"losses = {'c * ' if isinstance(loss, WeightedLoss) else ''}{loss.name}(y_hat, y)",
        words=loss.words,
        reads=(
            Matrix("ŷ", update.layers[-1].a, EXAMPLES, outputs),
            Matrix("y", update.y, EXAMPLES, outputs),
        ),
        writes=(Matrix("E", update.losses[:, None], EXAMPLES, ONLY),),
        at=at,
    )


def _write_loss(update: Update, example: int) -> Equation:
    """E from the outputs; where they have rounded to 0 or 1, as it is computed from the logits."""
    loss, output, y = update.loss_function, update.layers[-1], update.y[example]
    result = float(update.losses[example])
    equation = write_equation(lambda: "\n  ".join(loss.write(y, output.a[example])), result)
    if equation.is_right or not isinstance(loss, LossOfLogits):
        return equation
    return write_equation(lambda: loss.write_from_logits(y, output.z[example]), result)


def _of_the_batch(update: Update) -> MicroStep:
    penalty = bool(update.l1 or update.l2)

    def at(focus: Focus) -> WrittenOut:
        losses, total = fold_sum(update.losses.tolist(), focus.example), update.loss + update.penalty

        def write_mean() -> str:
            return f"L = {losses.write_divided(lambda index: number(update.losses[index]), update.batch)}"

        lines = write_equation(write_mean, update.loss).lines("  ")
        if not penalty:
            return WrittenOut(lines, update.loss)
        with_penalty = write_equation(
            lambda: f"L + l1/l2 term = {number(update.loss)} + {number(update.penalty)}", total
        )
        return WrittenOut((*lines, *with_penalty.lines("  ")), total)

    formula = "L = 1/N Σ E"
    if update.l1:
        formula += " + l1·Σ|w|"
    if update.l2:
        formula += " + (l2/2)·Σw²"
    return MicroStep(
        key="mean",
        phase="loss",
        layer=0,
        title="the loss of the batch",
        formula=formula,
        code="loss = losses.mean()" + (" + penalty" if penalty else ""),
        words=f"The loss of the batch is one number: {update.loss_function.convention}.",
        reads=(Matrix("E", update.losses[:, None], EXAMPLES, ONLY),),
        writes=(Matrix("L", np.array([[update.loss + update.penalty]]), ONLY, ONLY),),
        at=at,
    )
