"""Reads a log again, to tell whether it is that of a run, and where the run goes on in it."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gradstep.core.training.history import History
from gradstep.data.history_rows import FIELDS, HistoryRow, list_history_rows

LARGEST_LOG = 1 << 30
"""The most bytes of a log. A file that is longer was not written by gradstep."""

CLOSE = 1e-6
"""Two losses that differ by less than this share are one: a mean can be summed up in another order."""


@dataclass(frozen=True, slots=True)
class OwnEnd:
    """Up to where a log belongs to a run: so many bytes, and the step of the last row in them, −1 for none."""

    size: int
    last_step: int


def find_own_end(path: Path, head: str, history: History) -> OwnEnd | None:
    """Return where the log of a run ends at the newest step of its history; None if it is not the log of this run.

    It is if its rows agree with the history, as far as that has them. What follows, such as rows of steps that a
    killed program did not save, or a row that was cut short, is not part of it. Raises OSError.
    """
    if os.path.getsize(path) > LARGEST_LOG:
        return None
    content = path.read_bytes()
    if not content.startswith(head.encode()):
        return None
    newest = int(history.loss_curve().step[-1]) if len(history.loss_curve().step) else 0
    own = {row.step: row for row in list_history_rows(history)}
    end, branch = OwnEnd(len(head), -1), dict[int, HistoryRow]()
    ends = {-1: end}
    try:
        for row, after in _read_rows(content, len(head.encode()), bool(head)):
            # a step that is not larger than the one before it begins another branch
            branch = {step: each for step, each in branch.items() if step < row.step}
            branch[row.step], ends[row.step] = row, OwnEnd(after, row.step)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    kept = {step: row for step, row in branch.items() if step <= newest}
    shared = kept.keys() & own.keys()
    agree = shared and all(_agree(kept[step], own[step]) for step in shared)
    if branch and not (agree and _sums_agree(kept, own)):
        return None
    return ends[max(kept, default=-1)]


def _read_rows(content: bytes, start: int, is_csv: bool) -> Iterator[tuple[HistoryRow, int]]:
    """Yield the whole rows from a position on, each with the position after it; raises ValueError and others."""
    while (end := content.find(b"\n", start)) >= 0:
        line = content[start:end].decode()
        fields: list[object] = [*next(csv.reader([line]))] if is_csv else [json.loads(line)[name] for name in FIELDS]
        start = end + 1
        yield _read_row(fields), start


def _read_row(fields: list[object]) -> HistoryRow:
    step, epoch, *others = fields
    if len(fields) != len(FIELDS):
        raise ValueError
    numbers = [None if value in ("", None) else float(str(value)) for value in others]
    seconds, rate, train_loss, loss, accuracy = numbers
    if rate is None:
        raise ValueError
    return HistoryRow(int(str(step)), int(str(epoch)), seconds, rate, train_loss, loss, accuracy)


def _agree(logged: HistoryRow, own: HistoryRow) -> bool:
    """Whether two rows of one step can be of one run; the mean training loss depends on the row before."""
    # no update made step 0, and its rate may have been changed since
    same = logged.epoch == own.epoch and (logged.step == 0 or logged.learning_rate == own.learning_rate)
    pairs = ((logged.watched_loss, own.watched_loss), (logged.watched_accuracy, own.watched_accuracy))
    return same and all(_are_close(*pair) for pair in pairs)


def _are_close(first: float | None, second: float | None) -> bool:
    if first is None or second is None or first == second:
        return first == second
    return abs(first - second) <= CLOSE * abs(second)


def _sums_agree(logged: Mapping[int, HistoryRow], own: Mapping[int, HistoryRow]) -> bool:
    """Whether the training losses add up to the same at the steps that both have, where nothing else was measured."""
    if any(row.watched_loss is not None for row in logged.values()):
        return True
    sums, own_sums = _add_up(logged), _add_up(own)
    return all(_are_close(sums[step], own_sums[step]) for step in sums.keys() & own_sums.keys())


def _add_up(rows: Mapping[int, HistoryRow]) -> dict[int, float]:
    """Return the sum of the losses up to each row."""
    sums, total, before = dict[int, float](), 0.0, 0
    for step, row in sorted(rows.items()):
        total += (row.train_loss or 0.0) * (step - before)
        sums[step], before = total, step
    return sums
