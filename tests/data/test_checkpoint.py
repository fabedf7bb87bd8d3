"""Checkpoints: what is saved comes back bit for bit, or not at all."""

import resource
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load as from_safetensors
from safetensors.numpy import save as to_safetensors

from gradstep.core.errors import GradstepError
from gradstep.core.training.trainer_state import TrainerState
from gradstep.data import checkpoint
from gradstep.data.assemble import assemble
from gradstep.data.atomic_write import WriteError, write_atomically
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run import Run


def small_run(optimizer: str = "adam") -> Run:
    return assemble(
        make_experiment(
            {
                "data": {"name": "iris", "seed": 5},
                "network": {"hidden": [5], "activation": "tanh"},
                "training": {"optimizer": optimizer, "learning_rate": 0.01, "batch_size": 7},
            }
        )
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A checkpoint after 100 updates."""
    run = small_run()
    run.trainer.run(lambda: False, until=100)
    checkpoint.write_checkpoint(tmp_path / "run.safetensors", run.checkpoint(2.5))
    return tmp_path / "run.safetensors"


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
def test_100_steps_saved_and_loaded_and_100_more_are_200_steps_bit_for_bit(tmp_path: Path, optimizer: str) -> None:
    whole, first = small_run(optimizer), small_run(optimizer)
    whole.trainer.run(lambda: False, until=200)
    first.trainer.run(lambda: False, until=100)
    checkpoint.write_checkpoint(tmp_path / "c", first.checkpoint(2.5))
    second = resume_run(checkpoint.read_checkpoint(tmp_path / "c"))
    assert second.seconds == 2.5
    second.trainer.run(lambda: False, until=200)
    expected, got = whole.trainer.state(), second.trainer.state()
    assert got.values == expected.values
    assert {name: array.tobytes() for name, array in got.arrays.items()} == {
        name: array.tobytes() for name, array in expected.arrays.items()
    }


def test_arrays_of_every_kind_come_back_as_they_were(tmp_path: Path) -> None:
    arrays = {
        "float32": np.array([[1.5, np.nan], [np.inf, -0.0]], dtype=np.float32),
        "transposed": np.arange(6.0).reshape(2, 3).T,
        "strided": np.arange(9.0)[::2],
        "integers": np.array([2**62, -1]),
        "truth": np.array([True, False]),
        "empty": np.zeros((0, 3)),
        "single": np.array(7.0),
    }
    values = {
        "step": 3,
        "epoch": 1,
        "rows": 10,
        "batch_size": 4,
        "rng": {"state": 2**127},
        "loss": None,
        "words": ["é", 0.1],
    }
    checkpoint.write_checkpoint(
        tmp_path / "c", Checkpoint(make_experiment({}), TrainerState(arrays, values), 0.1, "of the data")
    )
    again = checkpoint.read_checkpoint(tmp_path / "c")
    state = again.state
    assert (again.experiment, again.seconds, again.data_fingerprint) == (make_experiment({}), 0.1, "of the data")
    assert state.values == values
    assert state.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        got = state.arrays[name]
        assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())


def refusal(file: Path) -> str:
    with pytest.raises(GradstepError) as error:
        checkpoint.read_checkpoint(file)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_cut_short_anywhere_is_refused(file: Path) -> None:
    content = file.read_bytes()
    for length in (0, 1, 8, 100, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:length])
        assert "not a checkpoint of gradstep, or was cut short" in refusal(file)


def test_a_changed_bit_anywhere_is_refused(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(0, len(content), 97):
        content[place] ^= 1
        file.write_bytes(content)
        assert refusal(file).startswith(str(file))
        content[place] ^= 1
    file.write_bytes(content)
    assert checkpoint.read_checkpoint(file)


def test_the_summary_is_read_without_the_rest(file: Path) -> None:
    about = checkpoint.read_checkpoint_summary(file)
    steps = small_run().trainer.steps_per_epoch
    assert (about.step, about.epoch) == (100, 100 // steps)
    assert abs(datetime.now(UTC) - about.saved) < timedelta(minutes=5)


def test_a_run_on_changed_data_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "flowers.csv"
    table.write_text("width,kind\n1,a\n2,b\n3,a\n4,b\n")
    run = assemble(make_experiment({"data": {"path": str(table)}}))
    run.trainer.run(lambda: False, until=3)
    saved = run.checkpoint(1.0)
    table.write_text("width,kind\n1,a\n2,b\n3,a\n5,b\n")
    with pytest.raises(GradstepError, match=f"^{table}: the data have changed since the run was saved"):
        resume_run(saved)


def test_a_changed_number_is_called_damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert refusal(file) == f"{file} is damaged: its content is not what was saved"


@pytest.mark.parametrize("version", ["2", "0"])
def test_another_version_is_named(file: Path, version: str) -> None:
    content = from_safetensors(file.read_bytes())
    file.write_bytes(to_safetensors(content, {"format": "gradstep", "version": version}))
    assert refusal(file) == f"{file} was saved by another gradstep: its format is version {version}, this one reads 1"


def test_tensors_of_another_program_are_no_checkpoint(file: Path) -> None:
    file.write_bytes(to_safetensors({"weights": np.zeros(3)}))
    assert refusal(file) == f"{file} is not a checkpoint of gradstep"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == f"{tmp_path / 'none'}: no such file"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    run = small_run()
    with pytest.raises(GradstepError, match="cannot be written: No such file or directory"):
        checkpoint.write_checkpoint(tmp_path / "nowhere" / "c", run.checkpoint(0.0))


def test_writing_leaves_one_file_with_the_new_content(tmp_path: Path) -> None:
    for content in (b"old and longer", b"new"):
        write_atomically(tmp_path / "f", content)
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"new"


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomically(tmp_path / "f", b"old")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(GradstepError, match="cannot be written: No space left on device"):
        write_atomically(tmp_path / "f", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"old"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomically(Path("/dev/null"), b"anything")
    assert Path("/dev/null").is_char_device()


def test_a_checkpoint_that_does_not_fit_on_the_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    run, limits = assemble(make_experiment({"data": {"name": "xor"}})), resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(WriteError) as error:
            checkpoint.write_checkpoint(tmp_path / "step-1.safetensors", run.checkpoint(1.0))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert error.value.reason == "File too large"
    assert list(tmp_path.iterdir()) == []
