"""The check phase: forward again, and the loss beside the one that the gradient predicted.

The micro-steps are `again`, the losses of the same batch with the new parameters, and `check`, the comparison. The
prediction is of first order: −Σ gradient · change.
"""

import numpy as np

from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.notation import exact, number
from gradstep.core.training.update import Update


def check_steps(update: Update) -> list[MicroStep]:
    """The loss of the same batch, before and after, beside the one that the gradient predicted."""
    return [_forward_again(update), _compare_losses(update)]


def _forward_again(update: Update) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        before, after = float(update.losses[focus.example]), float(update.losses_after[focus.example])
        return WrittenOut((f"example {focus.example + 1}: E was {exact(before)}", f"  now {exact(after)}"), after)

    return MicroStep(
        key="again",
        phase="check",
        layer=0,
        title="forward again, with the new parameters",
        formula="x → ŷ → E",
        code="losses_after = loss(forward(x), y)",
        words="The same examples with the new parameters. Their mean loss should be smaller; some losses may be larger."
        if update.batch > 1
        else "The same example with the new parameters. Its loss should be smaller.",
        reads=(Matrix("E before", update.losses[:, None], EXAMPLES, ONLY),),
        writes=(Matrix("E after", update.losses_after[:, None], EXAMPLES, ONLY),),
        at=at,
    )


def _compare_losses(update: Update) -> MicroStep:
    before, after = update.loss + update.penalty, update.loss_after + update.penalty_after
    predicted = before + update.predicted_change
    predicted_drop = update.optimizer.predicted_drop_formula

    def at(focus: Focus) -> WrittenOut:
        return WrittenOut(
            (
                f"L before    {exact(before)}",
                f"predicted   −{predicted_drop} = {number(update.predicted_change)}, that is {exact(predicted)}",
                f"L after     {exact(after)}",
                f"it changed by {number(after - before)}",
            ),
            after,
        )

    return MicroStep(
        key="check",
        phase="check",
        layer=0,
        title="did the loss fall as predicted?",
        formula=f"L after ≈ L before − {predicted_drop}",
        code="loss_after = losses_after.mean()",
        words="The prediction holds for small steps; a large step may miss it.",
        reads=(
            Matrix("L before", np.array([[before]]), ONLY, ONLY),
            Matrix("L predicted", np.array([[predicted]]), ONLY, ONLY),
        ),
        writes=(Matrix("L after", np.array([[after]]), ONLY, ONLY),),
        at=at,
    )
