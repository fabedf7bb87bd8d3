"""Learning rate by seed as a heat map: a verdict in each cell, and in words at the end of each row."""

from textual.strip import Strip

from gradstep.core.observation.population_verdict import MEMBER_VERDICTS, MemberVerdict
from gradstep.core.training.race_verdict import GOOD
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, RIGHT, STRONG, TRAINING, WRONG, make_style
from gradstep.tui.drawing.strips import Piece, flow_items, longest_fitting, make_line
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screens.luck.words import describe_rate
from gradstep.tui.session.luck_view import LuckView

SIGNS: dict[MemberVerdict, str] = {"diverged": "×", "no better": "–", "flat": "░", "falling": "▒", "good": "█"}
"""What fills a cell: the denser, the better."""

STYLES = {
    "diverged": make_style(WRONG, bold=True),
    "no better": make_style((165, 165, 165)),
    "flat": make_style((225, 205, 110)),
    "falling": make_style(TRAINING),
    "good": make_style(RIGHT),
}

LEGEND: dict[MemberVerdict, str] = {
    "good": f"good: {GOOD:.0%} of the way from a constant guess to the lowest",
    "falling": "not there, but still falling",
    "flat": "flat: not there, and no clear fall",
    "no better": "no better than a constant guess",
    "diverged": "diverged",
}
BEFORE, AFTER, OWN = "▸", "◂", "◂"
"""The arrows around the chosen cell, and the one at the learning rate of the run."""

BRIEF_LEGEND: dict[MemberVerdict, str] = {
    "good": "good",
    "falling": "still falling",
    "flat": "flat",
    "no better": "no better than a constant guess",
    "diverged": "diverged",
}

WIDEST_CELL, LEAST_CELL = 8, 2
"""Columns of a cell, with the blank after it from three columns on."""

TALLEST_CELL = 4
"""Lines of a cell, with the blank one after it from three lines on."""

WORDS, SHORT_WORDS, WIDE = 44, 20, 100
"""Columns that are kept for the words at the end of a row, in a plot that is WIDE and in a narrower one."""


def draw_heat_map(view: LuckView, width: int, height: int) -> list[Strip]:
    """Draw a row for each learning rate and a column for each start, with a head and a legend where there is room."""
    labels = [typeset_minus(group.label) for group in view.groups]
    brief = _draw_legend(_choose_words(view, BRIEF_LEGEND), width)
    legend = _draw_legend(_choose_words(view, LEGEND), width) or brief
    name = max(len("rate"), *map(len, labels)) + 2
    room = width - name - (WORDS if width >= WIDE else SHORT_WORDS)
    cell = max(LEAST_CELL, min(WIDEST_CELL, room // view.columns))
    lines = max(1, min(TALLEST_CELL, (height - 1 - len(legend)) // len(labels)))
    drawn = [
        line
        for group in _choose_rows(view, height)
        for line in _draw_row(view, group, labels[group], (name, cell, lines), width)
    ]
    head = _draw_head(view, name, cell, width)
    for above, below in ((head, legend), (head, brief), (head, []), ([], [])):
        if len(above) + len(drawn) + len(below) <= height:
            return [*above, *drawn, *below]
    return drawn


def _choose_rows(view: LuckView, height: int) -> range:
    """Return the groups that are drawn: if there is no room for all, those around the chosen one."""
    rows = min(height, len(view.groups))
    first = view.members[view.chosen].group - height // 2
    first = max(0, min(first, len(view.groups) - rows))
    return range(first, first + rows)


def _draw_head(view: LuckView, name: int, cell: int, width: int) -> list[Strip]:
    """Draw the seeds above their columns; nothing where they do not fit. The start of the run may be of no seed."""
    seeds = ["you" if member.seed is None else str(member.seed) for member in view.members[: view.columns]]
    if max(map(len, seeds)) >= cell:
        return []
    numbers = "".join(seed.ljust(cell) for seed in seeds)
    forms = [f" with the seed above, {OWN} your rate", " with the seed above", " seed", ""]
    what = longest_fitting(forms, max(0, width - name - len(numbers)))
    return [make_line(("rate".ljust(name) + numbers + what, DIM))]


def _draw_row(view: LuckView, group: int, label: str, sizes: tuple[int, int, int], width: int) -> list[Strip]:
    """Draw the cells of a rate on one line or several, with the words on the first."""
    name_width, cell, lines = sizes
    own, members = view.groups[group].is_own, view.find_members(group)
    room = width - name_width - cell * len(members) - 1
    words = longest_fitting(describe_rate(view, group), room) if room > 0 else ""
    filled = lines - (lines >= 3)
    strips = []
    for line in range(filled):
        name = f"{label}{OWN if own else ''}" if line == 0 else ""
        pieces: list[Piece] = [(name.ljust(name_width), STRONG if own else PLAIN)]
        for index in members:
            pieces += _draw_cell(view, index, cell, marked=index == view.chosen and line == filled // 2)
        strips.append(make_line(*pieces, (f" {words}" if line == 0 and words else "", PLAIN)))
    return [*strips, *[Strip([])] * (lines - filled)]


def _draw_cell(view: LuckView, index: int, cell: int, marked: bool) -> list[Piece]:
    """Draw a line of a cell: its sign as often as it has columns, in the marked one between two arrows."""
    sign, style = SIGNS[view.verdicts[index]], STYLES[view.verdicts[index]]
    columns = cell - (cell > LEAST_CELL)
    gap: Piece = (" " * (cell - columns), PLAIN)
    if not marked:
        return [(sign * columns, style), gap]
    if columns < 3:
        return [(BEFORE, MARKED), (sign * (columns - 1), style), gap]
    return [(BEFORE, MARKED), (sign * (columns - 2), style), (AFTER, MARKED), gap]


def _choose_words(view: LuckView, words: dict[MemberVerdict, str]) -> dict[MemberVerdict, str]:
    """Return what the signs mean, without the constant guess where that is no yardstick."""
    if view.has_yardstick:
        return words
    kept: dict[MemberVerdict, str] = {verdict: each for verdict, each in words.items() if verdict != "no better"}
    return kept | {"good": words["good"].replace("a constant guess", "the highest")}


def _draw_legend(words: dict[MemberVerdict, str], width: int) -> list[Strip]:
    """Draw what the signs mean, each sign beside its words; nothing where one does not fit."""
    items: list[list[Piece]] = [
        [(SIGNS[verdict] * 2, STYLES[verdict]), (f" {words[verdict]}", DIM)]
        for verdict in reversed(MEMBER_VERDICTS)
        if verdict in words
    ]
    fits = all(make_line(*item).cell_length <= width for item in items)
    return flow_items(width, items) if fits else []
