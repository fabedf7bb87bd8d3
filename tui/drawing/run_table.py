"""The list of the saved runs as a table, for the terminal and for the screen."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gradstep.core.errors import make_printable
from gradstep.data.run_list import ListedRun, name_data
from gradstep.data.run_score import RunScore
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, shorten
from gradstep.tui.numbers import NOT_COMPUTED, format_share, plain_number

GAP = "  "
LONGEST_NETWORK = 28
"""Cells of the network, of which a deep one is cut."""

UNITS = ("bytes", "kB", "MB", "GB", "TB")

BEST = "best step"
"""The title of the scores at the step with the lowest loss. An accuracy there need not be the highest."""

DROPPED = ("time", "saved", "data", "epochs", "score", "optimizer", "last", "rate", "network", "steps", BEST)
"""The columns that a narrow table goes without, the first of these first."""


DATED = re.compile(r"(\d{4}-)(\d\d-\d\d-)\d{6}-.+", re.DOTALL)
"""The name of a run that begins with the moment of its start: the year, the day, the time of day."""


@dataclass(frozen=True)
class Column:
    """A column of the table: its title, the text of each run, and whether it holds numbers."""

    title: str
    texts: tuple[str, ...]
    numeric: bool = False

    @cached_property
    def width(self) -> int:
        """The cells of the widest text."""
        return max(map(count_cells, (self.title, *self.texts)))

    def write(self, text: str) -> str:
        """Return the text in the cells of the column."""
        return align_right(text, self.width) if self.numeric else align_left(text, self.width)


def shorten_names(names: Sequence[str]) -> list[str]:
    """Return the names of runs without the day that all of them begin with, or else without the year."""
    dates = [match.groups() for name in names if (match := DATED.fullmatch(name))]
    years = {year for year, _ in dates}
    shared = "".join(dates[0]) if len(set(dates)) == 1 else years.pop() if len(years) == 1 else ""
    return [name.removeprefix(shared) if DATED.fullmatch(name) else name for name in names]


def write_table(
    runs: Sequence[ListedRun], width: int | None = None, own: str = "", short: bool = False
) -> tuple[str, list[str]]:
    """Return the line of titles, and a line for each run, of at most `width` cells, None for as many as are needed.

    Columns that do not fit are left out. A run that cannot be read says so in place of its figures. One that diverged
    or is open says so after them, but the run of the name `own` does not say that it is open. `short` names leave out
    the day or the year that all begin with.
    """
    states = [describe_state(run, run.name == own) for run in runs]
    columns = _choose_columns(runs, states, width, short)
    title = GAP.join(column.write(column.title) for column in columns).rstrip()
    lines = []
    for index, run in enumerate(runs):
        note = states[index]
        # what a damaged run says takes the place of its figures, and may be longer than they are
        cells = [columns[0].write(columns[0].texts[index])] if run.problem else _write_row(columns, index)
        line = GAP.join([*cells, *([note] if note else [])]).rstrip()
        lines.append(line if width is None else shorten(line, width))
    return (title if width is None else shorten(title, width)), lines


def _write_row(columns: Sequence[Column], index: int) -> list[str]:
    return [column.write(column.texts[index]) for column in columns]


def _choose_columns(runs: Sequence[ListedRun], states: Sequence[str], width: int | None, short: bool) -> list[Column]:
    columns = _list_columns(runs, short)
    read = (state for run, state in zip(runs, states, strict=True) if state and not run.problem)
    notes = max((len(GAP) + count_cells(state) for state in read), default=0)
    for dropped in DROPPED:
        if width is None or sum(column.width + len(GAP) for column in columns) - len(GAP) + notes <= width:
            break
        columns = [column for column in columns if column.title != dropped]
    return columns


def _list_columns(runs: Sequence[ListedRun], short: bool) -> list[Column]:
    names = [run.name for run in runs]
    names = shorten_names(names) if short else names
    described = [_describe(run, name) for run, name in zip(runs, names, strict=True)]
    numeric = ("rate", "steps", "epochs", BEST, "last", "time")
    return [
        Column(title, tuple(each.get(title, "") for each in described), title in numeric)
        for title in (
            "run", "saved", "data", "network", "optimizer", "rate", "steps", "epochs", BEST, "last", "score", "time",
        )
    ]  # fmt: skip


def _describe(run: ListedRun, name: str) -> dict[str, str]:
    """Return the text of each column; of a run that cannot be read only its name."""
    name = make_printable(name)
    if run.experiment is None:
        return {"run": name}
    score = run.facts.score
    return {
        "run": name,
        "saved": f"{run.saved.astimezone():%Y-%m-%d %H:%M}",
        "data": make_printable(name_data(run.experiment)),
        "network": describe_network(run),
        "optimizer": run.experiment.training.optimizer or "",
        "rate": f"{run.learning_rate:g}",
        "steps": f"{run.step:,}",
        "epochs": f"{run.epoch:,}",
        BEST: write_score(score, None if score is None else score.best),
        "last": write_score(score, None if score is None else score.last),
        "score": "" if score is None else f"{score.part} {score.measure}",
        "time": format_duration(run.seconds),
    }


def describe_network(run: ListedRun) -> str:
    """Return the sizes of the layers and the activations of the hidden ones: 64-16-16-10 relu."""
    assert run.experiment is not None
    network = run.experiment.network
    # a checkpoint without facts says the hidden layers alone
    sizes = "-".join(map(str, run.facts.sizes) if run.facts.sizes else ("…", *map(str, network.hidden or ()), "…"))
    return shorten(" ".join([sizes, *dict.fromkeys(network.hidden_activations)]), LONGEST_NETWORK)


def write_score(score: RunScore | None, value: float | None) -> str:
    """Return an accuracy in percent, and a loss as a number; – for what was not measured."""
    if score is None or value is None:
        return NOT_COMPUTED
    return format_share(value, 1) if score.measure == "accuracy" else plain_number(value, 0)


def describe_state(run: ListedRun, is_own: bool = False) -> str:
    """Return why a run cannot be read, or whether it diverged, and where it is open; empty for any other.

    A run that is the reader's own is not said to be open.
    """
    if run.problem:
        return make_printable(run.problem)
    place = "" if is_own or not run.is_open else _describe_place(run)
    return ", ".join(filter(None, ("diverged" if run.facts.diverged else "", place)))


def _describe_place(run: ListedRun) -> str:
    if run.process == str(os.getpid()):
        return "this run"
    return f"open in process {run.process}" if run.process else "open elsewhere"


def format_duration(seconds: float) -> str:
    """Return a time as people say it: 3.2 s, 2 min 05 s, 1 h 02 min."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes:02} min"


def format_room(size: int) -> str:
    """Return a number of bytes with its unit: 812 bytes, 12.4 MB."""
    amount, unit = float(size), 0
    while amount >= 999.95 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{size} {UNITS[0]}" if unit == 0 else f"{amount:.1f} {UNITS[unit]}"
