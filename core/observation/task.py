"""What a training has to learn, as far as findings about it depend on that."""

from dataclasses import dataclass

from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class Task:
    """The task, which stays the same during a training.

    - `rows` is the number of training rows.
    - `guess_loss` is the training loss of a constant guess; 0 where nothing is known of it.
    - `inputs_vary` says that not all training rows have the same inputs.
    - `input_size` is the root mean square of the inputs.
    """

    classification: bool = True
    rows: int = 1000
    guess_loss: float = 0.0
    inputs_vary: bool = True
    input_size: float = 1.0


UNKNOWN_TASK = Task()


def describe_task(trainer: Trainer) -> Task:
    """Describe the task of a trainer."""
    part = trainer.training_part
    return Task(trainer.classification, len(part), trainer.constant_guess.train.loss, part.inputs_vary, part.input_size)
