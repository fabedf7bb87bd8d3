"""What the explorer shows: a neuron with an activation, and the words on its slope and its loss."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.loss import Loss
from gradstep.core.network.weighted_loss import WeightedLoss
from gradstep.core.observation.layer_statistics import find_saturated
from gradstep.core.observation.response_curves import compute_activation_curve, compute_loss_curve
from gradstep.core.observation.snapshot import LayerView, Snapshot
from gradstep.tui.numbers import format_number

NEARLY_FLAT = 0.01
"""An |f′| below this lets next to nothing of a gradient through."""


@dataclass(frozen=True, slots=True, eq=False)
class ExplorerView:
    """The shown neuron of a layer, and the shown activation: the layer's own, or another to compare with.

    - `names` are the classes of the outputs, empty unless each output stands for a class.
    - `layer_index` and `neuron` are indices from 0.
    - `activation` is the name of the shown activation.
    - `loss_alone` hides the plot of the activation.
    """

    snapshot: Snapshot
    loss: Loss
    names: tuple[str, ...]
    layer_index: int
    neuron: int
    activation: str
    loss_alone: bool = False

    @property
    def layer_view(self) -> LayerView:
        """The shown layer in the snapshot."""
        return self.snapshot.layers[self.layer_index]

    @property
    def z(self) -> float:
        """The pre-activation of the shown neuron."""
        return float(self.layer_view.z[self.neuron])

    @property
    def is_own(self) -> bool:
        """Whether the shown activation is the layer's own."""
        return self.activation == self.layer_view.activation

    @property
    def is_output(self) -> bool:
        """Whether the shown layer is the output layer."""
        return self.layer_index == len(self.snapshot.layers) - 1

    @property
    def output(self) -> int:
        """The index of the output whose loss is shown: the shown neuron, or in a hidden layer the largest target."""
        return self.neuron if self.is_output else int(np.argmax(self.snapshot.example.y))

    def with_neuron(self, layer_index: int, neuron: int) -> "ExplorerView":
        """Return the view of another neuron.

        `layer_index` is clamped, and `neuron` wraps around. A new layer shows its own activation.
        """
        layer_index = min(max(layer_index, 0), len(self.snapshot.layers) - 1)
        other = self.snapshot.layers[layer_index]
        activation = self.activation if layer_index == self.layer_index else other.activation
        return replace(self, layer_index=layer_index, neuron=neuron % len(other.z), activation=activation)

    def with_activation(self, direction: int) -> "ExplorerView":
        """Return the view with the next (1) or previous (−1) activation."""
        names = list(ACTIVATIONS)
        return replace(self, activation=names[(names.index(self.activation) + direction) % len(names)])

    def values(self) -> tuple[float, float]:
        """Compute f and f′ at the neuron's z."""
        a, slope = compute_activation_curve(
            ACTIVATIONS[self.activation], self.layer_view.z, self.neuron, np.array([self.z])
        )
        return float(a[0]), float(slope[0])

    def loss_values(self) -> tuple[float, float]:
        """Compute the example's loss E, and its slope δ at the output's z."""
        last, example = self.snapshot.layers[-1], self.snapshot.example
        loss, delta = compute_loss_curve(self.loss, last.z, example.y, self.output, last.z[[self.output]])
        return float(loss[0]), float(delta[0])


def describe_slope(view: ExplorerView) -> str:
    """Describe in words what the activation does to the gradient that comes back through this neuron."""
    activation, (a, slope) = ACTIVATIONS[view.activation], view.values()
    if not np.isfinite(slope):
        return "z is no longer a finite number: training has diverged."
    if view.is_output and view.is_own and view.loss.cancels_slope:
        if isinstance(view.loss, WeightedLoss):
            return "At the output f′ cancels out: with this loss δ is ŷ − y times the weight of the target's class."
        return "At the output f′ cancels out: with this loss δ is simply ŷ − y, output minus target."
    shown_slope = "1" if slope == 1 else format_number(slope, 0)
    learners = (
        "this neuron learns" if view.layer_index == 0 else "this neuron, and through it the layers before it, learn"
    )
    if not activation.has_slope:
        flat = f"A {activation.name} is flat everywhere: f′ is 0, no gradient goes through"
        return f"{flat}, and {learners} nothing from any example."
    if slope == 0:
        why = "The curve is flat here"
        if activation.can_be_silent:
            why = f"z is not above {activation.kink:g}, so {activation.name} is silent"
        return f"{why}: f′ is 0, and {learners} nothing from this example."
    is_saturated, little = find_saturated(activation, np.array([a]))[0], abs(slope) < NEARLY_FLAT
    if is_saturated or little:
        flat = f"This is the flat end of {activation.name}, the neuron is saturated: " if is_saturated else ""
        much = "next to nothing" if little else "little"
        return f"{flat}f′ is {shown_slope} here, and {learners} {much} from this example."
    return f"f′ is {shown_slope}: {activation.describe_slope(slope)}"


def describe_delta(delta: float) -> str:
    """Describe in words how z has to change to make the loss smaller, from its slope δ."""
    if not np.isfinite(delta):
        return "The loss is no longer a finite number."
    if abs(delta) < 5e-5:
        return "The curve is flat here: δ is nearly 0."
    way = "smaller" if delta > 0 else "larger"
    return f"The slope is δ: to make the loss smaller, this z has to become {way}."
