"""Tells whether a file was written by the same sweep, so that it may be written anew where the sweep goes on."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import holds_anything
from gradstep.data.experiment import format_experiment_for
from gradstep.data.sweep.standings import format_csv, format_json
from gradstep.data.sweep.sweep import Sweep
from gradstep.data.sweep.train_group import RunResult


def check_earlier_files(
    sweep: Sweep, results: Mapping[int, RunResult], log: Path | None, summary: Path | None, best: Path | None
) -> None:
    """Raise GradstepError if one of the files exists, and this sweep has not written it with some of these results.

    An empty file, a pipe and a device can be written to.
    """
    if log is not None:
        _check("--log", log, lambda text: _is_log(text, sweep, results))
    if summary is not None:
        _check("--summary", summary, lambda text: _is_summary(text, sweep, results))
    if best is not None:
        _check("--best", best, lambda text: _is_best(text, best, sweep))


def _check(option: str, path: Path, is_own: Callable[[str], bool]) -> None:
    if not holds_anything(path):
        return
    try:
        own = is_own(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        own = False
    if not own:
        raise GradstepError(f"{option} {path}: exists already, and is not that of this sweep; name another")


def _is_log(text: str, sweep: Sweep, results: Mapping[int, RunResult]) -> bool:
    head, *rows = text.splitlines()
    own_head, *own_rows = format_csv(sweep, results).splitlines()
    return head == own_head and set(rows) <= set(own_rows)


def _is_summary(text: str, sweep: Sweep, results: Mapping[int, RunResult]) -> bool:
    found, own = json.loads(text), json.loads(format_json(sweep, results))
    if not isinstance(found, dict) or found.keys() != own.keys() or not isinstance(found["runs"], list):
        return False
    return all(run in own["runs"] for run in found["runs"])


def _is_best(text: str, path: Path, sweep: Sweep) -> bool:
    return any(text == format_experiment_for(path, run.experiment) for run in sweep.runs)
