"""How far a person has come in the course: a TOML file in the state folder."""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gradstep.data.atomic_write import WriteError, write_atomically
from gradstep.data.saved_runs import NO_HOME, find_runs_folder
from gradstep.data.toml_value import to_toml_value

FILE = "course.toml"


@dataclass(frozen=True, slots=True)
class Progress:
    """The card of a chapter that a person is at, by its index, the saved run there, and whether the end was reached."""

    card: int = 0
    run: str = ""
    finished: bool = False


def read_progress() -> dict[str, Progress]:
    """Return the progress of each chapter that was begun, by its name; nothing if the file is damaged."""
    try:
        tables = tomllib.loads(_find_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    found = {name: _read_chapter(table) for name, table in tables.items()}
    return {name: progress for name, progress in found.items() if progress is not None}


def _read_chapter(table: object) -> Progress | None:
    match table:
        case {"card": int() as card, "run": str() as run, "finished": bool() as finished} if card >= 0:
            return Progress(card, run, finished)
    return None


def note_progress(chapter: str, progress: Progress) -> None:
    """Write the progress of a chapter down. Where nothing can be written, nothing is noted."""
    file = _find_file()
    if NO_HOME in file.parents:
        return
    everything = read_progress() | {chapter: progress}
    with suppress(OSError, WriteError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, _format(everything).encode())


def is_first_start() -> bool:
    """Whether no run was saved yet and no chapter was begun, as far as the state folder can be read."""
    try:
        return not read_progress() and not any(find_runs_folder().iterdir())
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _format(everything: Mapping[str, Progress]) -> str:
    return "\n".join(
        f"[{to_toml_value(name)}]\n"
        f"card = {progress.card}\nrun = {to_toml_value(progress.run)}\nfinished = {to_toml_value(progress.finished)}\n"
        for name, progress in everything.items()
    )


def _find_file() -> Path:
    return find_runs_folder().parent / FILE
