"""The current micro-step in words, symbols, numbers and numpy."""

from textwrap import wrap

from rich.style import Style
from textual.strip import Strip

from core.gradient_check import GradientCheck
from core.ledger.micro_step import exact, number
from tui.colours import BAD, BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from tui.panels.panel import Panel, line
from tui.walk_view import Checked, WalkView


class Explanation(Panel[WalkView], can_focus=False):
    """Title, plain words, formula, the formula with numbers, the line of numpy, and remarks."""

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        step = view.walk.step
        strips = [line((step.title, STRONG)), *_wrapped(step.words, width)]
        formula = [line((text, BLUE)) for text in wrap(step.formula, width)]
        numbers = _numbers(view, width)
        code = [line(("numpy  ", DIM), (step.code[: width - 7], DIM))]
        remarks = _remarks(view, width)
        spare = height - len(strips) - len(formula) - len(numbers) - len(code) - len(remarks)
        gap = [Strip([])] if spare >= 3 else []
        return [*strips, *gap, *formula, *numbers, *gap, *code, *gap, *remarks]


def _wrapped(text: str, width: int, style: Style = PLAIN) -> list[Strip]:
    return [line((part, style)) for part in wrap(text, width)]


def _numbers(view: WalkView, width: int) -> list[Strip]:
    """The numbers; or, while they are hidden, the guess in their place."""
    written, prediction = view.walk.written, view.prediction
    if prediction is not None and view.hidden:
        return [
            line(("hidden: what comes out? ", ORANGE), (prediction.typed + "▏", STRONG)),
            line(("type a number, enter shows whether it is right", DIM)),
        ]
    strips = [
        line((part, PLAIN)) for text in written.lines for part in wrap(text, width, subsequent_indent="      ") or [""]
    ]
    if prediction is not None:
        right = prediction.is_right(written.result)
        mark = ("✓ right: ", GOOD) if right else ("✗ not quite: ", BAD)
        strips.append(line(mark, (f"you said {prediction.typed or 'nothing'}, it is {exact(written.result)}", PLAIN)))
    return strips


def _remarks(view: WalkView, width: int) -> list[Strip]:
    """Published figures, a bug's effect, a gradient check."""
    strips: list[Strip] = []
    if not view.hidden:
        strips += _published(view, width)
    if view.bug is not None and view.wrong_from is not None:
        strips += _bug(view, width)
    elif view.bug is not None:
        strips += _wrapped(f"Bug: {view.bug.words} In this update it changes no number.", width, ORANGE)
    if view.checked is not None and not view.hidden:
        strips += _checked(view.checked, width)
    return strips


def _bug(view: WalkView, width: int) -> list[Strip]:
    assert view.bug is not None and view.wrong_from is not None
    if view.walk.place < view.wrong_from:
        return _wrapped(f"Bug: {view.bug.words} Up to here every number is still right.", width, ORANGE)
    if view.walk.place == view.wrong_from:
        return _wrapped(f"✗ Here the first number goes wrong. {view.bug.words}", width, BAD)
    return _wrapped(f"✗ Wrong since «{view.walk.steps[view.wrong_from].title}».", width, BAD)


def _published(view: WalkView, width: int) -> list[Strip]:
    """The figures of the lesson for this micro-step, each beside the computed number; then what is to be known."""
    strips = []
    for published in view.published:
        place = (published.micro_step, published.table, published.row, published.column)
        computed = view.walk.number_in(*place)
        mark = ("✓ ", GOOD) if published.agrees(computed) else ("✗ ", BAD)
        strips.append(line(mark, (f"published {published.text}", PLAIN), (f"  computed {exact(computed)}", DIM)))
    for remark in view.remarks:
        strips += _wrapped(remark.text, width, ORANGE)
    return strips


def _checked(checked: Checked, width: int) -> list[Strip]:
    """Backprop's number beside the differences; the worst of the layer."""
    check, worst = checked.chosen, checked.worst
    strips = [line(("gradient check  (L(w+h) − L(w−h)) / 2h", STRONG))]
    strips += [
        line(("  backprop     ", DIM), (exact(check.backprop), PLAIN)),
        line(("  differences  ", DIM), (exact(check.numerical), PLAIN), (f"   h = {check.h:g}", DIM)),
        line(("  off by       ", DIM), (f"{check.relative_error:.1e}", GOOD if _fine(check) else BAD), (" of it", DIM)),
    ]
    if check.kink:
        text = "A ReLU changes sides between w − h and w + h (or a step, or |w|): no slope there, both may be right."
        strips += _wrapped(text, width, ORANGE)
    place = f"neuron {worst.neuron + 1}, weight {worst.weight + 1}"
    text = f"  worst of {checked.count} in this layer: {worst.relative_error:.1e}, {place}: {number(worst.backprop)}"
    return strips + _wrapped(text, width, DIM)


def _fine(check: GradientCheck) -> bool:
    return check.relative_error < 1e-4 or abs(check.backprop - check.numerical) < 1e-9
