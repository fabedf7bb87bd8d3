"""The log of a run: a file that the rows of its history are appended to while it trains."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from gradstep.core.errors import GradstepError, make_printable
from gradstep.core.training.history import History
from gradstep.data.atomic_write import follow_links, is_stream
from gradstep.data.history_rows import FIELDS, HistoryRow, list_history_rows
from gradstep.data.json_values import make_finite
from gradstep.data.log_stream import LogFile, LogStream, LogTarget
from gradstep.data.logged_rows import find_own_end

SECONDS_BETWEEN_ROWS = 0.2
"""How often a run looks for new rows while it trains."""

Write = Callable[[HistoryRow], str]


def write_csv_row(row: HistoryRow) -> str:
    """Return a line of CSV; nothing stands for what was not measured."""
    return ",".join("" if value is None else repr(value) for value in row.values()) + "\n"


def write_json_row(row: HistoryRow) -> str:
    """Return a line with a JSON object; null stands for what was not measured, or is not finite."""
    return json.dumps(make_finite(dict(zip(FIELDS, row.values(), strict=True)))) + "\n"


FORMATS: dict[str, tuple[str, Write]] = {
    ".csv": (",".join(FIELDS) + "\n", write_csv_row),
    ".jsonl": ("", write_json_row),
}
"""The first line of each format, and how a row is written."""


class RunLog:
    """Appends the rows of a history to a file, each once, while the run trains.

    `trouble` says why the newest rows could not be written; it is empty if they were. They are written later where
    that becomes possible, and nothing is raised. One thread at a time may use it.
    """

    def __init__(self, path: Path, target: LogTarget, last_step: int) -> None:
        """The rows up to `last_step` are in the file; −1 for a new one."""
        self.path, self._target, self._last = path, target, last_step
        self.trouble = ""

    def go_back(self, newest_step: int) -> None:
        """Note that the run has no step after this one any more: the rows of its next steps begin another branch."""
        self._last = min(self._last, newest_step)

    def write(self, history: History, seconds: float, ended: bool = False) -> None:
        """Append the rows that are new. A run that `ended` has a row for its newest step in any case."""
        try:
            if self._target.is_lost():
                self._last = -1
            rows = list_history_rows(history, self._last, newest=ended)
            self._target.write(rows, seconds, ended)
        except OSError as error:
            self.trouble = make_printable(f"not logged: {error.strerror or error}: {self.path}")
            return
        self.trouble = ""
        if rows:
            self._last = rows[-1].step

    def close(self) -> None:
        """Close what is open."""
        self._target.close()


def open_log(path: Path, history: History | None, on_screen: bool) -> RunLog:
    """Open the log of a run; `history` is that of a resumed run, None for a new one.

    The name ends in .csv or .jsonl; a pipe, a device or an open file such as /dev/stdout gets CSV under any name. A
    file that exists is refused, unless it is the log of the run that is resumed: it goes on after the step at which the
    run was saved. Raises GradstepError for what cannot be written.
    """
    try:
        where = follow_links(path)
        stream = is_stream(where)
    except OSError as error:
        raise GradstepError(f"--log {path}: {error.strerror}") from None
    if os.path.isdir(where):
        raise GradstepError(f"--log {path}: is a folder; must be a file")
    suffix = path.suffix.lower()
    if suffix not in FORMATS and not stream:
        raise GradstepError(f"--log {path}: must end in .csv or .jsonl, which say how it is written")
    head, write_row = FORMATS[suffix if suffix in FORMATS else ".csv"]
    try:
        if stream:
            return RunLog(path, LogStream(where, head, write_row, on_screen), -1)
        return _open_file(path, where, head, write_row, history)
    except OSError as error:
        raise GradstepError(f"--log {path}: {error.strerror or error}") from None


def _open_file(path: Path, where: Path, head: str, write_row: Write, history: History | None) -> RunLog:
    """Open a log that is a file; raises GradstepError and OSError."""
    folder = where.absolute().parent
    if not os.path.isdir(folder):
        raise GradstepError(f"--log {path}: there is no folder {folder}")
    target = LogFile(where, head, write_row)
    if not os.path.exists(where):
        target.begin()
    if os.path.getsize(where) in (0, len(head)) and head.encode().startswith(where.read_bytes()):
        return RunLog(path, target, -1)
    if history is None:
        raise GradstepError(f"--log {path}: exists already, and a new run writes over no file; name another")
    own = find_own_end(where, head, history)
    if own is None:
        raise GradstepError(f"--log {path}: exists already, and is not the log of the resumed run; name another")
    target.cut(own.size)
    return RunLog(path, target, own.last_step)
