"""What saved runs came to, and the settings in which they differ, as a table."""

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip

from gradstep.core.errors import make_printable
from gradstep.data.compared_run import ComparedRun
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, shorten, shorten_from_left
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.drawing.palette import DIM, PLAIN, STRONG, make_style
from gradstep.tui.drawing.run_table import format_duration, write_score
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.screens.runs.compare_state import CompareView
from gradstep.tui.widgets.panel import Panel

LEAST_LABEL, LEAST_VALUE = 8, 5
USUAL_VALUE = 10
"""Cells of a value that most fit into. Longer ones give way to the names of the settings."""

GAP = 2

NAMES = {"data.name": "data", "data.path": "file", "data.seed": "seed of data", "training.learning_rate": "rate"}
"""What some settings are called where they have little room."""

FILES = (NAMES["data.path"], "start")
"""The settings that name a file."""

Row = tuple[str, tuple[str, ...]]


class CompareTable(Panel[CompareView], can_focus=False):
    """Draws the names of the runs, then a column for each: its results, and the settings that are not the same."""

    BORDER_TITLE = "Differences"

    most_skipped = 0
    """How many rows can be skipped before the last one is seen."""

    def lines(self, view: CompareView, width: int, height: int) -> list[Strip]:
        names = [
            make_line((f"{number} ", _style(number)), (shorten(make_printable(run.name), width - 2), PLAIN))
            for number, run in enumerate(view.runs, 1)
        ]
        scores, efforts, settings = _list_scores(view.runs), _list_efforts(view.runs), _list_settings(view)
        label, value = _choose_widths([*scores, *efforts, *settings], len(view.runs), width)
        for shorter in (_name_part_in_short, _leave_out_part):
            if any(count_cells(name) > label for name, _ in scores):
                scores = [(shorter(name), values) for name, values in scores]
                label, value = _choose_widths([*scores, *efforts, *settings], len(view.runs), width)
        header = make_line(
            (" " * label, DIM),
            *((" " * GAP + align_right(str(number), value), _style(number)) for number in range(1, len(view.runs) + 1)),
        )
        rows = [_draw_row(row, label, value, DIM) for row in scores]
        rows += [_draw_row(row, label, value, STRONG) for row in settings]
        if not settings:
            rows.append(make_line((shorten("their settings are the same", width), DIM)))
        rows += [_draw_row(row, label, value, DIM) for row in efforts]
        blank = [Strip([])] if len(names) + 1 + len(rows) < height else []
        head = [*names, *blank, header]
        return [*head, *self._choose_rows(rows, view.skipped, width, max(1, height - len(head)))][:height]

    def _choose_rows(self, rows: list[Strip], skipped: int, width: int, height: int) -> list[Strip]:
        """Return the rows that fit, without so many above them, and how many there are below."""
        self.most_skipped = max(0, len(rows) - height)
        rows = rows[min(skipped, self.most_skipped) :]
        if len(rows) <= height:
            return rows
        more = f"↓ {len(rows) - height + 1} more"
        return [*rows[: height - 1], make_line((shorten(more, width), DIM))]


def _style(number: int) -> Style:
    return make_style(LANE_COLOURS[number - 1], bold=True)


def _list_scores(runs: Sequence[ComparedRun]) -> list[Row]:
    scores = [run.listed.facts.score for run in runs]
    measures = tuple(dict.fromkeys(f"{each.part} {each.measure}" for each in scores if each is not None))
    measured = f": {measures[0]}" if len(measures) == 1 else ""
    return [
        (f"best step{measured}", tuple(write_score(each, each.best if each else None) for each in scores)),
        (f"last step{measured}", tuple(write_score(each, each.last if each else None) for each in scores)),
    ]


def _name_part_in_short(name: str) -> str:
    return name.replace("validation", "val")


def _leave_out_part(name: str) -> str:
    return name.partition(" ")[0]


def _list_efforts(runs: Sequence[ComparedRun]) -> list[Row]:
    return [
        ("steps", tuple(f"{run.listed.step:,}" for run in runs)),
        ("epochs", tuple(f"{run.listed.epoch:,}" for run in runs)),
        ("time", tuple(format_duration(run.listed.seconds) for run in runs)),
    ]


def _list_settings(view: CompareView) -> list[Row]:
    """Return the settings that differ, and the present rates where these do, which keys may have changed."""
    rows = [
        (NAMES.get(each.field, each.field.partition(".")[2].replace("_", " ")), tuple(map(make_printable, each.values)))
        for each in view.differences
    ]
    rates = [run.listed.learning_rate for run in view.runs]
    if rates != [run.experiment.training.learning_rate for run in view.runs]:
        rows.append(("rate at the end", tuple(f"{rate:g}" for rate in rates)))
    return rows


def _choose_widths(rows: Sequence[Row], runs: int, width: int) -> tuple[int, int]:
    """Return the cells of the labels and of each value: as many as they need, or else long values give way first."""
    label = max(count_cells(name) for name, _ in rows)
    value = max(LEAST_VALUE, *(count_cells(text) for _, values in rows for text in values))
    value = min(value, max(USUAL_VALUE, (width - label) // runs - GAP))
    room = width - (value + GAP) * runs
    if room >= label:
        return label, value
    label = min(label, max(LEAST_LABEL, room))
    return label, max(1, min(value, (width - label) // runs - GAP))


def _draw_row(row: Row, label: int, value: int, style: Style) -> Strip:
    name, values = row
    # the end of a path says more than its beginning
    texts = [shorten_from_left(text, value) if name in FILES else text for text in values]
    cells = "".join(" " * GAP + align_right(text, value) for text in texts)
    return make_line((align_left(name, label), style), (cells, PLAIN))
