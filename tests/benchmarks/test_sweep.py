"""A sweep of 200 runs on the digits, beside scikit-learn's MLPClassifier over joblib, and a population beside peers."""

import os
import subprocess
import sys
import warnings
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from gradstep.core.network.network import Network
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part, Parts
from gradstep.core.training.population import Population
from gradstep.core.training.trainer import Trainer
from tests.terminal.terminal import GRADSTEP

ROUNDS, SECONDS = 5, 0.4
RATES, SEEDS = (0.01, 0.03, 0.1, 0.3), 50

PEER = """
import sys, warnings
from joblib import Parallel, delayed
from sklearn.neural_network import MLPClassifier
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
warnings.simplefilter("ignore")
run = assemble(make_experiment({"data": {"validation_fraction": 0.1}}))
x, y, rows = run.split.train_x, run.split.train_y.argmax(axis=1), run.trainer
def train(rate, seed):
    model = MLPClassifier(run.network.sizes[1:-1], solver="sgd", momentum=0.0, alpha=0.0, batch_size=rows.batch_size,
                          learning_rate_init=rate, max_iter=run.experiment.training.max_epochs, tol=0.0,
                          n_iter_no_change=10**6, random_state=seed)
    return model.fit(x, y).score(run.split.validation_x, run.split.validation_y.argmax(axis=1))
jobs = [delayed(train)(rate, seed) for rate in %s for seed in range(%d)]
print(max(Parallel(n_jobs=-1)(jobs)))
"""
"""The same runs in scikit-learn: as many epochs, batches and rates, the same rows."""


@pytest.mark.timeout(1800)
def test_two_hundred_runs_on_the_digits(tmp_path: Path, benchmark: BenchmarkFixture, report: list[str]) -> None:
    pytest.importorskip("sklearn")
    rates = ",".join(map(str, RATES))
    sweep = [GRADSTEP, "sweep", "digits", "--vary", f"learning_rate={rates}", "--seeds", str(SEEDS), "--plain"]
    peer = [sys.executable, "-c", PEER % (RATES, SEEDS)]
    own, other = list[float](), list[float]()

    def both() -> None:
        folder = tmp_path / str(len(own))
        for command, seconds in ((sweep, own), (peer, other)):
            began = perf_counter()
            subprocess.run(command, check=True, capture_output=True, env={**os.environ, "XDG_STATE_HOME": str(folder)})
            seconds.append(perf_counter() - began)

    benchmark.pedantic(both, rounds=2)
    ratio = median(theirs / ours for theirs, ours in zip(other, own, strict=True))
    peers = f"scikit-learn over joblib {median(other):.1f} s, {ratio:.1f} times"
    report.append(f"200 runs on the digits: {median(own):.1f} s; {peers}")


PLAYGROUND = os.environ.get("PLAYGROUND_NN")
"""The network code of TensorFlow Playground, src/nn.ts as a JavaScript module, if it is there."""

NODE = """
const nn = await import(process.argv[1]);
const network = nn.buildNetwork([2, 4, 2, 1], nn.Activations.TANH, nn.Activations.TANH, null, ["x", "y"]);
const rows = Array.from({length: 400}, () => [Math.random() - 0.5, Math.random() - 0.5]);
let steps = 0;
const end = Date.now() + 1000 * Number(process.argv[2]);
for (let first = 0; Date.now() < end; first = (first + 10) % 400, steps++) {
  for (let row = first; row < first + 10; row++) {
    nn.forwardProp(network, rows[row]);
    nn.backProp(network, rows[row][0] > 0 ? 1 : -1, nn.Errors.SQUARE);
  }
  nn.updateWeights(network, 0.03, 0);
}
console.log(steps / Number(process.argv[2]));
"""
"""As many steps of one network of 2-4-2-1, batch 10, as it makes in so many seconds."""

SHAPES = {
    "2-4-2-1": ([2, 4, 2, 1], ["tanh", "tanh", "sigmoid"], 10, 300),
    "64-16-16-10": ([64, 16, 16, 10], ["relu", "relu", "softmax"], 32, 100),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_population_beside_its_trainers(shape: str, benchmark: BenchmarkFixture, report: list[str]) -> None:
    sizes, activations, batch_size, members = SHAPES[shape]
    random = np.random.default_rng(0)
    x = random.standard_normal((400, sizes[0]))
    y = np.eye(sizes[-1])[random.integers(0, sizes[-1], 400)] if sizes[-1] > 1 else (x[:, :1] > 0) * 1.0
    options, part = TrainingOptions(batch_size=batch_size), Part(x, y)
    networks = [Network(sizes, activations) for _ in range(members)]
    for seed, network in enumerate(networks):
        network.initialize("xavier", np.random.default_rng(seed))
    measured = MeasuredNetwork(networks[0], Parts(part), options, 0.5, True)
    population, trainer = Population(networks, [options] * members, measured), Trainer(networks[0], part, None, options)
    vmapped = make_vmapped(networks, x, y, batch_size, activations)
    speeds: dict[str, list[float]] = {
        "population": [],
        "Trainer one by one": [],
        "PyTorch with vmap": [],
        "Playground": [],
    }

    def measure(update: object, networks_at_once: int) -> float:
        assert callable(update)
        began, steps = perf_counter(), 0
        while perf_counter() - began < SECONDS:
            update()
            steps += networks_at_once
        return steps / (perf_counter() - began)

    def all_three() -> None:
        speeds["population"].append(measure(population.update, members))
        speeds["Trainer one by one"].append(measure(trainer.update, 1))
        if vmapped is not None:
            speeds["PyTorch with vmap"].append(measure(vmapped, members))
        if PLAYGROUND and shape == "2-4-2-1":
            node = ["node", "--input-type=module", "-e", NODE, PLAYGROUND, str(SECONDS)]
            speeds["Playground"].append(float(subprocess.run(node, check=True, capture_output=True, text=True).stdout))

    benchmark.pedantic(all_three, rounds=ROUNDS, warmup_rounds=1)
    for name, measured_speeds in speeds.items():
        if measured_speeds:
            ratio = median(own / peer for own, peer in zip(speeds["population"], measured_speeds, strict=True))
            report.append(
                f"{shape}, batch {batch_size}, {members} networks: {name:<18} "
                f"{median(measured_speeds):>9,.0f} network-steps/s, the population {ratio:.1f} times as fast"
            )


def make_vmapped(
    networks: list[Network], x: np.ndarray, y: np.ndarray, batch_size: int, activations: list[str]
) -> object:
    """Return a function that makes one step of all networks in PyTorch; None without PyTorch."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    function = torch.nn.functional
    layers = range(len(activations))
    matrices = [torch.tensor(np.stack([network.layers[i].weights for network in networks])) for i in layers]
    biases = [torch.tensor(np.stack([network.layers[i].biases for network in networks])) for i in layers]
    inputs, targets = torch.tensor(x), torch.tensor(y)

    def loss(parameters: tuple, rows: object, labels: object) -> object:
        a = rows
        for index, (matrix, bias) in enumerate(zip(*parameters, strict=True)):
            z = a @ matrix.T + bias
            last = index == len(activations) - 1
            a = z if last else torch.tanh(z) if activations[index] == "tanh" else torch.relu(z)
        if activations[-1] == "softmax":
            return function.cross_entropy(a, labels)
        return function.binary_cross_entropy_with_logits(a, labels)

    gradient = torch.func.vmap(torch.func.grad(loss), in_dims=(0, None, None))
    start = 0

    def update() -> None:
        nonlocal start
        rows = slice(start, start + batch_size)
        start = (start + batch_size) % (len(x) - batch_size + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            slopes = gradient((matrices, biases), inputs[rows], targets[rows])
        for values, changes in zip((matrices, biases), slopes, strict=True):
            for value, change in zip(values, changes, strict=True):
                value -= 0.1 * change

    return update
