"""What the explorer looks at, and what it says of it."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.losses import OutputLoss
from gradstep.core.observation.response_curves import activation_curve, loss_curve
from gradstep.core.observation.snapshot import LayerView, Snapshot
from gradstep.tui.numbers import format_number

SATURATED = 0.01
"""An f′ below which next to nothing comes through."""

FLAT = ("sigmoid", "tanh")


@dataclass(frozen=True, slots=True, eq=False)
class ExplorerView:
    """A neuron of a layer (both from 0), and the activation that is looked at: the layer's own, or another.

    `names` are the classes of the outputs, if each output stands for one.
    """

    snapshot: Snapshot
    loss: OutputLoss
    names: tuple[str, ...]
    layer: int
    neuron: int
    activation: str
    loss_alone: bool = False

    @property
    def here(self) -> LayerView:
        return self.snapshot.layers[self.layer]

    @property
    def z(self) -> float:
        return float(self.here.z[self.neuron])

    @property
    def is_own(self) -> bool:
        """Whether the activation is the one that the layer has."""
        return self.activation == self.here.activation

    @property
    def is_output(self) -> bool:
        return self.layer == len(self.snapshot.layers) - 1

    @property
    def output(self) -> int:
        """The output whose loss is looked at: the chosen neuron, or elsewhere the output that should be largest."""
        return self.neuron if self.is_output else int(np.argmax(self.snapshot.example.y))

    def at(self, layer: int, neuron: int) -> "ExplorerView":
        """Look at another neuron, clamped to what is there; another layer comes with its own activation."""
        layer = min(max(layer, 0), len(self.snapshot.layers) - 1)
        there = self.snapshot.layers[layer]
        activation = self.activation if layer == self.layer else there.activation
        return replace(self, layer=layer, neuron=neuron % len(there.z), activation=activation)

    def with_activation(self, direction: int) -> "ExplorerView":
        """Compare with the next (1) or previous (−1) activation."""
        names = list(ACTIVATIONS)
        return replace(self, activation=names[(names.index(self.activation) + direction) % len(names)])

    def values(self) -> tuple[float, float]:
        """f and f′ at the neuron's z."""
        a, slope = activation_curve(ACTIVATIONS[self.activation], self.here.z, self.neuron, np.array([self.z]))
        return float(a[0]), float(slope[0])

    def loss_values(self) -> tuple[float, float]:
        """The example's loss E, and its slope δ at the output's z."""
        last, example = self.snapshot.layers[-1], self.snapshot.example
        loss, delta = loss_curve(self.loss, last.z, example.y, self.output, last.z[[self.output]])
        return float(loss[0]), float(delta[0])


def describe_slope(exploring: ExplorerView) -> str:
    """What the activation does to the gradient that comes back through this neuron, in words."""
    name, (_, slope) = exploring.activation, exploring.values()
    if not np.isfinite(slope):
        return "z is no longer a finite number: training has diverged."
    if exploring.is_output and exploring.is_own and exploring.loss.name.endswith("cross_entropy"):
        return (
            "At the output f′ does not stand in the way: with this loss δ is simply ŷ − y, what came less what should."
        )
    slope_text = format_number(slope, 0)
    below = "this neuron learns" if exploring.layer == 0 else "this neuron, and what is below it by way of it, learns"
    if name == "step":
        return f"A step is flat wherever you stand: f′ is 0, nothing comes back, and {below} nothing from any example."
    if slope == 0:
        silent = "z is not above 0, so relu is silent: " if name == "relu" else "The curve is flat here: "
        return f"{silent}f′ is 0, and {below} nothing from this example."
    if abs(slope) < SATURATED:
        flat = f"This is the flat end of {name}, the neuron is saturated: " if name in FLAT else ""
        return f"{flat}f′ is {slope_text} here, and {below} next to nothing from this example."
    if name in ("relu", "linear"):
        return "f′ is 1: what comes back goes through as it is."
    if name == "leaky_relu":
        return f"f′ is {slope_text}: " + (
            "all comes through." if slope == 1 else "a little comes through, where relu lets nothing."
        )
    return f"f′ is {slope_text}: of what comes back, that share goes through to the weights of this neuron and below."


def describe_delta(delta: float) -> str:
    """What the slope of the loss at the output's z asks for."""
    if not np.isfinite(delta):
        return "The loss is no longer a finite number."
    if abs(delta) < 5e-5:
        return "The curve is flat here: this output asks for next to nothing."
    way = "smaller" if delta > 0 else "larger"
    return f"The slope is δ: to make the loss smaller, this z has to become {way}."
