"""The micro-steps of an update, in the order in which they are computed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradstep.core.ledger.backward import backward_steps
from gradstep.core.ledger.check import check_steps
from gradstep.core.ledger.forward import forward_steps
from gradstep.core.ledger.loss import loss_steps
from gradstep.core.ledger.micro_step import MicroStep
from gradstep.core.ledger.update import update_steps
from gradstep.core.training.update import Update


@np.errstate(all="ignore")
def micro_steps(update: Update, outputs: Sequence[str] = ()) -> tuple[MicroStep, ...]:
    """Forward, loss, backward, update, check. A number that is too large for a float is written as infinite.

    The formulas name the outputs of the network by `outputs`, if these are given.
    """
    steps = (
        *forward_steps(update),
        *loss_steps(update),
        *backward_steps(update, outputs),
        *update_steps(update),
        *check_steps(update, outputs),
    )
    return tuple(replace(step, at=np.errstate(all="ignore")(step.at)) for step in steps)
