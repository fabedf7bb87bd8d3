"""A walk through one update: the current micro-step, and the neurons, weights and example it is shown for."""

from dataclasses import dataclass, field, replace

import numpy as np

from gradstep.core.ledger.micro_step import PHASES, Focus, MicroStep, WrittenOut
from gradstep.core.ledger.order import micro_steps
from gradstep.core.training.update import Update


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The micro-steps of an update, the index of the current one, and the focus that its numbers are of.

    A micro-step of many terms takes long to write out, so what is `written_out` for this focus is kept.
    """

    update: Update
    steps: tuple[MicroStep, ...]
    index: int
    focus: Focus
    written_out: dict[str, WrittenOut] = field(default_factory=dict, repr=False)

    @property
    def step(self) -> MicroStep:
        """The current micro-step."""
        return self.steps[self.index]

    @property
    def written(self) -> WrittenOut:
        """The current micro-step with the numbers of the focus."""
        return self._write_out(self.step)

    def _write_out(self, step: MicroStep) -> WrittenOut:
        if step.key not in self.written_out:
            self.written_out[step.key] = step.at(self.focus)
        return self.written_out[step.key]

    def with_focus(self, focus: Focus) -> "Walk":
        """The same micro-step with the numbers of another focus."""
        return replace(self, focus=focus, written_out={})

    def move(self, direction: int) -> "Walk | None":
        """One micro-step on (1) or back (−1); None past either end."""
        index = self.index + direction
        return replace(self, index=index) if 0 <= index < len(self.steps) else None

    def move_to_phase(self, direction: int) -> "Walk":
        """At the beginning of the next (1) or previous (−1) phase; at the ends as far as it goes."""
        phase = PHASES.index(self.step.phase)
        starts = [next(i for i, step in enumerate(self.steps) if step.phase == name) for name in PHASES]
        if direction < 0 and self.index > starts[phase]:
            return replace(self, index=starts[phase])
        return replace(self, index=starts[min(max(phase + direction, 0), len(PHASES) - 1)])

    def with_neuron(self, direction: int) -> "Walk":
        """The next or previous neuron of the current layer."""
        neurons = list(self.focus.neurons)
        layer = self.layer - 1
        neurons[layer] = (neurons[layer] + direction) % self.update.layers[layer].z.shape[1]
        return self.with_focus(replace(self.focus, neurons=tuple(neurons)))

    def with_weight(self, direction: int) -> "Walk":
        """The next or previous input of the chosen neuron; after the last comes the bias."""
        weights = list(self.focus.weights)
        layer = self.layer - 1
        weights[layer] = (weights[layer] + direction) % self.update.layers[layer].old.shape[1]
        return self.with_focus(replace(self.focus, weights=tuple(weights)))

    def with_example(self, direction: int) -> "Walk":
        """The next or previous example of the batch."""
        return self.with_focus(replace(self.focus, example=(self.focus.example + direction) % self.update.batch))

    @property
    def layer(self) -> int:
        """The layer whose neuron and weight the keys choose: that of the micro-step, else the output layer."""
        return self.step.layer or len(self.update.layers)

    def so_far(self, key: str) -> float | None:
        """The result of the micro-step called `key`; None while it lies ahead, or if this update has none."""
        for step in self.steps[: self.index + 1]:
            if step.key == key:
                return self._write_out(step).result
        return None

    def number_in(self, key: str, table: str, row: int, column: int) -> float:
        """An entry of a matrix that the micro-step called `key` writes."""
        step = next(step for step in self.steps if step.key == key)
        return float(next(each for each in step.writes if each.name == table).values[row, column])


def start_walk(update: Update) -> Walk:
    """Begin at the first micro-step. Chosen are, in each layer, the most active neuron and the weight that adds most to
    it; in the output layer the target class.
    """
    neurons, weights = [], []
    for number, layer in enumerate(update.layers, start=1):
        last = number == len(update.layers)
        neuron = int(np.argmax(update.y[0] if last else np.abs(layer.a[0])))
        neurons.append(neuron)
        weights.append(int(np.argmax(np.abs(layer.old[neuron, :-1] * layer.inputs[0]))))
    return Walk(update, micro_steps(update), 0, Focus(0, tuple(neurons), tuple(weights)))


def walk_at(walk: Walk, update: Update, index: int) -> Walk:
    """The walk through another update of the same run, with the same neurons and weights chosen."""
    steps = micro_steps(update)
    focus = replace(walk.focus, example=min(walk.focus.example, update.batch - 1))
    return Walk(update, steps, index % len(steps), focus)
