"""Regression from the defaults, beside scikit-learn's default MLPRegressor on the same rows.

The mean squared error on the test part, of scaled targets: 1 is what always predicting the mean reaches.
"""

import csv
import gzip
import math
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from gradstep.core.network.passes import predict
from gradstep.core.training.divergence import Diverged
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.run import Run

FOLDER = Path(os.environ.get("OWN_DATA", "../shared/cases/own-data"))
"""Where the files are, as people have them; they are no part of this project."""

FILES = {
    "college": ("college.csv", "Apps"),
    "hitters": ("hitters.csv", "Salary"),
    "bikeshare": ("bikeshare.csv.gz", "bikers"),
    "loans": ("loans.csv.gz", "interest_rate"),
}
SEEDS = range(5)

Score = Callable[[Run], float]


def write_complete_rows(name: str, folder: Path) -> Path:
    """Write the rows without a missing cell into a file of their own."""
    source = FOLDER / name
    with (gzip.open if name.endswith(".gz") else open)(source, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if all(cell.strip() for cell in row)]
    path = folder / f"{name.split('.')[0]}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def assembled(path: Path, target: str, seed: int) -> Run:
    data = {"path": str(path), "target": target, "task": "regression", "seed": seed}
    return assemble(make_experiment({"data": data, "network": {"seed": seed}}))


def score_gradstep(run: Run) -> float:
    """Train to the planned end; infinite if it diverges, NaN if it predicts the same for every row."""
    training = run.experiment.training
    assert training.max_epochs is not None
    try:
        run.trainer.run(lambda: False, until=run.trainer.end_of_epoch(training.max_epochs))
    except Diverged:
        return math.inf
    test = run.trainer.evaluate().test
    assert test is not None
    return test.loss if np.ptp(predict(run.network, run.split.train_x)) > 1e-9 else math.nan


def score_scikit_learn(run: Run) -> float:
    neural_network = pytest.importorskip("sklearn.neural_network")
    split = run.split
    model = neural_network.MLPRegressor(random_state=run.experiment.network.seed)
    with warnings.catch_warnings():
        # scikit-learn warns where its 200 epochs do not converge
        warnings.simplefilter("ignore")
        model.fit(split.train_x, split.train_y[:, 0])
    return float(((model.predict(split.test_x) - split.test_y[:, 0]) ** 2).mean())


def describe(errors: list[float]) -> str:
    each = " ".join(f"{error:.4f}" for error in errors)
    return f"mean {mean(errors):.4f}, median {median(errors):.4f} ({each})"


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the files are not here; OWN_DATA names their folder")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FILES)
def test_error_beside_scikit_learn(name: str, benchmark: BenchmarkFixture, report: list[str], tmp_path: Path) -> None:
    file, target = FILES[name]
    path = write_complete_rows(file, tmp_path)
    runs = [assembled(path, target, seed) for seed in SEEDS]
    theirs = [score_scikit_learn(run) for run in runs]
    ours = benchmark.pedantic(lambda: [score_gradstep(run) for run in runs])
    diverged, dead = sum(map(math.isinf, ours)), sum(map(math.isnan, ours))
    report.append(f"{name}: gradstep     {describe(ours)}; {diverged} diverged, {dead} dead")
    report.append(f"{name}: scikit-learn {describe(theirs)}")
