"""The time and the peak memory of loading a large data set, each in a new process."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.data.files import classes, idx, images, write_mnist

TRAIN, TEST, PIXELS = 60_000, 10_000, 28 * 28
ROUNDS = 5

# modules are imported before the clock starts; VmHWM is the peak memory of the process
LOADING = """
import json
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.formats.data_file import read_data_file

assemble(make_experiment({}))

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

path, before, start = sys.argv[1], peak(), perf_counter()
read_data_file(Path(path)) if sys.argv[2] == "read" else assemble(make_experiment({"data": {"path": path}}))
print(json.dumps([perf_counter() - start, peak() - before]))
"""


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of files in the format of MNIST, with random bytes, plain and gzipped."""
    contents = {
        "train_images": idx(images(TRAIN, 28, 28)),
        "train_labels": idx(classes(TRAIN)),
        "t10k_images": idx(images(TEST, 28, 28)),
        "t10k_labels": idx(classes(TEST)),
    }
    folder = tmp_path_factory.mktemp("idx")
    return {name: write_mnist(folder / name, gzipped=name == "gzipped", **contents) for name in ("plain", "gzipped")}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV file of 6,000 such images."""
    file = tmp_path_factory.mktemp("csv") / "pixels.csv"
    rows = np.column_stack([images(6_000, 28, 28).reshape(-1, PIXELS), classes(6_000)])
    np.savetxt(file, rows, fmt="%d", delimiter=",")
    return file


def load(path: Path, what: str) -> tuple[float, float]:
    """Return the seconds, and the peak memory in megabytes above that before the loading."""
    done = subprocess.run(
        [sys.executable, "-c", LOADING, str(path), what], capture_output=True, text=True, check=True, timeout=300
    )
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", ["read", "ready to train"])
@pytest.mark.parametrize("kind", ["plain", "gzipped", "csv"])
def test_loading(
    kind: str, what: str, mnist: dict[str, Path], table: Path, benchmark: BenchmarkFixture, report: list[str]
) -> None:
    path, rows = (table, 6_000) if kind == "csv" else (mnist[kind], TRAIN + TEST)
    taken: list[tuple[float, float]] = []
    benchmark.pedantic(lambda: taken.append(load(path, what)), rounds=ROUNDS)
    seconds, megabytes = (sorted(values)[ROUNDS // 2] for values in zip(*taken, strict=True))
    array = rows * PIXELS * 8 / 2**20
    report.append(
        f"{kind:<8} {rows:>6,} × {PIXELS}, {what:<14} {seconds:6.2f} s   at most +{megabytes:5.0f} MB, "
        f"{megabytes / array:4.2f} × its float64 array of {array:.0f} MB"
    )
