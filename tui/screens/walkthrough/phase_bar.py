"""The phase bar: the position of the walk in the update, and the bug if there is one."""

from textual.strip import Strip

from gradstep.core.ledger.micro_step import PHASES
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.palette import BAD, DIM, MARKED, PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import format_chosen, format_count
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel

LONGEST_NAME = 16
"""Cells of the longest name of a class, so that it gives way to the numbers."""


class PhaseBar(Panel[WalkView], can_focus=False):
    """Draws three lines: the update and the focus; the phases from forward to check; the network as a formula.

    If there are only two lines, the first names the phase and the update, and the second the focus.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        if height < 3:
            return [
                _draw_current_phase(view, "", f" · update {format_count(view.walk.update.step)}"),
                _draw_focus(view, width),
            ]
        return [self._draw_position(view, width), self._draw_phases(view, width), draw_composition(view, width)]

    def _draw_position(self, view: WalkView, width: int) -> Strip:
        """The update and the focus. The optimizer and the rate give way first, and then the name of the input.

        … stands for what is left out.
        """
        walk, update = view.walk, view.walk.update
        style = BAD if view.bug else PLAIN
        before = [
            f"update {format_count(update.step)}",
            *([f"bug: {view.bug.name}"] if view.bug else []),
            f"example {walk.focus.example + 1} of {update.batch}",
        ]
        after = [f"rate {format_chosen(update.learning_rate)}", update.optimizer.name]
        named, nameless = _describe_neuron(view, named=True), _describe_neuron(view, named=False)
        forms = [[*before, *named, *after[:count]] for count in (2, 1, 0)]
        forms += [[*before, *nameless]]
        forms += [[*before[:-1], *_describe_briefly(view)], [before[0], *_describe_briefly(view)]]
        forms += [[*before, *nameless[:count]] for count in (1, 0)]
        forms += [before[:count] for count in (2, 1)]
        whole, *shorter = (" · ".join(form) for form in forms)
        return make_line((longest_fitting([whole, *(f"{form} · …" for form in shorter), shorter[-1]], width), style))

    def _draw_phases(self, view: WalkView, width: int) -> Strip:
        pieces: list[Piece] = []
        for index, phase in enumerate(PHASES):
            current = phase == view.walk.step.phase
            pieces += [(" ▸ " if index else "", DIM), (f" {phase} " if current else phase, MARKED if current else DIM)]
        pieces.append((f"   {view.walk.index + 1} of {len(view.walk.steps)}", DIM))
        whole = make_line(*pieces)
        return whole if whole.cell_length <= width else _draw_current_phase(view, "micro-step ", "")


def _draw_current_phase(view: WalkView, before: str, after: str) -> Strip:
    """The current phase alone, and the index of the micro-step."""
    index = f" {before}{view.walk.index + 1} of {len(view.walk.steps)}"
    return make_line((f" {view.walk.step.phase} ", MARKED), (index, DIM), (after, BAD if view.bug else PLAIN))


def _describe_neuron(view: WalkView, named: bool) -> list[str]:
    """The layer, neuron and weight in focus; of a micro-step that is of no layer the output in focus.

    The input that the weight reads is `named` if it has a name.
    """
    walk = view.walk
    layer_number, focus = walk.layer_number, walk.focus
    neuron = focus.neurons[layer_number - 1] + 1
    if not walk.step.layer:
        return [f"output {neuron}{_class_of_neuron(view)}"]
    weight, inputs = focus.weights[layer_number - 1], walk.update.layers[layer_number - 1].inputs.shape[1]
    return [
        f"layer {layer_number}, neuron {neuron}{_class_of_neuron(view)}",
        "its bias b" if weight == inputs else f"weight {weight + 1} of {inputs}{_name_of_input(view) if named else ''}",
    ]


def _describe_briefly(view: WalkView) -> list[str]:
    """The example, and the layer, neuron and weight in focus, without names."""
    walk = view.walk
    layer_number, focus = walk.layer_number, walk.focus
    example, neuron = f"ex {focus.example + 1}", focus.neurons[layer_number - 1] + 1
    if not walk.step.layer:
        return [example, f"output {neuron}"]
    weight, inputs = focus.weights[layer_number - 1], walk.update.layers[layer_number - 1].inputs.shape[1]
    return [example, f"layer {layer_number}, n {neuron}", "its bias b" if weight == inputs else f"weight {weight + 1}"]


def _draw_focus(view: WalkView, width: int) -> Strip:
    """The bug and the neuron; without a bug the example, layer, neuron and weight in focus, as many as fit."""
    walk = view.walk
    layer_number, focus = walk.layer_number, walk.focus
    weight, inputs = focus.weights[layer_number - 1], walk.update.layers[layer_number - 1].inputs.shape[1]
    neuron, example = focus.neurons[layer_number - 1] + 1, f"{focus.example + 1} of {walk.update.batch}"
    named = _class_of_neuron(view)
    if view.bug:
        name = f"bug: {view.bug.name}"
        unit = f"neuron {neuron}" if walk.step.layer else f"output {neuron}"
        return make_line((longest_fitting([f"{name} · {unit}{named}", f"{name} · {unit}", name], width), BAD))
    if not walk.step.layer:
        units = [f"output {neuron}{named}", f"output {neuron}"]
        forms = [*(f"{each} {example} · {unit}" for each in ("example", "ex") for unit in units), f"ex {example}"]
        return make_line((longest_fitting(forms, width), PLAIN))
    words, brief = ("bias b", "b") if weight == inputs else (f"weight {weight + 1}", f"in {weight + 1}")
    words += _name_of_input(view)
    forms = [
        f"example {example} · layer {layer_number}, neuron {neuron}{named} · {words}",
        f"example {example} · layer {layer_number}, neuron {neuron} · {words}",
        f"ex {example} · layer {layer_number} · n {neuron}{named} · {brief}",
        f"ex {example} · layer {layer_number} · n {neuron} · {brief}",
        f"layer {layer_number} · n {neuron} · {brief}",
    ]
    return make_line((longest_fitting(forms, width), PLAIN))


def _name_of_input(view: WalkView) -> str:
    """The name of the input of the network that the weight in focus reads, if it reads one."""
    walk = view.walk
    name = view.labels.of_input(walk.focus.weights[0]) if walk.layer_number == 1 else ""
    return f" ({shorten(name, LONGEST_NAME)})" if name else ""


def _class_of_neuron(view: WalkView) -> str:
    """The class of the neuron in focus, if it is an output and each output stands for a class."""
    walk, names = view.walk, view.dataset.class_names
    if walk.layer_number < len(walk.update.layers) or len(names) != walk.update.y.shape[1]:
        return ""
    return f" (class {shorten(names[walk.focus.neurons[-1]], LONGEST_NAME)})"


def draw_composition(view: WalkView, width: int) -> Strip:
    """The network as nested functions, the current layer in bold; the current layer alone if not all fit.

    A layer has its number behind the letter, as in the names of the matrices: a subscript is that of a neuron.
    """
    layers, current = view.walk.update.layers, view.walk.step.layer
    before: list[Piece] = [(spell_out("ŷ = "), DIM)]
    after: list[Piece] = []
    for layer_number in range(len(layers), 0, -1):
        style = STRONG if layer_number == current else DIM
        before.append((f"{layers[layer_number - 1].activation.name}(W{layer_number}·", style))
        after.insert(0, (f" + b{layer_number})", style))
    whole = make_line(*before, ("x", DIM), *after)
    if whole.cell_length <= width:
        return whole
    layer_number = current or len(layers)
    n, name = layer_number, layers[layer_number - 1].activation.name
    inputs = "x" if n == 1 else f"a{n - 1}"
    return make_line((f"a{n} = {name}(W{n}·{inputs} + b{n})", STRONG))
