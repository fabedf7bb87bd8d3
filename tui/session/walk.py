"""A walk through one update: the current micro-step, and the example, neurons and weights in focus."""

from dataclasses import dataclass, field, replace

import numpy as np

from gradstep.core.ledger.micro_step import PHASES, Focus, MicroStep, WrittenOut
from gradstep.core.ledger.order import micro_steps
from gradstep.core.notation import DIGITS_OF_RESULT, results_with, rounded
from gradstep.core.training.update import Update


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The micro-steps of an update, the index of the current one, and the focus.

    The focus names the example, and the neuron and the weight of each layer, whose numbers are shown. Micro-steps with
    many terms are slow to write out, so `written_out` caches them for this focus, by key. `outputs` names the outputs
    of the network, if they have names. Results are written with so many significant `digits`.
    """

    update: Update
    steps: tuple[MicroStep, ...]
    index: int
    focus: Focus
    outputs: tuple[str, ...] = ()
    digits: int = DIGITS_OF_RESULT
    written_out: dict[str, WrittenOut] = field(default_factory=dict, repr=False)

    @property
    def step(self) -> MicroStep:
        """The current micro-step."""
        return self.steps[self.index]

    @property
    def written(self) -> WrittenOut:
        """The current micro-step, written out with the numbers of the focus."""
        return self._write_out(self.step)

    def _write_out(self, step: MicroStep) -> WrittenOut:
        if step.key not in self.written_out:
            with results_with(self.digits):
                self.written_out[step.key] = step.at(self.focus)
        return self.written_out[step.key]

    @property
    def result(self) -> str:
        """The result of the current micro-step, as it is written."""
        return rounded(self.written.result, self.digits)

    def with_focus(self, focus: Focus) -> "Walk":
        """Return the walk at the same micro-step with another focus."""
        return replace(self, focus=focus, written_out={})

    def move(self, direction: int) -> "Walk | None":
        """Return the walk one micro-step on (1) or back (−1); None past either end."""
        index = self.index + direction
        return replace(self, index=index) if 0 <= index < len(self.steps) else None

    def move_to_phase(self, direction: int) -> "Walk":
        """Return the walk at the start of the next (1) or previous (−1) phase.

        Back goes to the start of the current phase first. Past either end the walk stays at the start of that phase.
        """
        phase = PHASES.index(self.step.phase)
        starts = [next(i for i, step in enumerate(self.steps) if step.phase == name) for name in PHASES]
        if direction < 0 and self.index > starts[phase]:
            return replace(self, index=starts[phase])
        return replace(self, index=starts[min(max(phase + direction, 0), len(PHASES) - 1)])

    def at_phase(self, phase: str) -> "Walk":
        """Return the walk at the first micro-step of this phase."""
        return replace(self, index=next(i for i, step in enumerate(self.steps) if step.phase == phase))

    @property
    def left_in_phase(self) -> int:
        """The number of micro-steps from the current one to the end of its phase."""
        return sum(step.phase == self.step.phase for step in self.steps[self.index :])

    def end_of_phase(self, count: int) -> "Walk | None":
        """Return the walk at the first of the last `count` micro-steps of the phase; None if it computes fewer."""
        indices = [i for i, step in enumerate(self.steps) if step.phase == self.step.phase and step.key != "batch"]
        return replace(self, index=indices[-count]) if count <= len(indices) else None

    def with_neuron(self, direction: int) -> "Walk":
        """Return the walk with the next (1) or previous (−1) neuron of the current layer in focus."""
        neurons = list(self.focus.neurons)
        index = self.layer_number - 1
        neurons[index] = (neurons[index] + direction) % self.update.layers[index].z.shape[1]
        return self.with_focus(replace(self.focus, neurons=tuple(neurons)))

    def with_weight(self, direction: int) -> "Walk":
        """Return the walk with the next or previous input of the neuron in focus; the bias follows the last input."""
        weights = list(self.focus.weights)
        index = self.layer_number - 1
        weights[index] = (weights[index] + direction) % self.update.layers[index].old.shape[1]
        return self.with_focus(replace(self.focus, weights=tuple(weights)))

    def with_example(self, direction: int) -> "Walk":
        """Return the walk with the next or previous example of the batch in focus."""
        return self.with_focus(replace(self.focus, example=(self.focus.example + direction) % self.update.batch))

    @property
    def layer_number(self) -> int:
        """The number, from 1, of the layer in focus: that of the micro-step, or else the output layer."""
        return self.step.layer or len(self.update.layers)

    def result_of(self, key: str) -> float | None:
        """Return the result of the micro-step `key`; None if it is not reached yet or is not in this update."""
        for step in self.steps[: self.index + 1]:
            if step.key == key:
                return self._write_out(step).result
        return None


def start_walk(update: Update, outputs: tuple[str, ...] = (), digits: int = DIGITS_OF_RESULT) -> Walk:
    """Return the walk at the first micro-step of an update; its results have so many significant digits.

    In focus are the example with the largest loss, the most active neuron of each hidden layer and the target class of
    the output layer, each with the weight that contributes most to its z.
    """
    neurons, weights, example = [], [], int(np.argmax(update.losses))
    for layer_number, layer in enumerate(update.layers, start=1):
        last = layer_number == len(update.layers)
        neuron = int(np.argmax(update.y[example] if last else np.abs(layer.a[example])))
        neurons.append(neuron)
        weights.append(int(np.argmax(np.abs(layer.old[neuron, :-1] * layer.inputs[example]))))
    focus = Focus(example, tuple(neurons), tuple(weights))
    return Walk(update, micro_steps(update, outputs), 0, focus, outputs, digits)


def continue_walk(walk: Walk, update: Update, index: int) -> Walk:
    """Return the walk at micro-step `index` of another update, with the same neurons and weights in focus.

    The example stays in focus if it is in that batch too, else the one with the largest loss is.
    """
    steps = micro_steps(update, walk.outputs)
    same = np.flatnonzero(update.rows == walk.update.rows[walk.focus.example])
    focus = replace(walk.focus, example=int(same[0] if len(same) else np.argmax(update.losses)))
    return Walk(update, steps, index % len(steps), focus, walk.outputs, walk.digits)
