"""The file that an experiment names, read while the form is open: what is in it, or why that is not known."""

import os
from dataclasses import dataclass
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import is_stream
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import SOURCE_FIELDS
from gradstep.data.load_dataset import load_dataset
from gradstep.data.settings import DataSettings

LARGEST = 1 << 24
"""Bytes of a file, or of all files of a folder, that are read before a run starts."""


@dataclass(frozen=True, slots=True, eq=False)
class ChosenFile:
    """What is in the file of these settings, or in words why nothing is known of it."""

    settings: DataSettings
    dataset: Dataset | None
    trouble: str = ""

    def is_of(self, settings: DataSettings) -> bool:
        """Whether other settings read the same from the same file."""
        return all(getattr(self.settings, name) == getattr(settings, name) for name in (*SOURCE_FIELDS, "features"))


def read_chosen_file(settings: DataSettings) -> ChosenFile:
    """Read the file, unless it is too large to be read only to be looked at."""
    assert settings.path is not None
    path = Path(settings.path)
    if is_stream(path):
        return ChosenFile(settings, None, "it is read when the run starts: a pipe or a device")
    try:
        if (size := _measure(path)) > LARGEST:
            return ChosenFile(settings, None, f"it is read when the run starts: {size / 1e6:,.0f} MB")
        return ChosenFile(settings, load_dataset(settings))
    except (GradstepError, MemoryError, OSError) as error:
        return ChosenFile(settings, None, str(error) or "there is not enough memory for it")


def _measure(path: Path) -> int:
    """Return the bytes of a file, or of all files of a folder; 0 for what is not there."""
    if os.path.isdir(path):
        return sum(entry.stat().st_size for entry in os.scandir(path) if entry.is_file())
    return os.path.getsize(path) if os.path.exists(path) else 0
