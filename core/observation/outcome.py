"""The outcome of a run: whether its scores are better than those of a constant guess, or its loss has exploded."""

from dataclasses import replace

from gradstep.core.network.arrays import norm
from gradstep.core.observation.evidence import have_shrunk, measure_start_loss, watched_loss_falls
from gradstep.core.observation.finding import Finding, Remedy, choose_capacity, choose_way_to_stop_earlier
from gradstep.core.observation.layer_statistics import measure_neurons
from gradstep.core.observation.limits import (
    EXPLODED,
    LEAPT,
    LEAST_EPOCHS,
    LEAST_STEPS,
    LEAST_STEPS_TO_COMPARE,
    NO_BETTER,
)
from gradstep.core.observation.wording import write_number, write_share
from gradstep.core.training.evaluation import Evaluation, Score
from gradstep.core.training.history import LossCurve
from gradstep.core.training.trainer import Trainer

LEAST_GAIN = 0.02
"""A loss counts as better than that of a constant guess if it is lower by this share."""

MOST_ROWS = 0.8
"""With this share of the rows a class counts as so large that the others are rare."""

MEAN_GUESS = "always the mean of the training targets"
LARGEST_GUESS = "always the largest class"
SHARES_GUESS = "always the shares of the classes"
WEIGHTED_GUESS = "always the weighted shares of the classes"
"""What a constant guess is: in a regression, in the accuracy of a classification, in its loss, and in that of one with
class weights."""


def choose_scored_part(evaluation: Evaluation) -> Score:
    """Return the score that counts: on the test part, or else on the validation part, or else on the training part."""
    return evaluation.test or evaluation.validation or evaluation.train


def judge_outcome(trainer: Trainer, evaluation: Evaluation) -> Finding | None:
    """Return the finding that the run is no better than a constant guess.

    None if it is better, or if it made fewer than LEAST_STEPS steps and the loss has not leapt up.
    """
    score, guess = choose_scored_part(evaluation), choose_scored_part(trainer.constant_guess)
    weighted = trainer.options.class_weights is not None
    if weighted:
        # class weights give up accuracy on the large classes for the small ones
        score, guess = replace(score, accuracy=None), replace(guess, accuracy=None)
    if trainer.step < LEAST_STEPS and not _has_leapt(trainer, score):
        return None
    if score.loss < (1 - LEAST_GAIN) * guess.loss and not _is_less_accurate(score, guess):
        return None
    if trainer.last_pass is not None and norm([norm(layer.weight_gradient) for layer in trainer.network.layers]) == 0:
        layers = len(trainer.network.layers)
        words = f"‖∇W‖ of the last step is 0 in all {layers} layers" if layers > 1 else "‖∇W‖ of the last step is 0"
        starts_at_0 = not all(layer.weights.any() for layer in trainer.network.layers)
        remedy = Remedy.OTHER_INITIALIZER if starts_at_0 else Remedy.RESTART_WITH_SMALLER_RATE
        return Finding("no gradient", "no weight has a gradient", words, remedy)
    if score.accuracy is None or guess.accuracy is None:
        constant = WEIGHTED_GUESS if weighted else MEAN_GUESS
        problem, words = "it ends no better than a constant guess", _compare_losses(score.loss, guess.loss, constant)
    elif score.accuracy <= guess.accuracy:
        right, guessed = write_share(score.accuracy, 1), write_share(guess.accuracy, 1)
        problem = "it ends no better than a constant guess"
        words = f"the accuracy is {right}, that of the constant guess, {LARGEST_GUESS}, {guessed}"
    elif _is_less_accurate(trainer.constant_guess.train, evaluation.train):
        return None
    else:
        # by chance it names more classes right than the guess on the few rows of one part
        problem = "its loss ends no better than a constant guess's"
        words = _compare_losses(score.loss, guess.loss, SHARES_GUESS)
    return Finding("no better", problem, words, _choose_remedy(trainer, evaluation))


def _compare_losses(loss: float, guess_loss: float, guess: str) -> str:
    if not guess_loss:
        return f"the loss is {write_number(loss)}, that of the constant guess, {guess}, is 0"
    return f"the loss is {write_number(loss / guess_loss)} times that of the constant guess, {guess}"


def _has_leapt(trainer: Trainer, score: Score) -> bool:
    """Whether the loss is at least LEAPT times that of the start."""
    curve = trainer.history.loss_curve()
    return len(curve.mean) > 0 and not score.loss < LEAPT * measure_start_loss(curve, trainer.history.watched_scores())


def _choose_remedy(trainer: Trainer, evaluation: Evaluation) -> Remedy:
    if _has_leapt(trainer, choose_scored_part(evaluation)):
        return Remedy.RESTART_WITH_MUCH_SMALLER_RATE
    if _has_shrunk(trainer):
        return Remedy.SMALLER_PENALTY
    if _misses_rare_classes(trainer, evaluation):
        return Remedy.CLASS_WEIGHTS
    if watched_loss_falls(trainer.history.watched_scores()):
        return Remedy.TRAIN_LONGER
    early = trainer.epoch < LEAST_EPOCHS or trainer.step < LEAST_STEPS_TO_COMPARE
    if evaluation.train.loss < NO_BETTER * trainer.constant_guess.train.loss:
        # what it has learnt holds for the training examples only
        return choose_way_to_stop_earlier(trainer.watched_name)
    hidden = (layer.activation for layer in trainer.network.layers[:-1])
    return Remedy.TRAIN_LONGER if early else choose_capacity(hidden)


def _misses_rare_classes(trainer: Trainer, evaluation: Evaluation) -> bool:
    """Whether one class has most of the rows, and the network gets no more of the training rows right than by it."""
    own, guess = evaluation.train.accuracy, trainer.constant_guess.train.accuracy
    if own is None or guess is None or trainer.options.class_weights is not None:
        return False
    return own <= guess and guess >= MOST_ROWS


def _has_shrunk(trainer: Trainer) -> bool:
    sizes = [measure_neurons(layer.weights) for layer in trainer.network.layers]
    return have_shrunk(sizes, trainer.options.is_penalized)


def _is_less_accurate(score: Score, guess: Score) -> bool:
    return score.accuracy is not None and guess.accuracy is not None and score.accuracy < guess.accuracy


def has_exploded(curve: LossCurve) -> bool:
    """Whether the newest loss is at least EXPLODED times the first one."""
    return len(curve.mean) > 0 and bool(curve.mean[-1] >= EXPLODED * curve.mean[0] > 0)
