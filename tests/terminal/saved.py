"""Finds what a program has left behind: checkpoints in the state folder, and processes."""

from pathlib import Path

from gradstep.data.checkpoint import Checkpoint, read_checkpoint


def find_checkpoints(state: Path) -> list[Path]:
    """Return every checkpoint of every run, the one of the latest step first."""
    return sorted((state / "gradstep" / "runs").glob("*/step-*.safetensors"), key=lambda path: path.name, reverse=True)


def load_latest(state: Path) -> Checkpoint:
    """Load the checkpoint of the latest step."""
    return read_checkpoint(find_checkpoints(state)[0])


def find_saved_step(state: Path) -> int:
    """Return the latest step that is saved; 0 if there is none."""
    found = find_checkpoints(state)
    return int(found[0].stem.removeprefix("step-")) if found else 0


def find_processes(state: Path) -> list[int]:
    """Return the ids of the running processes that were started with this state folder."""
    setting = f"XDG_STATE_HOME={state}".encode()
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if setting in _read_environment(folder)]


def _read_environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []  # the process has ended, or belongs to another user
