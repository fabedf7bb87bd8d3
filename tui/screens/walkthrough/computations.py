"""What the walkthrough computes: the gradient check, the update with a classic bug, and the hint to a guess."""

import numpy as np

from gradstep.core.ledger.bugs import Bug, with_bug
from gradstep.core.ledger.mistakes import find_mistake, is_right
from gradstep.core.ledger.wrong_answers import find_old, list_wrong_answers
from gradstep.core.notation import rounded
from gradstep.core.observation.gradient_check import GradientChecker
from gradstep.core.training.update import Update
from gradstep.tui.screens.walkthrough.guess import Guess
from gradstep.tui.screens.walkthrough.state import CheckedGradient
from gradstep.tui.session.walk import Walk, continue_walk


def check_gradient(walk: Walk) -> CheckedGradient:
    """Check the gradients of the layer in focus against central differences; keep the one in focus and the worst."""
    checker = GradientChecker(walk.update)
    layer_number, focus = walk.layer_number, walk.focus
    chosen = checker.check(layer_number, focus.neurons[layer_number - 1], focus.weights[layer_number - 1])
    worst, count = checker.find_worst(layer_number)
    layer = walk.update.layers[layer_number - 1]
    names = walk.outputs if layer_number == len(walk.update.layers) else ()
    return CheckedGradient(chosen, worst, count, layer.old.size, layer.inputs.shape[1], names)


def walk_with_bug(walk: Walk, correct: Update, bug: Bug | None, before: Update | None) -> tuple[Walk, int | None]:
    """Return the walk through the update with this bug, and the index of the first micro-step that it changes."""
    if bug is None:
        return continue_walk(walk, correct, walk.index), None
    wrong = continue_walk(walk, with_bug(correct, bug, before), walk.index)
    return wrong, find_first_difference(continue_walk(wrong, correct, 0), wrong)


def find_first_difference(correct: Walk, wrong: Walk) -> int | None:
    """Return the index of the first micro-step whose numbers differ between the two walks; None if there is none."""
    for index, (one, other) in enumerate(zip(correct.steps, wrong.steps, strict=True)):
        tables = zip(one.writes, other.writes, strict=True)
        if any(not np.array_equal(a.values, b.values, equal_nan=True) for a, b in tables):
            return index
        if not np.array_equal(one.at(correct.focus).result, other.at(wrong.focus).result, equal_nan=True):
            return index
    return None


def answer_guess(walk: Walk, guess: Guess) -> Guess:
    """Return the guess of the current number after enter, with a hint to the mistake if one makes that number."""
    given, result = guess.given, walk.written.result
    if given is None:
        return guess.answer(False, "")
    old = find_old(walk.update, walk.step, walk.focus)
    answers = list_wrong_answers(walk.update, walk.step, walk.focus, result)
    # the number as the screen writes it is right, however little it has changed
    if rounded(given.value, walk.digits) == walk.result or is_right(given, result, old, answers):
        return guess.answer(True, "")
    mistake = find_mistake(given, result, answers, old)
    return guess.answer(False, mistake.hint if mistake else "")
