"""The immutable record of a moment of training that screens and reports read."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.activations import Floats
from core.diagnostics import LayerStatistics, layer_statistics
from core.history import Curve, Samples
from core.network import Pass
from core.trainer import Trainer


@dataclass(frozen=True, slots=True)
class Example:
    """One row of one part of the data."""

    part: Literal["training", "test"]
    row: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LayerView:
    """One layer: its parameters W (units, inputs) and b (units,), and z and a (units,) of the example."""

    activation: str
    weights: Floats
    biases: Floats
    z: Floats
    a: Floats
    statistics: LayerStatistics | None
    """None before the first update."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExampleView:
    """One example as the network sees it: scaled inputs x, target y, its loss; classes None for regression."""

    example: Example
    x: Floats
    y: Floats
    loss: float
    true_class: int | None
    predicted_class: int | None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Snapshot:
    """A moment of training after `step` updates. `batch_loss` is None before the first."""

    step: int
    epoch: int
    steps_per_epoch: int
    learning_rate: float
    batch_loss: float | None
    example: ExampleView
    layers: tuple[LayerView, ...]
    curve: Curve
    samples: Samples
    rates: tuple[tuple[int, float], ...]


@np.errstate(all="ignore")
def take_snapshot(trainer: Trainer, example: Example) -> Snapshot:
    """Copy what a person may look at; the trainer goes on unchanged."""
    work = Pass(trainer.network, 1)
    view = _example_view(trainer, example, work)
    return Snapshot(
        step=trainer.step,
        epoch=trainer.epoch,
        steps_per_epoch=trainer.steps_per_epoch,
        learning_rate=trainer.learning_rate,
        batch_loss=trainer.batch_loss,
        example=view,
        layers=_layer_views(trainer, work),
        curve=trainer.history.curve(),
        samples=trainer.history.samples(),
        rates=trainer.history.rates,
    )


def _example_view(trainer: Trainer, example: Example, work: Pass) -> ExampleView:
    part = trainer.train if example.part == "training" or trainer.test is None else trainer.test
    work.with_ones[0][:] = part.with_ones[example.row]
    y = part.y[example.row : example.row + 1]
    work.forward()
    loss = float(trainer.loss.per_example(work.z[-1], work.a[-1], y)[0])
    true, predicted = (int(trainer.classes(rows)[0]) if trainer.classification else None for rows in (y, work.a[-1]))
    return ExampleView(example, work.x[0].copy(), y[0].copy(), loss, true, predicted)


def _layer_views(trainer: Trainer, work: Pass) -> tuple[LayerView, ...]:
    return tuple(
        LayerView(
            activation=layer.activation.name,
            weights=layer.weights.copy(),
            biases=layer.biases.copy(),
            z=work.z[i][0].copy(),
            a=work.a[i][0].copy(),
            statistics=statistics,
        )
        for i, (layer, statistics) in enumerate(zip(trainer.network.layers, _statistics(trainer), strict=True))
    )


def _statistics(trainer: Trainer) -> list[LayerStatistics] | list[None]:
    layers, batch = trainer.network.layers, trainer.last_pass
    if batch is None:
        return [None] * len(layers)
    changes = [change[:, :-1] for change in trainer.network.layer_views(trainer.optimizer.change)]
    slope_matters = [True] * (len(layers) - 1) + [not trainer.loss.name.endswith("cross_entropy")]
    return [layer_statistics(*of_layer) for of_layer in zip(layers, batch.a, changes, slope_matters, strict=True)]
