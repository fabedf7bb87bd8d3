"""The combinations of a sweep as a table for the terminal, in the widest form that fits."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from gradstep.data.sweep.standings import Judge, Standing
from gradstep.data.sweep.variation import write_value
from gradstep.tui.numbers import NOT_COMPUTED, plain_number, plain_share

LINES_AROUND = 7
"""Lines of the table that hold no combination, if its headings take one line."""

WIDEST = 10_000
"""Columns in which any table has room, to find out how many it needs."""

WORDS = "combination"
"""The heading of what is varied, written in words."""

Column = tuple[str, list[str]]
"""A heading, and the cells below it."""


def make_table(standings: Sequence[Standing], judge: Judge, caption: str, console: Console, rows: int) -> Table:
    """Make a table of the combinations of which a run is done, the best first, in at most so many rows.

    It is as wide as the console at most. Without room for every column, the headings are broken between words, then the
    spread and the number of runs that diverged are left out, the latter if there are none, and at last what is varied
    is written in words that may be wrapped, beside the loss.
    """
    begun = [standing for standing in standings if standing.done]
    more = f", the best {rows} of {len(begun)}" if len(begun) > rows else ""
    waiting = f", {len(standings) - len(begun)} still to come" if len(begun) < len(standings) else ""
    # which part judges is known with the first result
    part = f" on the {judge} part" if begun else ""
    title, shown = f"mean over the seeds{part}{more}{waiting}", begun[:rows]
    for varied, figures in _list_forms(standings[0], shown):
        table = _draw(title, caption, varied, figures)
        # columns of figures have one width, those of words can be as narrow as their longest word
        if console.measure(table, options=console.options.update(width=WIDEST)).minimum <= console.width:
            break
    return table


def make_table_for_screen(standings: Sequence[Standing], judge: Judge, caption: str, console: Console) -> Table:
    """Make a table of as many combinations as there are lines for on the console."""
    for rows in range(max(1, console.height - LINES_AROUND), 0, -1):
        table = make_table(standings, judge, caption, console, rows)
        if len(console.render_lines(table)) < console.height:
            break
    return table


def _list_forms(first: Standing, shown: Sequence[Standing]) -> Iterator[tuple[list[Column], list[Column]]]:
    """Yield what is varied and the figures, as columns, the widest form first."""
    varied = [
        (field.rpartition(".")[2], [write_value(standing.first.values[field]) for standing in shown])
        for field in first.first.values
    ]
    figures = _list_figures(shown)
    yield varied, figures
    broken = [(heading.replace("_", "_\n"), cells) for heading, cells in varied]
    yield broken, figures
    brief = [column for column in figures if column[0] != "±" and not (column[0] == "diverged" and _is_zero(column[1]))]
    yield broken, brief
    words = [(WORDS, [standing.first.words for standing in shown])]
    yield words, brief
    yield words, [column for column in brief if column[0] in ("runs", "loss")]


def _list_figures(shown: Sequence[Standing]) -> list[Column]:
    columns = [
        ("runs", [f"{standing.done}/{standing.planned}" for standing in shown]),
        ("diverged", [str(standing.diverged) for standing in shown]),
        ("loss", [_write_number(standing.loss) for standing in shown]),
        ("±", [_write_number(standing.loss_spread) for standing in shown]),
    ]
    accuracies = [standing.accuracy for standing in shown]
    if any(accuracy is not None for accuracy in accuracies):
        columns.append(("accuracy", [NOT_COMPUTED if each is None else plain_share(each) for each in accuracies]))
    return columns


def _is_zero(cells: Sequence[str]) -> bool:
    return all(cell == "0" for cell in cells)


def _draw(title: str, caption: str, varied: Sequence[Column], figures: Sequence[Column]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="",
        caption=caption,
        caption_justify="left",
        caption_style="",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading, _ in varied:
        table.add_column(heading, overflow="fold", vertical="bottom", no_wrap=heading != WORDS)
    for heading, _ in figures:
        table.add_column(heading, justify="right", no_wrap=True, vertical="bottom")
    for row in zip(*(cells for _, cells in (*varied, *figures)), strict=True):
        table.add_row(*row)
    return table


def _write_number(value: float | None) -> str:
    return NOT_COMPUTED if value is None else plain_number(value, 0)
