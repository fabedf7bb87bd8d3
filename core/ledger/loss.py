"""The loss phase: the loss of each example, and their mean over the batch.

The micro-steps are `loss`, and `mean`, which adds the l1/l2 term.
"""

import numpy as np

from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.notation import exact, number, written_sum
from gradstep.core.training.update import Update


def loss_steps(update: Update) -> list[MicroStep]:
    """The loss of each example, then the mean over the batch with the l1/l2 term."""
    return [_of_each_example(update), _of_the_batch(update)]


def _of_each_example(update: Update) -> MicroStep:
    loss, last = update.loss_function, len(update.layers)

    def at(focus: Focus) -> WrittenOut:
        result = float(update.losses[focus.example])
        lines = loss.write(update.y[focus.example], update.layers[-1].a[focus.example])
        return WrittenOut((*lines, f"  = {exact(result)}"), result)

    outputs = Axis("neuron", last)
    return MicroStep(
        key="loss",
        phase="loss",
        layer=last,
        title="the loss of each example",
        formula=f"E = {loss.formula}",
        code=f"losses = {loss.name}(y_hat, y)",
        words=loss.words,
        reads=(
            Matrix("ŷ", update.layers[-1].a, EXAMPLES, outputs),
            Matrix("y", update.y, EXAMPLES, outputs),
        ),
        writes=(Matrix("E", update.losses[:, None], EXAMPLES, ONLY),),
        at=at,
    )


def _of_the_batch(update: Update) -> MicroStep:
    penalty = bool(update.l1 or update.l2)

    def at(focus: Focus) -> WrittenOut:
        losses = [float(loss) for loss in update.losses]
        text = written_sum(losses, [number(loss) for loss in losses], focus.example)
        total = update.loss + update.penalty
        lines = [f"L = ({text}) / {update.batch}", f"  = {exact(update.loss)}"]
        if penalty:
            lines.append(f"  + {number(update.penalty)} from the l1/l2 term = {exact(total)}")
        return WrittenOut(tuple(lines), total if penalty else update.loss)

    formula = "L = 1/n Σ E"
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
