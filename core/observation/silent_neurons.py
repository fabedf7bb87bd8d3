"""Which neurons are silent for the training part as the network is now; a batch is a small sample, and of the past."""

import numpy as np

from gradstep.core.network.passes import Pass
from gradstep.core.observation.layer_statistics import LayerStatistics, find_silent
from gradstep.core.observation.limits import DEAD, HYSTERESIS
from gradstep.core.training.trainer import Trainer


def measure_silent_shares(trainer: Trainer, statistics: list[LayerStatistics] | list[None]) -> list[float | None]:
    """Return of each layer the share of neurons that give 0 for every row of the training sample.

    None for layers that cannot be silent, and for all where no batch comes near the limit.
    """
    near = any((each.silent_share or 0.0) >= DEAD / HYSTERESIS for each in statistics if each)
    if not near:
        return [None] * len(statistics)
    sample = trainer.training_sample
    batch_pass = Pass(trainer.network, len(sample))
    batch_pass.inputs[:] = sample.with_ones
    batch_pass.forward()
    silent = [find_silent(layer.layer.activation, layer.a) for layer in batch_pass.layers]
    return [None if each is None else float(np.mean(each)) for each in silent]
