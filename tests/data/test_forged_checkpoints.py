"""Checkpoints that are not what a training saves, but carry the digest of what they hold."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save as to_safetensors

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import compute_digest, read_checkpoint, read_checkpoint_summary, write_checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run_list import list_run

MISSING = object()

VALUES: list[tuple[str, object]] = [
    ("step", MISSING),
    ("step", -1),
    ("step", 1.5),
    ("step", True),
    ("step", "20"),
    ("step", 10**30),
    ("epoch", None),
    ("updates", []),
    ("cursor", 10**6),
    ("learning_rate", 0),
    ("learning_rate", float("nan")),
    ("learning_rate", 10**400),
    ("batch_loss", MISSING),
    ("batch_loss", float("inf")),
    ("shuffle", MISSING),
    ("shuffle", {}),
    ("shuffle", {"bit_generator": "PCG64", "state": {"state": -1, "inc": 10**60}, "has_uint32": 0, "uinteger": 0}),
    ("progress", []),
    ("progress", {"lowest": "x", "epochs_since": 0, "reached": None}),
    ("progress", {"lowest": None, "epochs_since": 0, "reached": "boredom"}),
    ("rows", 7),
    ("optimizer", "sgd"),
]

ARRAYS: list[tuple[str, NDArray[Any] | None]] = [
    ("parameters", None),
    ("parameters", np.zeros(3)),
    ("parameters", np.full(17, np.nan)),
    ("parameters", np.zeros(17, np.int64)),
    ("optimizer.velocity", None),
    ("history.buckets", None),
    ("history.buckets", np.zeros((3, 5))),
    ("history.buckets", np.zeros((4, 5))),
    ("history.buckets", np.ones((4, 5000))),
    ("history.waiting", np.ones((2, 2))),
    ("history.waiting", np.ones(1000)),
    ("history.waiting", np.full(5, np.inf)),
    ("history.samples", np.ones((4, 2))),
    ("history.samples", np.full((4, 3), -1.0)),
    ("history.rates", np.zeros((0, 2))),
    ("history.rates", np.array([[0.5, 0.1]])),
    ("history.sizes", np.zeros(3)),
    ("history.sizes", np.array([1.0, 1.0])),
    ("history.sizes", np.array([1.0, 1e300, 1.0])),
    ("history.sizes", np.array(["a", "b", "c"]).view(np.uint32)),
]

METADATA: list[tuple[str, str | None]] = [
    ("values", None),
    ("values", "7"),
    ("values", "[" * 100_000),
    ("values", '{"step": ' + "9" * 5000 + "}"),
    ("seconds", None),
    ("seconds", "null"),
    ("seconds", "nan"),
    ("seconds", "-1"),
    ("data", None),
    ("data", "0"),
    ("experiment", None),
    ("experiment", "nonsense"),
    ("experiment", "[training]\nl3 = 1\n"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tables = {"data": {"name": "moons"}, "network": {"hidden": [4]}, "training": {"optimizer": "momentum"}}
    run = assemble(make_experiment(tables))
    run.trainer.run(lambda: False, until=20)
    write_checkpoint(tmp_path / "a.safetensors", run.checkpoint(0.5))
    return tmp_path / "a.safetensors"


def read(path: Path) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    with safe_open(path, framework="numpy") as file:
        metadata, arrays = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    del metadata["sha256"]
    return metadata, arrays


def refusal(path: Path, metadata: dict[str, str], arrays: dict[str, NDArray[Any]]) -> str:
    """Write these with their digest; return the message with which they are refused."""
    path.write_bytes(to_safetensors(arrays, metadata | {"sha256": compute_digest(metadata, arrays)}))
    with pytest.raises(GradstepError) as error:
        resume_run(read_checkpoint(path))
    message = str(error.value)
    assert "\n" not in message and len(message) < 300
    return message


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_value_that_no_training_has_is_refused(path: Path, name: str, value: object) -> None:
    metadata, arrays = read(path)
    values = json.loads(metadata["values"]) | {name: value}
    if value is MISSING:
        del values[name]
    metadata["values"] = json.dumps(values)
    assert name in refusal(path, metadata, arrays)


@pytest.mark.parametrize(("name", "array"), ARRAYS)
def test_an_array_that_no_training_has_is_refused(path: Path, name: str, array: NDArray[Any] | None) -> None:
    metadata, arrays = read(path)
    assert name in arrays
    del arrays[name]
    if array is not None:
        arrays[name] = array
    assert name.split(".")[0] in refusal(path, metadata, arrays)


@pytest.mark.parametrize(("name", "text"), METADATA)
def test_metadata_that_no_training_has_are_refused(path: Path, name: str, text: str | None) -> None:
    metadata, arrays = read(path)
    del metadata[name]
    if text is not None:
        metadata[name] = text
    refusal(path, metadata, arrays)


def test_a_refused_state_changes_nothing(path: Path) -> None:
    checkpoint = read_checkpoint(path)
    run = assemble(checkpoint.experiment)
    run.trainer.run(lambda: False, until=3)
    before = run.trainer.state()
    checkpoint.state.arrays["history.sizes"][:] = 0
    with pytest.raises(GradstepError):
        run.trainer.restore(checkpoint.state)
    after = run.trainer.state()
    assert before.values == after.values
    assert all(np.array_equal(array, after.arrays[name], equal_nan=True) for name, array in before.arrays.items())


SUMMARIES = [
    ("saved", "9999-12-31T23:59:59-14:00"),
    ("saved", "0001-01-01T00:00:00+14:00"),
    ("saved", ""),
    ("number", "9" * 4300),
    ("number", "-5"),
    ("step", "9" * 4000),
    ("epoch", "-1"),
]


@pytest.mark.parametrize(("name", "value"), SUMMARIES)
def test_a_summary_that_no_training_has_is_refused(name: str, value: str, path: Path) -> None:
    metadata, arrays = read(path)
    saved = path.with_name("step-000000000020.safetensors")
    saved.write_bytes(to_safetensors(arrays, metadata | {name: value}))
    with pytest.raises(GradstepError, match="is damaged"):
        read_checkpoint_summary(saved)
    listed = list_run(path.parent)
    assert listed is not None
    assert "is damaged" in listed.problem
