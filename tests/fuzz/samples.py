"""Inputs that are right, and from which the fuzz starts."""

import gzip
import io
import shlex
from pathlib import Path
from random import Random

import numpy as np

from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import write_checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.model_file import write_model
from gradstep.data.trained_model import make_model

EXPERIMENT = """\
# every field of the file
[data]
x = [[0.05, 0.10], [0.1, 0.2], [0.3, -1e3]]
y = [[0.01, 0.99], [0.5, 0.5], [0.2, 0.8]]
test_fraction = 0.0
scale = "auto"
seed = 0

[network]
hidden = [2, 3]
activation = ["tanh", "relu"]
output = "sigmoid"
init = "he"
seed = 3
train_biases = true
dtype = "float64"

[training]
loss = "half_sse"
optimizer = "momentum"
learning_rate = 0.1
batch_size = 2
l1 = 0.0
l2 = 0.001
shuffle = true
target_loss = 0.001
patience = 3
max_epochs = 5
"""

FILE_EXPERIMENT = """\
[data]
path = "data.csv"
target = "kind"
task = "classification"
decimal = "."
test_fraction = 0.25
scale = "minmax"
"""

BUILT_IN_EXPERIMENT = """\
[data]
name = "moons"
noise = 0.1
[network]
weights = [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45]]]
biases = [[0.35, 0.35], [0.6]]
hidden = [2]
activation = "sigmoid"
output = "sigmoid"
[training]
batch_size = "full"
max_steps = 4
"""

COLOURS = ("red", "green", "blue")

CSV = "# source: made for the fuzz\nwidth,colour,length,kind\n" + "".join(
    f"{index * 0.37:.2f},{COLOURS[index % 3]},{index % 7 - 3}e-1,{'ab'[index % 2]}\n" for index in range(24)
)

NUMERIC_CSV = "".join(f"{index};{index % 5 - 2},5;{index * index}\n" for index in range(24))

NEW_ROWS = "colour,note,length,width\nred,a,2e-1,3.5\ngreen,b,-0.1,1\n"
"""Rows for a network that has learnt CSV to predict."""

COMMAND_LINE = shlex.split(
    "train --data moons --noise 0.1 --test-fraction 0.2 --scale auto --hidden 4,3 --activation relu,tanh "
    "--output sigmoid --init he --dtype float64 --loss mse --optimizer sgd --learning-rate 0.1 --batch-size 16 "
    "--l1 0 --l2 0.001 --target-loss 0.01 --target-accuracy 0.9 --patience 3 --max-epochs 3 --seed 1 --pace 50 "
    "--fps 4 --link auto --colours auto --glyphs auto --background auto --shuffle --train-biases"
)

MNIST = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def write_npz(random: Random) -> bytes:
    """Return an NPZ file with arrays of one of several types and shapes."""
    numbers, rows = np.random.default_rng(random.getrandbits(32)), 12
    x = numbers.normal(size=random.choice(((rows, 3), (rows, 2, 2), (rows,))))
    y = random.choice(
        (np.arange(rows) % 3, numbers.normal(size=(rows, 2)), np.array(["a", "b", "c"] * 4), np.eye(rows))
    )
    kinds = ("f8", "f4", "f2", ">f8", "i8", "u1", "b1", "i1", "c16", "M8[s]", "O", "U8", "S8", "g")
    x = (x * 9).astype("i8").astype(random.choice(kinds)) if random.random() < 0.5 else x
    buffer = io.BytesIO()
    (np.savez if random.random() < 0.5 else np.savez_compressed)(buffer, x=x, y=y)
    return buffer.getvalue()


def make_idx(values: np.ndarray) -> bytes:
    """Return an IDX file of unsigned bytes."""
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes() + values.astype(np.uint8).tobytes()


def write_mnist(folder: Path, random: Random) -> dict[Path, bytes]:
    """Return the contents of the four files of MNIST, plain or gzipped, by their paths."""
    numbers, gzipped = np.random.default_rng(random.getrandbits(32)), random.random() < 0.5
    arrays = [array for rows in (9, 6) for array in (numbers.integers(0, 256, (rows, 4, 3)), np.arange(rows) % 3)]
    contents = (make_idx(array) for array in arrays)
    if gzipped:
        return {folder / f"{name}.gz": gzip.compress(part) for name, part in zip(MNIST, contents, strict=True)}
    return {folder / name: part for name, part in zip(MNIST, contents, strict=True)}


def write_sample_checkpoint(path: Path, optimizer: str) -> None:
    """Write the checkpoint of a short run."""
    tables = {"data": {"name": "moons"}, "network": {"hidden": [3]}}
    training = {"optimizer": optimizer, "max_steps": 30, "patience": 5, "target_loss": 0.001}
    run = assemble(make_experiment(tables | {"training": training}))
    run.trainer.run(lambda: False, until=20)
    write_checkpoint(path, run.checkpoint(0.5))


def write_sample_model(folder: Path) -> bytes:
    """Return the content of the model file of a short run on CSV."""
    (folder / "learnt.csv").write_text(CSV)
    run = assemble(make_experiment({"data": {"path": str(folder / "learnt.csv")}, "network": {"hidden": [3]}}))
    run.trainer.run(lambda: False, until=20)
    return write_model(make_model(run.checkpoint(0.5)))
