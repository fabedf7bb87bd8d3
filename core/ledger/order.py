"""The micro-steps of an update, in the order in which they are computed."""

from gradstep.core.ledger.backward import backward_steps
from gradstep.core.ledger.check import check_steps
from gradstep.core.ledger.forward import forward_steps
from gradstep.core.ledger.loss import loss_steps
from gradstep.core.ledger.micro_step import MicroStep
from gradstep.core.ledger.update import update_steps
from gradstep.core.training.update import Update


def micro_steps(update: Update) -> tuple[MicroStep, ...]:
    """Forward, loss, backward, update, check."""
    return (
        *forward_steps(update),
        *loss_steps(update),
        *backward_steps(update),
        *update_steps(update),
        *check_steps(update),
    )
