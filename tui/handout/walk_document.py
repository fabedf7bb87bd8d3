"""An update as a document: every micro-step in words, as a formula, with its numbers, and with its matrices."""

from collections.abc import Iterator

from gradstep.core.ledger.forward import parameters_matrix
from gradstep.core.ledger.micro_step import PHASES, Focus, MicroStep
from gradstep.core.notation import results_with
from gradstep.core.training.update import Update
from gradstep.tui.drawing.unit_names import NetworkNames
from gradstep.tui.handout.document import Block, Code, Document, Formulas, Heading, Words, clean_name
from gradstep.tui.handout.ledger_lines import join_lines
from gradstep.tui.handout.matrix_part import make_table
from gradstep.tui.handout.network_drawing import NetworkDrawing, draw_network
from gradstep.tui.session.walk import Walk, start_walk

DIGITS = 6
"""Significant digits of a result on paper."""

NOTATION = (
    "A number behind a letter is that of a layer, as in W2 and a1; a subscript is that of a neuron, an input or an "
    f"output, as in a₁. Results have {DIGITS} significant digits, and the numbers of a formula as many as it takes to "
    "get them with a pocket calculator."
)


def make_walk_document(update: Update, names: NetworkNames, title: str) -> Document:
    """Make the document of an update; `title` says of which run it is."""
    heading = f"Update {update.step} of {clean_name(title)}"
    with results_with(DIGITS):
        walk = start_walk(update, tuple(map(clean_name, names.outputs)))
        blocks = (Heading(heading, 1), *_introduce(walk, names), *_write_phases(walk, names))
    return Document(heading, tuple(blocks))


def draw_network_of(update: Update, names: NetworkNames, example: int, inputs: str, layer: str) -> NetworkDrawing:
    """Draw the network of an update with an example; `inputs` and `layer` are the words for the titles."""
    titles = [f"{layer} {number}: {each.activation.name}" for number, each in enumerate(update.layers, start=1)]
    texts = [
        tuple(clean_name(names.brief(at, i)) for i in range(count)) if given else ()
        for at, count, given in (
            (0, update.x.shape[1], names.inputs),
            (len(update.layers), update.y.shape[1], names.outputs),
        )
    ]
    return draw_network(update, example, texts[0], texts[1], (inputs, *titles))


def _introduce(walk: Walk, names: NetworkNames) -> Iterator[Block]:
    update, focus = walk.update, walk.focus
    many = f"a batch of {update.batch} examples" if update.batch > 1 else "one example"
    yield Words(
        f"In epoch {update.epoch}, with {update.optimizer.name} and the learning rate α = {update.learning_rate:g}, on "
        f"{many}. The loss is {update.loss_function.name}: {update.loss_function.convention}."
    )
    drawing = draw_network_of(update, names, focus.example, "inputs", "layer")
    yield drawing
    yield Words(_describe_drawing(drawing, focus.example), is_note=True)
    yield Words(f"{NOTATION} {_describe_focus(focus)}", is_note=True)
    if not drawing.shows_every_number:
        for layer_number, layer in enumerate(update.layers, start=1):
            yield make_table(parameters_matrix(layer_number, layer), focus, names)


def _describe_drawing(drawing: NetworkDrawing, example: int) -> str:
    left_out = f" {drawing.left_out} units are not drawn." if drawing.left_out else ""
    return (
        f"Before the update, with the inputs x and the targets y of example {example + 1}. Dashed: weights below 0."
        + left_out
    )


def _describe_focus(focus: Focus) -> str:
    neurons = ", ".join(f"neuron {j + 1} of layer {number}" for number, j in enumerate(focus.neurons, start=1))
    return (
        f"Formulas are written out for example {focus.example + 1}, {neurons}, and one weight of each; in the tables "
        "their numbers are bold."
    )


def _write_phases(walk: Walk, names: NetworkNames) -> Iterator[Block]:
    for phase in PHASES:
        yield Heading(phase.capitalize(), 2)
        for step in walk.steps:
            if step.phase == phase:
                yield from _write_micro_step(step, walk, names)


def _write_micro_step(step: MicroStep, walk: Walk, names: NetworkNames) -> Iterator[Block]:
    written = step.at(walk.focus)
    yield Heading(step.title)
    yield Words(step.words)
    yield Formulas((step.formula,))
    yield Formulas(tuple(line.with_notes() for line in join_lines(written.lines)))
    yield Code(step.code)
    for matrix in (*step.writes, *written.matrices):
        if matrix.values.size > 1:  # a single number stands in the formula
            yield make_table(matrix, walk.focus, names)
