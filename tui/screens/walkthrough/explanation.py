"""The current micro-step in words, symbols, numbers and numpy."""

from textual.strip import Strip

from gradstep.core.notation import exact
from gradstep.tui.drawing.cells import wrap_words
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import flow_pieces, make_line, wrap_text
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screens.walkthrough.gradient_check import list_check_forms
from gradstep.tui.screens.walkthrough.state import CheckedGradient, WalkView
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.typed_number import format_typed


class Explanation(Panel[WalkView], can_focus=False):
    """Draws the title, the plain words, the formula, the formula with numbers, the line of numpy, and remarks.

    If not all of it fits, the least important parts are left out, in the order of IMPORTANCE.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        parts = _fit_parts(_draw_parts(view, width, height), exact(view.walk.written.result), height)
        gap = [Strip([])] if height - _count_lines(parts) >= 3 else []
        gaps = {"formula": gap, "numpy": gap, "lesson": gap}
        return [strip for name, part in parts.items() for strip in (*gaps.get(name, []), *part)]

    def count_lines(self, view: WalkView, width: int) -> int:
        """Return the lines that all parts take."""
        return _count_lines(_draw_parts(view, width))


IMPORTANCE = ("check", "title", "numbers", "bug", "words", "formula", "lesson", "numpy")

Parts = dict[str, list[Strip]]


def _draw_parts(view: WalkView, width: int, height: int | None = None) -> Parts:
    """Draw all parts; a gradient check in the longest form that fits in `height` lines, None for any number."""
    step = view.walk.step
    return {
        "title": wrap_text(step.title, width, STRONG),
        "words": wrap_text(step.words, width),
        "formula": wrap_text(step.formula, width, BLUE),
        "numbers": _draw_numbers(view, width),
        "numpy": wrap_text(f"numpy  {step.code}", width, DIM, indent="       "),
        "lesson": [] if view.hidden else _draw_published(view, width),
        "bug": _draw_bug(view, width),
        "check": [] if view.hidden or view.checked is None else _draw_check(view.checked, width, height),
    }


def _fit_parts(parts: Parts, result: str, height: int) -> Parts:
    """Keep the most important parts that fit. Numbers that do not fit are folded, with the result kept."""
    parts, kept = dict(parts), set()
    for name in IMPORTANCE:
        if name == "numbers":
            parts[name] = _fold_numbers(parts[name], result, height)
        if len(parts[name]) <= height:
            kept.add(name)
            height -= len(parts[name])
    return {name: part for name, part in parts.items() if name in kept}


def _fold_numbers(numbers: list[Strip], result: str, height: int) -> list[Strip]:
    if len(numbers) <= height or height < 3:
        return numbers
    index = next((index for index, strip in enumerate(numbers) if result in strip.text), 0)
    after = [numbers[index]] if index >= height - 1 else []
    return [*numbers[: height - 1 - len(after)], make_line(("…", DIM)), *after]


def _count_lines(parts: Parts) -> int:
    return sum(map(len, parts.values()))


def _draw_numbers(view: WalkView, width: int) -> list[Strip]:
    """The numbers, with the graded guess if there is one; while they are hidden, the guess alone."""
    written, guess = view.walk.written, view.guess
    if guess is not None and view.hidden:
        return [
            *flow_pieces(width, ("hidden: what comes out? ", ORANGE), (format_typed(guess.typed) + "▏", STRONG)),
            *wrap_text("type a number; enter shows whether it is right", width, DIM),
        ]
    strips = [make_line((part, PLAIN)) for text in written.lines for part in wrap_words(text, width, "      ") or [""]]
    if guess is not None:
        right = guess.is_right(written.result)
        mark = ("✓ right: ", GOOD) if right else ("✗ not right: ", BAD)
        said = f"you said {format_typed(guess.typed) or 'nothing'}, "
        strips += flow_pieces(width, mark, (said, PLAIN), (f"it is {exact(written.result)}", PLAIN))
    return strips


def _draw_bug(view: WalkView, width: int) -> list[Strip]:
    if view.bug is None:
        return []
    if view.wrong_from is None:
        return wrap_text(f"Bug: {view.bug.words} In this update it changes no number.", width, ORANGE)
    if view.walk.index < view.wrong_from:
        return wrap_text(f"Bug: {view.bug.words} Up to here every number is still right.", width, ORANGE)
    if view.walk.index == view.wrong_from:
        return wrap_text(f"✗ Here the first number goes wrong. {view.bug.words}", width, BAD)
    return wrap_text(f'✗ Wrong since "{view.walk.steps[view.wrong_from].title}".', width, BAD)


def _draw_published(view: WalkView, width: int) -> list[Strip]:
    """The published figures of the lesson, each beside the computed number, and the remarks of the lesson."""
    strips = []
    for published in view.published:
        index = (published.micro_step, published.table, published.row, published.column)
        computed = view.walk.matrix_entry(*index)
        mark = ("✓ ", GOOD) if published.agrees(computed) else ("✗ ", BAD)
        strips += flow_pieces(
            width, mark, (f"published {typeset_minus(published.text)}", PLAIN), (f"  computed {exact(computed)}", DIM)
        )
    for remark in view.remarks:
        strips += wrap_text(remark.text, width, ORANGE)
    return strips


def _draw_check(checked: CheckedGradient, width: int, height: int | None) -> list[Strip]:
    forms = list_check_forms(checked, width)
    return next((form for form in forms if height is None or len(form) <= height), forms[-1])
