"""The gradient check in numbers and words, for the explanation of the walkthrough."""

import math

from rich.style import Style
from textual.strip import Strip

from gradstep.core.notation import exact, number
from gradstep.core.observation.gradient_check import CheckVerdict, GradientCheck
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import flow_pieces, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import format_chosen, format_count, typeset_minus
from gradstep.tui.screens.walkthrough.state import CheckedGradient

MARKS: dict[CheckVerdict, tuple[str, Style]] = {
    "agrees": ("✓ right", GOOD),
    "wrong": ("✗ backprop is wrong", BAD),
    "kink": ("a kink: both may be right", ORANGE),
    "unresolved": ("too few digits to tell", ORANGE),
    "frozen": ("frozen", DIM),
}

CENTRAL = "  On both sides of w: as a rule closer to the derivative than (L(w+h) − L(w)) / h."

MOST_DIGITS = 17
"""The digits of a float64."""


def list_check_forms(checked: CheckedGradient, width: int) -> list[list[Strip]]:
    """Draw the gradient from backprop and from differences with their terms, and the worst error of the layer.

    Returns several forms, the longest first: the shorter ones leave out the worst error, the remarks and the terms.
    """
    check = checked.chosen
    off = _format_error(check)
    above, below = _format_losses(check)
    h, name = f"   h = {format_chosen(check.h)}", _name_parameter(checked, check)
    title = longest_fitting([f"gradient check of {name}", f"check of {name}", "gradient check"], width)
    head = [
        *flow_pieces(width, (title, STRONG), ("  (L(w+h) − L(w−h)) / 2h", STRONG)),
        make_line(("  backprop     ", DIM), (exact(check.backprop), PLAIN)),
        *flow_pieces(width, ("  differences  ", DIM), (exact(check.numerical), PLAIN), (h, DIM)),
    ]
    terms = [make_line(("  L(w+h)       ", DIM), (above, PLAIN)), make_line(("  L(w−h)       ", DIM), (below, PLAIN))]
    result = flow_pieces(
        width, ("  off by       ", DIM), (off, PLAIN), (" of the larger one  ", DIM), _draw_verdict(checked)
    )
    remarks = [strip for text in _list_remarks(check, name) for strip in wrap_text(text, width, ORANGE)]
    worst = wrap_text(_describe_worst(checked), width, DIM)
    why = wrap_text(CENTRAL, width, DIM)
    return [
        [*head, *terms, *result, *remarks, *worst, *why],
        [*head, *terms, *result, *remarks, *worst],
        [*head, *terms, *result, *remarks],
        [*head, *terms, *result],
        [*head, *result],
        head[-2:],
    ]


def _draw_verdict(checked: CheckedGradient) -> tuple[str, Style]:
    """The verdict on the chosen parameter; on its whole layer where all of that was checked and is right."""
    check, (mark, style) = checked.chosen, MARKS[checked.chosen.verdict]
    if check.verdict != "agrees":
        return mark, style
    of_all = checked.worst.verdict == "agrees" and checked.count == checked.parameters
    this = "this bias" if check.weight == checked.inputs else "this weight"
    return f"{mark} for {f'layer {check.layer_number}' if of_all else this}", style


def _format_losses(check: GradientCheck) -> tuple[str, str]:
    """The two losses with as many digits as their difference needs for six of its own."""
    apart, size = abs(check.loss_above - check.loss_below), max(abs(check.loss_above), abs(check.loss_below))
    digits = 6 + math.ceil(math.log10(size / apart)) if size and apart and math.isfinite(size / apart) else 6
    digits = max(6, min(MOST_DIGITS, digits))
    above, below = (f"{loss:.{digits}g}" for loss in (check.loss_above, check.loss_below))
    return typeset_minus(above), typeset_minus(below)


def _format_error(check: GradientCheck) -> str:
    return typeset_minus(f"{check.relative_error:.1e}") if check.relative_error else "0"


def _list_remarks(check: GradientCheck, name: str) -> list[str]:
    """What a reader has to know of these numbers, which are of the parameter `name`."""
    remarks = []
    if check.frozen:
        remarks.append("The biases are frozen in this experiment, so backprop sets this gradient to 0.")
    if check.weight_kink:
        remarks.append("The kink of |w| at 0 lies between w − h and w + h: l1 has no slope there.")
    if check.kinks:
        examples = "1 example" if check.kinks == 1 else f"{format_count(check.kinks)} examples"
        text = f"A kink, such as ReLU's at z = 0, lies between w − h and w + h in {examples}: no slope there"
        remarks.append(f"{text}, so left out." if check.examples else f"{text}, both may be right.")
    if not check.affected and not check.frozen:
        remarks.append(f"No example's loss depends on {name}: its input is 0, or the neuron gives the same.")
    elif 0 < check.examples < check.affected - check.kinks:
        remarks.append(
            f"Computed anew for {format_count(check.examples)} of the {format_count(check.affected)} examples whose"
            f" loss depends on {name}; for the others backprop's own share is taken."
        )
    return remarks


def _name_parameter(checked: CheckedGradient, check: GradientCheck) -> str:
    name = "the bias" if check.weight == checked.inputs else f"weight {check.weight + 1}"
    of_output = f" ({checked.names[check.neuron]})" if checked.names else ""
    return f"{name} of neuron {check.neuron + 1}{of_output}"


def _describe_worst(checked: CheckedGradient) -> str:
    worst, parameters = checked.worst, format_count(checked.parameters)
    error = _format_error(worst)
    share = "" if checked.count == checked.parameters else f" (it has {parameters})"
    text = f"  worst of {format_count(checked.count)} in this layer{share}: {error}"
    text += f", {_name_parameter(checked, worst)}: backprop {number(worst.backprop)}"
    return text if worst.verdict == "agrees" else f"{text}, {MARKS[worst.verdict][0].lstrip('✓✗ ')}"
