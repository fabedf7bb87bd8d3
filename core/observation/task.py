"""What a training has to learn, as far as findings about it depend on that."""

from dataclasses import dataclass

from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class Task:
    """The task; during a training only `penalized` can change.

    - `rows` is the number of training rows.
    - `guess_loss` is the training loss of a constant guess.
    - `inputs_vary` says that not all training rows have the same inputs.
    - `input_size` is the root mean square of the inputs.
    - `penalized` says that the loss has an l1 or l2 term.
    """

    classification: bool
    rows: int
    guess_loss: float
    inputs_vary: bool
    input_size: float
    penalized: bool = False


def describe_task(trainer: Trainer) -> Task:
    """Describe the task of a trainer."""
    part = trainer.training_part
    guess = trainer.constant_guess.train.loss
    varies, size = part.inputs_vary, part.input_size
    return Task(trainer.classification, len(part), guess, varies, size, trainer.options.is_penalized)
