"""The loss of the network as it is now; those of batches are of the past, and depend on the rows that they hold."""

from gradstep.core.observation.evidence import measure_share_of_guess
from gradstep.core.observation.limits import HARDLY_BETTER
from gradstep.core.training.history import LossCurve
from gradstep.core.training.trainer import Trainer


def measure_present_loss(trainer: Trainer, curve: LossCurve) -> float | None:
    """Return the training loss as a share of that of a constant guess, both on the same rows.

    None while the last batches do clearly better than the guess on average, and where such a guess is exact.
    """
    guess = trainer.constant_guess.train.loss
    if not len(curve.mean) or not (measure_share_of_guess(curve, guess) or 0.0) > HARDLY_BETTER:
        return None
    guess = trainer.guess_of_sample
    return trainer.evaluator.score(trainer.training_sample).loss / guess if guess else None
