"""`gradstep runs`: lists the saved runs, and deletes the named ones when it is told to."""

import gc
import math
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from gradstep.core.errors import GradstepError
from gradstep.tui.cli.exit_status import BAD_INPUT
from gradstep.tui.cli.standard_streams import print_error

if TYPE_CHECKING:
    from gradstep.data.run_list import ListedRun


def runs(
    names: Annotated[
        list[str] | None,
        Argument(metavar="RUN", help="Saved runs, by their names, or the beginnings of them.", show_default="all"),
    ] = None,
    as_json: Annotated[bool, Option("--json", help="Print everything that is known of them as JSON.")] = False,
    delete: Annotated[bool, Option("--delete", help="Delete the named runs; this asks first.")] = False,
    yes: Annotated[bool, Option("--yes", "-y", help="Delete without asking.")] = False,
) -> int:
    """List the saved runs: when, data, network, optimizer, rate, steps, best and last score, time; or delete some."""
    from gradstep.data.saved_runs import check_runs_can_be_read

    gc.enable()
    check_runs_can_be_read()
    if yes and not delete:
        raise GradstepError("--yes answers what --delete asks, and --delete is not given")
    if delete:
        return _delete(names or [], yes)
    chosen = find_listed_runs(names or [])
    print(format_runs_as_json(chosen) if as_json else format_runs(chosen), flush=True)
    return 0


def find_listed_runs(names: Sequence[str]) -> "list[ListedRun]":
    """Return the saved runs with these names, without names all; raises GradstepError for a name that no run has."""
    from gradstep.data.delete_runs import find_run_folders
    from gradstep.data.run_list import list_run, list_runs

    if not names:
        return list_runs()
    listed = map(list_run, find_run_folders(names))
    return [run for run in listed if run is not None]


def format_runs(listed: "Sequence[ListedRun]") -> str:
    """Return the table of these runs, as wide as the terminal, and the room that they take."""
    from gradstep.data.run_list import measure_room
    from gradstep.data.saved_runs import find_runs_folder
    from gradstep.tui.drawing.run_table import format_room, write_table

    folder = find_runs_folder()
    if not listed:
        return f"no run is saved in {folder}"
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    title, lines = write_table(listed, width)
    count = "1 entry takes" if len(listed) == 1 else f"{len(listed):,} entries take"
    keep = "none is removed by itself; gradstep runs NAME --delete deletes one"
    return "\n".join([title, *lines, "", f"{count} {format_room(measure_room(listed))} in {folder}", keep])


def format_runs_as_json(listed: "Sequence[ListedRun]") -> str:
    """Return a JSON list with an object for each run; what is not known is null."""
    import json

    return json.dumps([_make_object(run) for run in listed], indent=2)


def _make_object(run: "ListedRun") -> dict[str, Any]:
    from gradstep.data.experiment import to_tables
    from gradstep.data.run_list import name_data
    from gradstep.tui.drawing.run_table import describe_network

    experiment, score = run.experiment, run.facts.score
    about: dict[str, Any] = {
        "name": run.name,
        "folder": os.fspath(run.folder),
        "bytes": run.bytes,
        "open": run.is_open,
        "process": int(run.process) if run.process else None,
        "problem": run.problem or None,
    }
    if experiment is None:
        return about
    return about | {
        "checkpoint": str(run.checkpoint),
        "saved": run.saved.isoformat(),
        "data": name_data(experiment),
        "network": describe_network(run),
        "sizes": list(run.facts.sizes) or None,
        "rows": run.facts.rows or None,
        "optimizer": experiment.training.optimizer,
        "learning_rate": run.learning_rate,
        "steps": run.step,
        "epochs": run.epoch,
        "diverged": run.facts.diverged,
        "seconds": run.seconds if math.isfinite(run.seconds) else None,
        "score": None if score is None else asdict(score),
        "experiment": to_tables(experiment),
    }


def _delete(names: list[str], yes: bool) -> int:
    from gradstep.data.delete_runs import delete_runs, find_run_folders

    if not names:
        raise GradstepError("--delete needs the names of the runs to delete; gradstep runs lists them")
    folders = find_run_folders(names)
    if not yes and not _ask(folders):
        print("nothing is deleted", flush=True)
        return 0
    left = delete_runs(folders)
    gone = [folder.name for folder in folders if not os.path.lexists(folder)]
    if gone:
        print(f"deleted: {', '.join(gone)}", flush=True)
    for line in left:
        print_error(line)
    return BAD_INPUT if left else 0


def _ask(folders: list[Path]) -> bool:
    """Ask whether these runs are to be deleted; raises GradstepError where nobody can answer."""
    if not sys.stdin.isatty():
        raise GradstepError("--delete asks first, and nobody is at the terminal to answer; --yes deletes unasked")
    what = folders[0].name if len(folders) == 1 else f"these {len(folders)} runs"
    try:
        return input(f"Delete {what}, with all its checkpoints? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
