"""Files as people have them: the obvious command, what it says, and its score beside scikit-learn's defaults.

For each file the command without further options is tried; where it refuses, once more with the options that it names.
The scores of scikit-learn's default MLP and of a linear model are those of the same rows, read and scaled by gradstep.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.run import Run

GRADSTEP = str(Path(sys.executable).with_name("gradstep"))
FOLDERS = [Path(folder) for folder in os.environ.get("OWN_DATA", "../shared/cases/own-data").split(os.pathsep)]
"""Where the files are; they are no part of this project."""

TARGETS = {
    "auto.csv": "mpg",
    "bikeshare.csv.gz": "bikers",
    "college.csv": "Apps",
    "hitters.csv": "Salary",
    "loans.csv.gz": "interest_rate",
    "penguins.csv": "species",
    "seattle-weather.csv": "weather",
    "titanic.csv": "survived",
    # ISLP
    "Boston.csv": "medv",
    "Carseats.csv": "Sales",
    "Credit.csv": "Balance",
    "Default.csv": "default",
    "OJ.csv": "Purchase",
    "Smarket.csv": "Direction",
    "Wage.csv": "wage",
    # lifelines
    "gbsg2.csv": "cens",
    "lung.csv": "status",
    # palmerpenguins
    "penguins-raw.csv": "Species",
    # statsmodels
    "anes96.csv": "vote",
}
"""The column to learn of each file, and the package that the file is from."""

FILES = [path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.iterdir()) if path.name in TARGETS]
CURES = re.compile(r"with (-.*) the file can be learnt"), re.compile(r"(--[a-z]+ [\w-]+)")
"""How a report names the options that help: for all problems, or else for the one that there is."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the obvious command came to: the options that it needed, its status, its warnings and its summary."""

    options: str
    status: int
    warnings: int
    summary: dict[str, object]


def try_file(path: Path, folder: Path) -> Tried:
    """Train on a file with the command that one would type, and where it refuses, with the options that it names."""
    summary, options = folder / "summary.json", ""
    environment = {**os.environ, "XDG_STATE_HOME": str(folder)}
    for _ in range(2):
        command = [GRADSTEP, "train", "--plain", "--data", str(path), "--target", TARGETS[path.name]]
        command += [*shlex.split(options), "--summary", str(summary)]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)
        cures = [found[1] for cure in CURES if (found := cure.search(ended.stderr))]
        if ended.returncode != 2 or not cures:
            break
        options = cures[0]
    assert ended.returncode in (0, 4), ended.stderr
    warned = sum(line.startswith("warning") for line in ended.stdout.splitlines())
    return Tried(options, ended.returncode, warned, json.loads(summary.read_text()))


def score(run: Run, predicted: np.ndarray) -> float:
    """Return the accuracy on the test part, or R² for a regression; `predicted` are classes or scaled numbers."""
    split = run.split
    if split.dataset.labels is not None:
        return float((predicted == split.dataset.labels[split.test_rows]).mean())
    target = split.test_y[:, 0]
    return float(1 - ((predicted - target) ** 2).mean() / target.var())


def score_scikit_learn(run: Run) -> tuple[float, float]:
    """Return the scores of the default MLP and of a linear model."""
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    split, labels = run.split, run.split.dataset.labels
    y = split.train_y[:, 0] if labels is None else labels[split.train_rows]
    models = (MLPRegressor, LinearRegression) if labels is None else (MLPClassifier, LogisticRegression)
    with warnings.catch_warnings():
        # scikit-learn warns where its iterations do not converge
        warnings.simplefilter("ignore")
        fitted = [
            model(**{"random_state": 0} if "MLP" in model.__name__ else {}).fit(split.train_x, y) for model in models
        ]
        return tuple(score(run, model.predict(split.test_x)) for model in fitted)


@pytest.mark.skipif(not FILES, reason="the files are not here; OWN_DATA names their folders")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_score_beside_scikit_learn(path: Path, benchmark: BenchmarkFixture, report: list[str], tmp_path: Path) -> None:
    tried = benchmark.pedantic(lambda: try_file(path, tmp_path))
    run = assemble(make_experiment(tried.summary["experiment"]))
    neural, linear = score_scikit_learn(run)
    classes = run.split.dataset.labels is not None
    ours = tried.summary["test_accuracy"] if classes else 1 - tried.summary["test_loss"] / run.split.test_y[:, 0].var()
    report.append(
        f"{path.name}: {TARGETS[path.name]}; {tried.options or 'no options'}; {tried.warnings} warnings; "
        f"{'accuracy' if classes else 'R²'} {ours:.3f}, scikit-learn's MLP {neural:.3f}, linear {linear:.3f}"
    )
