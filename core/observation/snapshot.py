"""The immutable record of a moment of training that screens and reports read."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.core.observation.example import Example, ExampleView, view_example
from gradstep.core.observation.layer_statistics import LayerStatistics, layer_statistics
from gradstep.core.observation.part_report import PartReport, report_part
from gradstep.core.training.evaluation import Score
from gradstep.core.training.history import HeldOutScores, LossCurve
from gradstep.core.training.trainer import Trainer


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
class Snapshot:
    """A moment of training after `step` updates. `batch_loss` is None before the first.

    `surface` is what every layer gives, a (rows, units), for the rows of a grid; `judgement` is of all examples. Either
    is None if nobody asked.
    """

    step: int
    epoch: int
    steps_per_epoch: int
    learning_rate: float
    batch_loss: float | None
    example: ExampleView
    layers: tuple[LayerView, ...]
    loss_curve: LossCurve
    test_scores: HeldOutScores
    rate_changes: tuple[tuple[int, float], ...]
    surface: tuple[Floats, ...] | None = None
    part_report: PartReport | None = None


@np.errstate(all="ignore")
def take_snapshot(
    trainer: Trainer, example: Example, grid: Floats | None = None, judged: bool = False, score: Score | None = None
) -> Snapshot:
    """Copy what a person may look at; the trainer goes on unchanged.

    `grid` (rows, inputs) are scaled inputs that the surface is of. With `judged` all examples of the part that the
    example is of are judged. `score` is that of the test part now, for which the newest of the scores is too old.
    """
    work = Pass(trainer.network, 1)
    view = view_example(trainer, example, work)
    return Snapshot(
        step=trainer.step,
        epoch=trainer.epoch,
        steps_per_epoch=trainer.steps_per_epoch,
        learning_rate=trainer.learning_rate,
        batch_loss=trainer.batch_loss,
        example=view,
        layers=_layer_views(trainer, work),
        loss_curve=trainer.history.loss_curve(),
        test_scores=_test_scores(trainer, score),
        rate_changes=trainer.history.rate_changes,
        surface=None if grid is None else _surface(trainer.network, grid),
        part_report=report_part(trainer, example.part) if judged else None,
    )


def _test_scores(trainer: Trainer, score: Score | None) -> HeldOutScores:
    scores = trainer.history.test_scores()
    if score is None:
        return scores
    before = scores.step < trainer.step
    accuracy = np.nan if score.accuracy is None else score.accuracy
    return HeldOutScores(
        np.append(scores.step[before], trainer.step),
        np.append(scores.loss[before], score.loss),
        np.append(scores.accuracy[before], accuracy),
    )


def _surface(network: Network, grid: Floats) -> tuple[Floats, ...]:
    work = Pass(network, len(grid))
    work.x[:] = grid
    work.forward()
    return tuple(layer.a for layer in work.layers)


def _layer_views(trainer: Trainer, work: Pass) -> tuple[LayerView, ...]:
    return tuple(
        LayerView(
            activation=layer.layer.activation.name,
            weights=layer.layer.weights.copy(),
            biases=layer.layer.biases.copy(),
            z=layer.z[0].copy(),
            a=layer.a[0].copy(),
            statistics=statistics,
        )
        for layer, statistics in zip(work.layers, _statistics(trainer), strict=True)
    )


def _statistics(trainer: Trainer) -> list[LayerStatistics] | list[None]:
    layers, batch = trainer.network.layers, trainer.last_pass
    if batch is None:
        return [None] * len(layers)
    changes = [change[:, :-1] for change in trainer.network.layer_views(trainer.optimizer.change)]
    activations = [layer.a for layer in batch.layers]
    slope_matters = [True] * (len(layers) - 1) + [not trainer.loss.cancels_slope]
    return [layer_statistics(*of_layer) for of_layer in zip(layers, activations, changes, slope_matters, strict=True)]
