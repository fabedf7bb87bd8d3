"""A worksheet for a class: one update of a small network with blanks, and the answers on pages of their own."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from gradstep.core.errors import GradstepError
from gradstep.core.ledger.micro_step import PHASES
from gradstep.core.notation import results_with, rounded, subscript
from gradstep.core.training.update import Update
from gradstep.data.course.language import Language
from gradstep.tui.drawing.unit_names import NetworkNames
from gradstep.tui.handout.document import BLANK, WORKING, Block, Document, Formulas, Heading, PageBreak, Table, Words
from gradstep.tui.handout.sheet_steps import DIGITS, Entry, SheetStep, list_sheet_steps
from gradstep.tui.handout.sheet_words import WORDS, SheetWords
from gradstep.tui.handout.walk_document import draw_network_of
from gradstep.tui.session.walk import start_walk

Blanks = Literal["last", "backward", "all"]
"""The micro-steps whose results are left blank: the last of each phase, those of the backward pass, or all."""

MOST_PARAMETERS = 60
"""A network with more weights and biases has no room on a worksheet."""

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+−-]?\d+)?")


def check_size(parameters: int) -> None:
    """Raise GradstepError for a network with so many weights and biases that a worksheet has no room for it."""
    if parameters > MOST_PARAMETERS:
        raise GradstepError(
            f"a worksheet has room for {MOST_PARAMETERS} weights and biases, and this network has {parameters:,}: "
            "it needs fewer inputs, or fewer neurons in network.hidden"
        )


def make_worksheet(
    update: Update, names: NetworkNames, label: str, blanks: Blanks, language: Language, answers: bool
) -> Document:
    """Make the sheet of an update, and after it the answers, if they are wanted. `label` says which sheet it is."""
    with results_with(DIGITS):
        sheet = _Sheet(update, names, blanks, WORDS[language])
        title = f"{sheet.words.title} ({label})"
        blocks = [Heading(title, 1), *sheet.introduce(), *sheet.ask()]
        if answers:
            blocks += [PageBreak(), Heading(f"{sheet.words.answers_title} ({label})", 1), *sheet.answer()]
    return Document(title, tuple(blocks), language)


def choose_blank_steps(steps: Sequence[SheetStep], blanks: Blanks) -> set[str]:
    """Return the keys of the micro-steps whose results are blank."""
    match blanks:
        case "last":
            return {[step.key for step in steps if step.phase == phase][-1] for phase in PHASES}
        case "backward":
            return {step.key for step in steps if step.phase == "backward"}
    return {step.key for step in steps}


def _name_columns(layer_number: int, rows: Sequence[Sequence[object]]) -> tuple[str, ...]:
    """Name the columns of a layer's parameters by what each weight reads."""
    letter = "x" if layer_number == 1 else "a"
    return (*(f"{letter}{subscript(k)}" for k in range(len(rows[0]) - 1)), "b")


class _Sheet:
    """Writes the parts of a worksheet."""

    def __init__(self, update: Update, names: NetworkNames, blanks: Blanks, words: SheetWords) -> None:
        self.update, self.names, self.words = update, names, words
        self.walk = start_walk(update)
        self.steps = list_sheet_steps(self.walk)
        self.blanks = choose_blank_steps(self.steps, blanks)
        results: dict[bool, set[str]] = {True: set(), False: set()}
        for step in self.steps:
            results[step.key in self.blanks] |= {rounded(abs(entry.value), DIGITS) for entry in step.entries}
        self._secrets = results[True] - results[False]

    def introduce(self) -> Iterator[Block]:
        """Yield what is given: the task, the network, and the rules of rounding."""
        words, update, example = self.words, self.update, self.walk.focus.example
        yield Words(words.name_line.format(working=WORKING, blank=BLANK))
        yield Words(words.task)
        drawing = draw_network_of(update, self.names, example, words.inputs, words.layer)
        yield drawing
        dashed = any(edge.weight < 0 for edges in drawing.edges for edge in edges)
        yield Words(f"{words.network}{f' {words.dashed}' if dashed else ''} {words.notation}", is_note=True)
        if not drawing.shows_every_number:
            for number, layer in enumerate(update.layers, start=1):
                texts = [[rounded(value, DIGITS) for value in row] for row in layer.old.tolist()]
                yield Table("", (f"W{number}|b{number}", *_name_columns(number, texts)), self._name_rows(texts))
        yield Formulas(tuple(self._list_given()))
        yield Words(words.rounding.format(digits=DIGITS))
        if not update.train_biases:
            yield Words(words.frozen)
        if update.layers[0].memory:
            yield Words(words.memory)

    def _list_given(self) -> Iterator[str]:
        update, words = self.update, self.words
        constants = [f"α = {update.learning_rate:g} ({words.learning_rate})"]
        constants += [f"{name} = {value:g}" for name, value in (("l1", update.l1), ("l2", update.l2)) if value]
        constants += [f"N = {update.batch}"] if update.batch > 1 else []
        yield ",   ".join(constants)
        for layer in {layer.activation.name: layer for layer in update.layers}.values():
            name, activation = layer.activation.name, layer.activation
            slope = f",   f′(z) = {activation.derivative_formula}" if activation.is_elementwise else ""
            yield self._translate(f"{name}: f(z) = {activation.formula}{slope}")

    def ask(self) -> Iterator[Block]:
        """Yield the micro-steps, with blanks for the results to find."""
        phase = ""
        for number, step in enumerate(self.steps, start=1):
            if step.phase != phase:
                phase = step.phase
                yield Heading(self.words.phases[phase], 2)
            yield self._head(number, step)
            yield from self._give_others(step)
            if step.is_matrix:
                yield self._fill_matrix(step, step.key in self.blanks)
            elif step.key in self.blanks:
                yield Formulas(tuple(f"{entry.symbol} = {WORKING} = {BLANK}" for entry in step.entries))
            else:
                yield Formulas(tuple(line for entry in step.entries for line in self._show(entry)))

    def answer(self) -> Iterator[Block]:
        """Yield the results of the blank micro-steps, with the equations that lead to them."""
        for number, step in enumerate(self.steps, start=1):
            if step.key not in self.blanks:
                continue
            yield self._head(number, step)
            if step.is_matrix:
                yield self._fill_matrix(step, False)
            # of a layer's parameters the first neuron stands for all: the others are computed in the same way
            entries = step.rows[0] if step.is_matrix else step.entries
            lines = [line for entry in entries for line in entry.equations or (f"{entry.symbol} = {entry.text}",)]
            yield Formulas(tuple(map(self._translate, lines)))

    def _head(self, number: int, step: SheetStep) -> Heading:
        title = self.words.steps.get(step.kind, step.kind)
        if step.layer:
            title = self.words.of_layer.format(layer=step.layer, step=title)
        return Heading(f"{number}. {title}", formula=self._translate(step.formula))

    def _give_others(self, step: SheetStep) -> Iterator[Block]:
        """Yield what the other examples of the batch add to a sum, which nobody computes on this sheet."""
        if step.others and step.layer:
            caption = self.words.others.format(count=self.update.batch - 1)
            yield Table(caption, ("", *_name_columns(step.layer, step.rows)), self._name_rows(step.others))
        elif step.others:
            yield Words(f"{self.words.others_of_loss.format(count=self.update.batch - 1)} {step.others[0][0]}")

    def _fill_matrix(self, step: SheetStep, blank: bool) -> Table:
        """Make the table of a layer's parameters; frozen biases are no question."""
        frozen = step.kind == "new" and not self.update.train_biases
        rows = tuple(
            tuple(BLANK if blank and not (frozen and k == len(row) - 1) else entry.text for k, entry in enumerate(row))
            for row in step.rows
        )
        parameters = f"W{step.layer}|b{step.layer}"
        name = {"new": parameters, "∂": f"∂E/∂{parameters}"}.get(step.kind, "g")
        return Table("", (name, *_name_columns(step.layer, step.rows)), self._name_rows(rows))

    def _name_rows(self, rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
        return tuple((f"{self.words.neuron} {j}", *cells) for j, cells in enumerate(rows, start=1))

    def _show(self, entry: Entry) -> tuple[str, ...]:
        """Return the equations of a result that is given; the result alone if they would tell one that is blank."""
        told = {
            rounded(float(number.replace("−", "-")), DIGITS)
            for line in entry.equations
            for number in NUMBER.findall(line)
        }
        if not entry.equations or told & self._secrets:
            return (f"{entry.symbol} = {entry.text}",)
        return tuple(map(self._translate, entry.equations))

    def _translate(self, line: str) -> str:
        for word, translated in self.words.line_words.items():
            line = line.replace(word, translated)
        return line
