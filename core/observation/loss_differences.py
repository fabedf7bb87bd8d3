"""The losses of some examples of an update while one pre-activation is moved up and down, from its layer on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.training.update import Update

ROUNDINGS = 4
"""How many units of the last digit a number of backprop may be off by."""


@dataclass(frozen=True, slots=True, eq=False)
class LossDifferences:
    """What moves of one pre-activation do to the losses, for each move and each example; all (moves, examples).

    `above` and `below` are the loss E with the pre-activation moved up and down. `crossed` says that some unit is on
    different sides of its activation's kink: E has no derivative in between.
    """

    above: Floats
    below: Floats
    crossed: NDArray[np.bool_]


class ForwardFromNeuron:
    """The forward pass of some examples from one neuron on, in float64. What comes before is fixed.

    Each layer adds what has changed to the recorded pre-activations, so that little is rounded away.
    """

    def __init__(
        self, update: Update, layer_number: int, neuron: int, rows: Indices, weights_of: Callable[[int], Floats]
    ) -> None:
        """`rows` are indices into the batch. `weights_of` returns W of a layer by its index, in float64."""
        self._update, self._rows, self._weights_of = update, rows, weights_of
        self._first, self._last, self._neuron = layer_number - 1, len(update.layers) - 1, neuron
        self._own = self._take(update.layers[self._first].z[:, neuron])
        self._z = {index: self._take(update.layers[index].z) for index in range(self._first + 1, self._last + 1)}
        if self._first == self._last:
            self._z[self._last] = self._take(update.layers[-1].z)
        self._y = self._take(update.y)
        self.losses: Floats = self._compute_losses(self._z[self._last][None])[0]

    def compare(self, moves: Floats) -> LossDifferences:
        """Move the pre-activation up and down by `moves` (moves, examples), and compare the losses."""
        crossed = np.zeros(moves.shape, dtype=bool)
        for index, z in self._move(moves):
            kink, (above, below) = self._update.layers[index].activation.kink, np.split(z, 2)
            if kink is not None:
                crossed |= ((above > kink) != (below > kink)).any(axis=2)
        above, below = np.split(self._compute_losses(z), 2)
        return LossDifferences(above, below, crossed)

    def estimate_rounding(self) -> Floats:
        """Return how much of each difference of two losses may be due to rounding (examples,)."""
        layers, size = self._update.layers, np.abs(self.losses)
        for index, z in self._z.items():
            size = size + np.abs(self._take(layers[index].delta) * z).sum(axis=1)
        size += np.abs(self._take(layers[self._first].delta[:, self._neuron]) * self._own)
        if self._update.loss_function.needs_probabilities:  # computed from the logits
            size += self._update.loss_function.weigh(self._y) * np.abs(self._z[self._last]).max(axis=1)
        return np.finfo(np.float64).eps * size

    def estimate_resolution(self, move: Floats) -> Floats:
        """Return how much of each difference of two losses backprop may miss by rounding, for one `move` (examples,).

        In backprop the slope f′ and ŷ − y are differences of rounded numbers.
        """
        last = self._z[self._last]
        total = np.zeros(len(move))
        for index, (above, below) in self._move(move[None]):
            gradient = self._update.layers[index].activation_gradient
            if gradient is None:
                scale = np.maximum(1.0, np.maximum(np.abs(last), np.abs(self._y)))
                scale = scale * self._update.loss_function.weigh(self._y)[:, None]
            else:
                scale = np.abs(self._take(gradient[:, [self._neuron]] if index == self._first else gradient))
            total += (np.abs(above - below) * scale).sum(axis=1)
        return ROUNDINGS * float(np.finfo(self._update.x.dtype).eps) * total

    def _move(self, moves: Floats) -> Iterator[tuple[int, Floats]]:
        """Yield each layer's index and pre-activations (2 · moves, examples, units): moved up, then moved down.

        Of the first layer only the neuron's own is given, unless it is the output.
        """
        own = self._own + np.concatenate((moves, -moves))
        if self._first == self._last:
            z = np.repeat(self._z[self._last][None], len(own), axis=0)
            z[:, :, self._neuron] = own
            yield self._last, z
            return
        yield self._first, own[:, :, None]
        changes = self._activate(self._first, own) - self._activate(self._first, self._own)
        z = self._z[self._first + 1] + changes[:, :, None] * self._weights_of(self._first + 1)[:, self._neuron]
        for index in range(self._first + 1, self._last):
            yield index, z
            changes = self._activate(index, z) - self._activate(index, self._z[index])
            z = self._z[index + 1] + changes @ self._weights_of(index + 1).T
        yield self._last, z

    def _activate(self, index: int, z: Floats) -> Floats:
        a = np.empty_like(z)
        self._update.layers[index].activation.f(z, a)
        return a

    def _compute_losses(self, z: Floats) -> Floats:
        """Return E of each move and example, from the outputs' pre-activations (moves, examples, outputs)."""
        flat = z.reshape(-1, z.shape[2])
        y = np.broadcast_to(self._y, z.shape).reshape(flat.shape)
        losses = self._update.loss_function.per_example(flat, self._activate(self._last, flat), y)
        return losses.reshape(z.shape[:2])

    def _take(self, values: Floats) -> Floats:
        taken: Floats = values[self._rows].astype(np.float64)
        return taken
