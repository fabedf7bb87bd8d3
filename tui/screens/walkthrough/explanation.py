"""The current micro-step in words, symbols, numbers and numpy."""

from textual.strip import Strip

from gradstep.core.ledger.micro_step import Matrix, MicroStep
from gradstep.core.ledger.wanted import name_entry, name_wanted
from gradstep.core.notation import exact, subscript
from gradstep.data.lesson import KnownFigure
from gradstep.tui.drawing.cells import wrap_words
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import flow_pieces, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import format_count, format_number, typeset_minus
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.walkthrough.gradient_check import list_check_forms
from gradstep.tui.screens.walkthrough.guess import Guess
from gradstep.tui.screens.walkthrough.state import Asking, CheckedGradient, WalkView
from gradstep.tui.session.walk import Walk
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.typed_number import format_typed


class Explanation(Panel[WalkView], can_focus=False):
    """Draws the title, the plain words, the formula, the formula with numbers, the line of numpy, and remarks.

    If not all of it fits, the figures of a lesson that agree are counted on one line. Then the least important parts
    are left out, in the order of IMPORTANCE. … stands for what is left out of the words, of the formula and of the
    numbers.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        parts = _draw_parts(view, width, height)
        if _count_lines(parts) > height and not view.hidden:
            parts = _count_figures(parts, view, width)
        parts = _fit_parts(parts, view.walk.result, width, height)
        gap = [Strip([])] if height - _count_lines(parts) >= 3 else []
        gaps = {"formula": gap, "numpy": gap, "lesson": gap}
        return [strip for name, part in parts.items() for strip in (*gaps.get(name, []), *part)]

    def count_lines(self, view: WalkView, width: int) -> int:
        """Return the lines that all parts take."""
        return _count_lines(_draw_parts(view, width))

    def count_brief_lines(self, view: WalkView, width: int, expendable: bool = True) -> int:
        """Return the lines with the figures of a lesson on one; without those that give way to the matrices or not."""
        parts = _count_figures(_draw_parts(view, width), view, width)
        return _count_lines({name: part for name, part in parts.items() if expendable or name not in EXPENDABLE})


IMPORTANCE = ("check", "title", "guess", "numbers", "scaling", "which", "bug", "lesson", "formula", "words", "numpy")
EXPENDABLE = ("which", "scaling", "words", "formula", "numpy")
"""The parts, the most important first, and those that give way to the matrices."""

LEFT_OUT = " …"

Parts = dict[str, list[Strip]]


def _draw_parts(view: WalkView, width: int, height: int | None = None) -> Parts:
    """Draw all parts; a gradient check in the longest form that fits in `height` lines, None for any number."""
    step = view.walk.step
    if view.at_end:
        return _draw_question(view, width)
    return {
        "title": wrap_text(step.title, width, STRONG),
        "words": wrap_text(step.words, width),
        "formula": wrap_text(step.formula, width, BLUE),
        "numbers": _draw_numbers(view, width),
        "which": wrap_text(_describe_which(view), width, DIM),
        "scaling": [] if view.hidden else wrap_text(describe_scaling(view), width, DIM),
        "guess": _draw_guess(view, width),
        "numpy": wrap_text(f"numpy  {step.code}", width, DIM, indent="       "),
        "lesson": [] if view.hidden else _draw_lesson(view, width),
        "bug": _draw_bug(view, width),
        "check": [] if view.hidden or view.checked is None else _draw_check(view.checked, width, height),
    }


def _fit_parts(parts: Parts, result: str, width: int, height: int) -> Parts:
    """Keep the most important parts that fit. Numbers that do not fit are folded, with the result kept."""
    parts, kept = dict(parts), set()
    for name in filter(parts.__contains__, IMPORTANCE):
        if name == "numbers":
            parts[name] = _fold_numbers(parts[name], result, height)
        if name == "words":
            parts[name] = _fold_words(parts[name], width, height)
        if len(parts[name]) <= height:
            kept.add(name)
            height -= len(parts[name])
    title, hidden = parts["title"], any(parts.get(name) and name not in kept for name in ("formula", "words"))
    # a title is never cut
    if hidden and title[-1].cell_length + len(LEFT_OUT) <= width:
        parts["title"] = [*title[:-1], make_line((title[-1].text, STRONG), (LEFT_OUT, DIM))]
    return {name: part for name, part in parts.items() if name in kept}


def _fold_words(words: list[Strip], width: int, height: int) -> list[Strip]:
    """The first lines of the words that fit, with … in place of their last words if there are more."""
    if len(words) <= height or height < 1:
        return words
    last = words[height - 1].text.split(" ")
    forms = [" ".join(last[:count]) for count in range(len(last), 0, -1)]
    # the first words of a sentence that is left out say nothing
    forms = [form for form in forms if form.endswith(".") and len(form) > len(forms[0]) / 2] or forms
    return [*words[: height - 1], make_line((longest_fitting(forms, width - len(LEFT_OUT)), PLAIN), (LEFT_OUT, DIM))]


def _fold_numbers(numbers: list[Strip], result: str, height: int) -> list[Strip]:
    if len(numbers) <= height or height < 3:
        return numbers
    index = next((index for index, strip in enumerate(numbers) if result in strip.text), 0)
    after = [numbers[index]] if index >= height - 1 else []
    return [*numbers[: height - 1 - len(after)], make_line(("…", DIM)), *after]


def _count_lines(parts: Parts) -> int:
    return sum(map(len, parts.values()))


def _draw_question(view: WalkView, width: int) -> Parts:
    """The question at the end of an update, before the next one is made."""
    step = view.walk.update.step
    words = f"Update {format_count(step)} is done. The next one takes the next batch, and changes the weights again."
    return {
        "title": wrap_text(f"Make update {format_count(step + 1)}?", width, STRONG),
        "words": wrap_text(words if view.bug is None else f"{words} {CORRECT_NEXT}", width),
        "numbers": [
            make_line((f"{name_key('walk_on')} or enter ", STRONG), ("makes it", PLAIN)),
            make_line((f"{name_key('walk_back')} or {name_key('leave')} ", STRONG), ("goes back", PLAIN)),
        ],
    }


def _draw_numbers(view: WalkView, width: int) -> list[Strip]:
    """The formula with its numbers; while the result is asked, the terms alone."""
    written = view.walk.written
    lines = written.terms if view.hidden else written.lines
    return [make_line((part, PLAIN)) for text in lines for part in wrap_words(text, width, "      ") or [""]]


def _describe_which(view: WalkView) -> str:
    """Which update of the run this is, where the batch is chosen."""
    if view.walk.step.key != "batch" or not view.of_run:
        return ""
    count, key = format_count(view.walk.update.step), name_key("valley")
    return f"Update {count} made the step on the training screen. There {key} shows the next one."


def describe_scaling(view: WalkView) -> str:
    """How the input in focus was scaled, where the batch is chosen and where layer 1 reads it; else nothing."""
    walk, scaling, index = view.walk, view.scaling, view.walk.focus.weights[0]
    x = walk.update.x[walk.focus.example]
    if scaling is None or scaling.kind == "none" or walk.step.key not in ("batch", "z 1") or index >= len(x):
        return ""
    if x[index] == 0 and scaling.scale[index] == 1:
        return ""  # a constant input is moved to 0 and not divided
    raw, shift, scale = (float(values[index]) for values in (scaling.undo(x), scaling.shift, scaling.scale))
    shifted, divided = ("mean ", "sd ") if scaling.kind == "standard" else ("smallest ", "range ")
    terms = f"({format_number(raw, 0)} − {shifted}{format_number(shift, 0)}) / {divided}{format_number(scale, 0)}"
    return f"Inputs are scaled: x{subscript(index)} = {terms} = {format_number(float(x[index]), 0)}"


def describe_answering(step: MicroStep) -> str:
    """How near a guess has to be, and what the keys do."""
    near = "2% of the change off" if step.key.startswith("new ") else "2% off"
    return f"{near} is right; enter answers; enter alone shows it; {name_key('hide')} ends the asking"


def _draw_guess(view: WalkView, width: int) -> list[Strip]:
    """The number that is asked for, and the answers to it; where none is, which ones are."""
    walk, guess = view.walk, view.guess
    if guess is None:
        return [] if view.asking is None else wrap_text(_describe_asking(view.asking), width, DIM)
    if guess.graded:
        return _draw_grade(guess, walk, width)
    wanted = name_wanted(walk.update, walk.step, walk.focus)
    name = view.labels.of_neuron(walk.step.layer, walk.focus.neurons[walk.layer_number - 1])
    strips = wrap_text(f"Which number is {wanted}{f' ({name})' if name else ''}?", width, ORANGE)
    if guess.first:
        strips += _draw_wrong(guess.first, guess.hint, width)
    before = "once more: " if guess.first else "your number: "
    strips += flow_pieces(width, (before, ORANGE), (format_typed(guess.typed) + "▏", STRONG))
    return [*strips, *wrap_text(guess.note or describe_answering(walk.step), width, ORANGE if guess.note else DIM)]


def _describe_asking(asking: Asking) -> str:
    """Which numbers are asked, at a micro-step whose number is not."""
    end = f"{name_key('hide')} ends the asking."
    if asking.last is None:
        return f"Nothing is computed here. {name_key('walk_on')} goes on to the first number that is asked; {end}"
    numbers = "number" if asking.last == 1 else f"{asking.last} numbers"
    return f"The last {numbers} of each phase will be asked. {name_key('fade')} asks one more; {end}"


def _draw_wrong(typed: str, hint: str, width: int) -> list[Strip]:
    said = f"you said {format_typed(typed)}. "
    hints = [(f"{word} ", PLAIN) for word in hint.split()]
    return flow_pieces(width, ("✗ not right: ", BAD), (said, PLAIN), *hints)


def _draw_grade(guess: Guess, walk: Walk, width: int) -> list[Strip]:
    typed = guess.typed or guess.first
    if not typed:
        return flow_pieces(width, (f"It is {walk.result}.", PLAIN))
    mark = ("✓ right: ", GOOD) if guess.right else ("✗ not right: ", BAD)
    said, answer = f"you said {format_typed(typed)}, ", f"it is {walk.result}"
    hints = [(f" {word}", PLAIN) for word in guess.hint.split()]
    return flow_pieces(width, mark, (said, PLAIN), (answer + "." * bool(hints), PLAIN), *hints)


CORRECT_BEFORE = "The updates before this one were made without it."
CORRECT_NEXT = "It starts from the weights of the correct update: the bug is in one update at a time."


def _draw_bug(view: WalkView, width: int) -> list[Strip]:
    if view.bug is None:
        return []
    words = f"Bug: {view.bug.words}" + f" {CORRECT_BEFORE}" * (view.walk.update.step > 1)
    if view.wrong_from is None:
        return wrap_text(f"{words} In this update it changes no number.", width, ORANGE)
    if view.walk.index < view.wrong_from:
        return wrap_text(f"{words} Up to here every number is still right.", width, ORANGE)
    if view.walk.index == view.wrong_from:
        return wrap_text(f"✗ Here the first number goes wrong. {view.bug.words}", width, BAD)
    return wrap_text(f'✗ Wrong since "{view.walk.steps[view.wrong_from].title}".', width, BAD)


def _count_figures(parts: Parts, view: WalkView, width: int) -> Parts:
    """The parts with the figures of the lesson that agree on one line, if that takes fewer lines."""
    lesson = parts.get("lesson", [])
    brief = _draw_lesson(view, width, brief=True) if lesson else []
    return {**parts, "lesson": brief} if len(brief) < len(lesson) else parts


def _draw_lesson(view: WalkView, width: int, brief: bool = False) -> list[Strip]:
    """The known figures of the lesson by name, each beside the computed number, and the remarks of the lesson.

    With `brief` the figures that agree are counted.
    """
    walk, strips = view.walk, []
    agreeing = [figure for figure in view.figures if figure.agrees(_find_computed(view, figure)[1])]
    if brief and agreeing:
        words = [(f"{word} ", PLAIN) for word in _say_agree(agreeing, view.author).split()]
        strips += flow_pieces(width, ("✓ ", GOOD), *words)
    for figure in view.figures:
        if brief and figure in agreeing:
            continue
        matrix, computed = _find_computed(view, figure)
        name = name_entry(walk.update, walk.step, matrix, figure.row, figure.column)
        mark = ("✓ ", GOOD) if figure.agrees(computed) else ("✗ ", BAD)
        known = f"{view.author} published" if figure.published else "the rule gives"
        text = spell_out(f"{name}: {known} {typeset_minus(figure.text)}")
        line = make_line(mark, (text, PLAIN), (f"  computed {exact(computed)}", DIM))
        if line.cell_length <= width:
            strips.append(line)
        else:
            words = [(f"{word} ", PLAIN) for word in text.split()]
            strips += [*flow_pieces(width, mark, *words), make_line((f"  computed {exact(computed)}", DIM))]
    for remark in view.remarks:
        strips += wrap_text(remark.text, width, ORANGE)
    return strips


def _find_computed(view: WalkView, figure: KnownFigure) -> tuple[Matrix, float]:
    """The table that a known figure belongs to, and the computed number there."""
    matrix = next(each for each in view.walk.step.writes if each.name == figure.matrix)
    return matrix, float(matrix.values[figure.row, figure.column])


def _say_agree(figures: list[KnownFigure], author: str) -> str:
    """Say how many figures, published and by the rule, agree with the computed numbers."""
    published = sum(figure.published for figure in figures)
    sources = ((published, f"published by {author}"), (len(figures) - published, "by the rule"))
    counts = " and ".join(f"{count} {source}" for count, source in sources if count)
    return f"known figures that agree with the computed ones: {counts}"


def _draw_check(checked: CheckedGradient, width: int, height: int | None) -> list[Strip]:
    forms = list_check_forms(checked, width)
    return next((form for form in forms if height is None or len(form) <= height), forms[-1])
