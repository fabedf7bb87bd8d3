"""The gradient check in numbers and words, for the explanation of the walkthrough."""

import math

from rich.style import Style
from textual.strip import Strip

from gradstep.core.notation import exact, number
from gradstep.core.observation.gradient_check import CheckVerdict, GradientCheck
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import flow_pieces, make_line, wrap_text
from gradstep.tui.numbers import format_chosen, format_count, typeset_minus
from gradstep.tui.screens.walkthrough.state import CheckedGradient

MARKS: dict[CheckVerdict, tuple[str, Style]] = {
    "agrees": ("✓ backprop is right", GOOD),
    "wrong": ("✗ backprop is wrong", BAD),
    "kink": ("a kink: both may be right", ORANGE),
    "unresolved": ("too small to tell", ORANGE),
    "frozen": ("not trained", DIM),
}

MOST_DIGITS = 17
"""The digits of a float64."""


def list_check_forms(checked: CheckedGradient, width: int) -> list[list[Strip]]:
    """Draw the gradient from backprop and from differences with their terms, and the worst error of the layer.

    Returns several forms, the longest first: the shorter ones leave out the worst error, the remarks and the terms.
    """
    check = checked.chosen
    off = typeset_minus(f"{check.relative_error:.1e}")
    above, below = _format_losses(check)
    h = f"   h = {format_chosen(check.h)}"
    head = [
        *flow_pieces(width, ("gradient check", STRONG), ("  (L(w+h) − L(w−h)) / 2h", STRONG)),
        make_line(("  backprop     ", DIM), (exact(check.backprop), PLAIN)),
        *flow_pieces(width, ("  differences  ", DIM), (exact(check.numerical), PLAIN), (h, DIM)),
    ]
    terms = [make_line(("  L(w+h)       ", DIM), (above, PLAIN)), make_line(("  L(w−h)       ", DIM), (below, PLAIN))]
    result = flow_pieces(width, ("  off by       ", DIM), (off, PLAIN), (" of it  ", DIM), MARKS[check.verdict])
    remarks = [strip for text in _list_remarks(check) for strip in wrap_text(text, width, ORANGE)]
    worst = wrap_text(_describe_worst(checked), width, DIM)
    return [
        [*head, *terms, *result, *remarks, *worst],
        [*head, *terms, *result, *remarks],
        [*head, *terms, *result],
        [*head, *result],
        head[-2:],
    ]


def _format_losses(check: GradientCheck) -> tuple[str, str]:
    """The two losses with as many digits as their difference needs for six of its own."""
    apart, size = abs(check.loss_above - check.loss_below), max(abs(check.loss_above), abs(check.loss_below))
    digits = 6 + math.ceil(math.log10(size / apart)) if size and apart and math.isfinite(size / apart) else 6
    digits = max(6, min(MOST_DIGITS, digits))
    above, below = (f"{loss:.{digits}g}" for loss in (check.loss_above, check.loss_below))
    return typeset_minus(above), typeset_minus(below)


def _list_remarks(check: GradientCheck) -> list[str]:
    """What a reader has to know of these numbers."""
    remarks = []
    if check.frozen:
        remarks.append("Biases are not trained in this run, so backprop sets this gradient to 0.")
    if check.weight_kink:
        remarks.append("The kink of |w| lies between w − h and w + h: there l1 has no slope.")
    if check.kinks:
        examples = "1 example" if check.kinks == 1 else f"{format_count(check.kinks)} examples"
        text = f"A kink, such as ReLU's at z = 0, lies between w − h and w + h in {examples}: no slope there"
        remarks.append(f"{text}, left out." if check.examples else f"{text}, both may be right.")
    if not check.affected and not check.frozen:
        remarks.append("No example's loss depends on this weight: its input is 0, or its neuron does not react.")
    elif 0 < check.examples < check.affected - check.kinks:
        remarks.append(
            f"Computed anew for {format_count(check.examples)} of the {format_count(check.affected)} examples whose"
            " loss depends on it; for the others backprop's own share is taken."
        )
    return remarks


def _describe_worst(checked: CheckedGradient) -> str:
    worst, parameters = checked.worst, format_count(checked.parameters)
    error = typeset_minus(f"{worst.relative_error:.1e}")
    share = "" if checked.count == checked.parameters else f" (it has {parameters})"
    text = f"  worst of {format_count(checked.count)} in this layer{share}: {error}, neuron {worst.neuron + 1}"
    text += f", weight {worst.weight + 1}: {number(worst.backprop)}"
    return text if worst.verdict == "agrees" else f"{text}, {MARKS[worst.verdict][0].lstrip('✓✗ ')}"
