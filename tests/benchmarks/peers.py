"""The same training in three libraries: plain SGD, shuffled once an epoch, the loss of every step computed and kept.

Each function returns a function that trains for more epochs over the same rows.
"""

import os
import timeit
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer

LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Task:
    """The training task: layer sizes, with ReLU in the hidden layers and softmax at the output, rows and batches."""

    sizes: tuple[int, ...]
    batch: int
    dtype: str
    steps_per_epoch: int
    epochs: int

    @property
    def name(self) -> str:
        return f"{'-'.join(map(str, self.sizes))} batch {self.batch} {self.dtype}"

    @property
    def steps(self) -> int:
        return self.steps_per_epoch * self.epochs

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(0)
        rows = self.batch * self.steps_per_epoch
        labels = rng.permutation(np.arange(rows) % self.sizes[-1])
        return rng.normal(size=(rows, self.sizes[0])).astype(self.dtype), labels


def gradstep(task: Task) -> Callable[[], object]:
    x, labels = task.data()
    network = Network(task.sizes, ["relu"] * (len(task.sizes) - 2) + ["softmax"], task.dtype)
    network.initialize("he", np.random.default_rng(0))
    options = TrainingOptions(learning_rate=LEARNING_RATE, batch_size=task.batch)
    trainer = Trainer(network, Part(x, np.eye(task.sizes[-1])[labels]), None, options)
    return lambda: trainer.run(lambda: False, until=trainer.step + task.steps)


def scikit_learn(task: Task) -> Callable[[], object]:
    neural_network = pytest.importorskip("sklearn.neural_network")
    x, labels = task.data()
    model = neural_network.MLPClassifier(
        hidden_layer_sizes=task.sizes[1:-1],
        solver="sgd",
        batch_size=task.batch,
        learning_rate_init=LEARNING_RATE,
        max_iter=task.epochs,
        alpha=0,
        momentum=0,
        tol=0,
        n_iter_no_change=task.epochs + 1,
        random_state=0,
    )

    def train() -> None:
        with warnings.catch_warnings():
            # scikit-learn warns that so few epochs do not converge
            warnings.simplefilter("ignore")
            model.fit(x, labels)

    return train


def pytorch(task: Task) -> Callable[[], object]:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    x, labels = (torch.from_numpy(array) for array in task.data())
    layers = [layer for shape in pairwise(task.sizes) for layer in (torch.nn.Linear(*shape), torch.nn.ReLU())]
    model = torch.nn.Sequential(*layers[:-1]).to(x.dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    losses: list[float] = []

    def train() -> None:
        for _ in range(task.epochs):
            for rows in torch.randperm(len(x)).split(task.batch):
                optimizer.zero_grad()
                loss = torch.nn.functional.cross_entropy(model(x[rows]), labels[rows])
                loss.backward()
                optimizer.step()
                losses.append(loss.item())

    def seconds(threads: int) -> float:
        torch.set_num_threads(threads)
        return min(timeit.repeat(train, number=1, repeat=3))

    # small layers are faster on one thread, large ones on all: the faster is measured
    torch.set_num_threads(min((1, os.cpu_count() or 1), key=seconds))
    return train
