"""The snapshot: an immutable record of one moment of training, for screens and reports to read."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.core.observation.example import ExampleIndex, ExampleView, view_example
from gradstep.core.observation.layer_statistics import LayerStatistics, measure_layer
from gradstep.core.observation.part_report import PartReport, report_part
from gradstep.core.observation.present_loss import measure_present_loss
from gradstep.core.observation.silent_neurons import measure_silent_shares
from gradstep.core.observation.task import Task, describe_task
from gradstep.core.training.history import LossCurve
from gradstep.core.training.parts import PartName
from gradstep.core.training.score_table import WatchedScores
from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LayerView:
    """One layer: its parameters W (units, inputs) and b (units,), and the example's z, a and δ = ∂E/∂z (units,)."""

    activation: str
    weights: Floats
    biases: Floats
    z: Floats
    a: Floats
    delta: Floats
    statistics: LayerStatistics | None
    """None before the first update."""
    silent_share: float | None = None
    """Share of neurons that are silent for the training part now; None if it was not measured."""


@dataclass(frozen=True, slots=True)
class BestPoint:
    """The step with the lowest loss on the validation part, up to now."""

    step: int
    loss: float


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Snapshot:
    """A moment of training after `step` updates. `batch_loss` is None before the first.

    `batch_size`, the name of the `optimizer` and the learning rate are those of the next update.

    `watched_scores` are those on the validation part, or the test part without one; `watched_part` is its name.
    `best` is the best step, which the run can go back to; None without a validation part.
    `present_loss` is the loss of the network now as a share of that of a constant guess, on the same training rows;
    None if it was not measured.
    `rate_changes` are (step, learning rate), the start's included. `grid_activations` are every layer's a
    (rows, units) for the rows of a grid of inputs. It and `part_report` are None unless they were asked for.
    """

    step: int
    epoch: int
    steps_per_epoch: int
    batch_size: int
    optimizer: str
    learning_rate: float
    batch_loss: float | None
    example: ExampleView
    layers: tuple[LayerView, ...]
    loss_curve: LossCurve
    watched_scores: WatchedScores
    watched_part: PartName
    best: BestPoint | None
    rate_changes: tuple[tuple[int, float], ...]
    task: Task
    present_loss: float | None = None
    grid_activations: tuple[Floats, ...] | None = None
    part_report: PartReport | None = None

    @property
    def sizes(self) -> list[int]:
        """The number of inputs, and that of the units of each layer."""
        return [len(self.example.x), *(len(layer.a) for layer in self.layers)]


@np.errstate(all="ignore")
def take_snapshot(
    trainer: Trainer,
    example: ExampleIndex,
    grid: Floats | None = None,
    with_part_report: bool = False,
    with_present_loss: bool = True,
) -> Snapshot:
    """Copy the present moment. The trainer is not changed.

    `grid` (rows, inputs) holds scaled inputs that every layer's activations are computed for. `with_part_report` adds a
    report on the part that the example belongs to. The scores on the watched part are those that the training recorded.
    The present loss of a large network takes longer than all the rest.
    """
    batch_pass = Pass(trainer.network, 1)
    view, curve = view_example(trainer, example, batch_pass), trainer.history.loss_curve()
    return Snapshot(
        step=trainer.step,
        epoch=trainer.epoch,
        steps_per_epoch=trainer.steps_per_epoch,
        batch_size=trainer.batch_size,
        optimizer=trainer.optimizer.name,
        learning_rate=trainer.learning_rate,
        batch_loss=trainer.batch_loss,
        example=view,
        layers=_view_layers(trainer, batch_pass),
        loss_curve=curve,
        watched_scores=trainer.history.watched_scores(),
        watched_part=trainer.watched_name,
        best=None if trainer.best is None else BestPoint(trainer.best.step, trainer.best.score.loss),
        rate_changes=trainer.history.rate_changes,
        task=describe_task(trainer),
        present_loss=measure_present_loss(trainer, curve) if with_present_loss else None,
        grid_activations=None if grid is None else _compute_grid_activations(trainer.network, grid),
        part_report=report_part(trainer, example.part) if with_part_report else None,
    )


def _compute_grid_activations(network: Network, grid: Floats) -> tuple[Floats, ...]:
    batch_pass = Pass(network, len(grid))
    batch_pass.x[:] = grid
    batch_pass.forward()
    return tuple(layer.a for layer in batch_pass.layers)


def _view_layers(trainer: Trainer, batch_pass: Pass) -> tuple[LayerView, ...]:
    measured = _measure_layers(trainer)
    silent_shares = measure_silent_shares(trainer, measured)
    return tuple(
        LayerView(
            activation=layer_pass.layer.activation.name,
            weights=layer_pass.layer.weights.copy(),
            biases=layer_pass.layer.biases.copy(),
            z=layer_pass.z[0].copy(),
            a=layer_pass.a[0].copy(),
            delta=layer_pass.delta[0].copy(),
            statistics=statistics,
            silent_share=silent_share,
        )
        for layer_pass, statistics, silent_share in zip(batch_pass.layers, measured, silent_shares, strict=True)
    )


def _measure_layers(trainer: Trainer) -> list[LayerStatistics] | list[None]:
    layers, batch = trainer.network.layers, trainer.last_pass
    if batch is None:
        return [None] * len(layers)
    changes = [change[:, :-1] for change in trainer.network.layer_views(trainer.optimizer.change)]
    activations = [layer.a for layer in batch.layers]
    slope_matters = [True] * (len(layers) - 1) + [not trainer.loss.cancels_slope]
    return [measure_layer(*of_layer) for of_layer in zip(layers, activations, changes, slope_matters, strict=True)]
