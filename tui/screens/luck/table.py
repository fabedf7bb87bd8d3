"""The numbers of the luck screen: best, median and worst, or a row for each group, and what they say."""

import math
from collections.abc import Sequence

from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.axis import find_share
from gradstep.tui.drawing.fan_plot import OWN
from gradstep.tui.drawing.loss_curves import SMALLEST
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import NOT_COMPUTED, format_count, format_number, format_share, typeset_minus
from gradstep.tui.screens.luck.words import (
    COLUMNS,
    describe_cell,
    describe_choice,
    describe_counts,
    describe_difference,
    describe_group,
    describe_memory,
    describe_own,
    describe_progress,
    describe_spread,
    name_measure,
)
from gradstep.tui.session.luck_view import LuckView, count_in
from gradstep.tui.widgets.panel import Panel

NAMES = ("best", "median", "worst")
NAME, SEED, LOSS, ACCURACY, COUNT = 9, 7, 17, 10, 10
"""Columns of the table."""

LEAST_BOX = 12
"""Columns of the narrowest drawing of a group's losses."""

WHISKER, BOX, MIDDLE = "─", "▒", "┃"
"""The signs of that drawing: from the lowest to the highest loss, between the quartiles, and the median."""

BOX_LEGEND = f"{WHISKER} all  {BOX} half of them  {MIDDLE} median"
"""What they are, in the words of the legend of the fans."""


class LuckTable(Panel[LuckView], can_focus=False):
    """Draws the table of a variation, and below it as many of the sentences as there is room for."""

    BORDER_TITLE = "Numbers"

    def lines(self, view: LuckView, width: int, height: int) -> list[Strip]:
        match view.variation:
            case "seeds":
                rows = _draw_named(view, width)
            case "rates":
                rows = []
            case _:
                rows = _draw_groups(view, width)
        for sentences in _list_sentences(view):
            below = [line for text, style in sentences for line in wrap_text(text, width, style)]
            for blank in ([Strip([])] if rows else [], []):
                if len(rows) + len(blank) + len(below) <= height:
                    return [*rows, *blank, *below]
        return rows[:height]


def _list_sentences(view: LuckView) -> list[list[Piece]]:
    """Return what is said below the table, the longest form first."""
    hints: list[list[Piece]] = [[(form, DIM)] for form in describe_choice(view)]
    memory: list[Piece] = [(text, PLAIN) for text in describe_memory(view)]
    if view.variation == "rates":
        said = [describe_cell(view)]
    else:
        seeds, group = view.variation == "seeds", 0 if view.variation == "seeds" else view.chosen
        members = view.find_members(group)
        others = f"Of the {len(members)} others" if len(members) > 1 else "The other one"
        name = others if seeds else describe_group(view, group)
        long, brief = (f"{name}: {form}" for form in describe_counts(view, members))
        more = [describe_progress(view, members)] if seeds else describe_spread(view, group)
        said = [
            " ".join([*([describe_difference(view)] if seeds else []), long, *more]),
            " ".join([long, *more]),
            long,
            brief,
        ]
    facts: list[list[Piece]] = [[(form, PLAIN)] for form in said]
    forms = [[*facts[0], *memory, *hint] for hint in hints[:-1]]
    forms += [[*fact, *memory, *hints[-2 if len(hints) > 1 else -1]] for fact in facts]
    forms += [[*fact, *hints[-2 if len(hints) > 1 else -1]] for fact in facts]
    return [*forms, *(hint for hint in hints[1:]), facts[-1]]


# between seeds


def _draw_named(view: LuckView, width: int) -> list[Strip]:
    """Draw a row for the best, the median and the worst network, and one for that of the run."""
    scored = view.accuracies is not None and width >= NAME + SEED + LOSS + ACCURACY + 2
    head = "  " + "".ljust(NAME) + "seed".rjust(SEED) + name_measure(view).rjust(LOSS)
    head += "accuracy".rjust(ACCURACY) if scored else ""
    step = f"  after step {format_count(view.scored_step)}"
    rows = [make_line((head + (step if len(head + step) <= width else ""), DIM))]
    named = view.find_named(0)
    for index, name in enumerate(NAMES):
        chosen = named is not None and index == view.chosen
        rows.append(_draw_network(view, name, named and named[index], chosen, scored, width))
    if view.own is not None:
        rows.append(_draw_network(view, "yours", view.own, False, scored, width))
    return rows


def _draw_network(view: LuckView, name: str, index: int | None, chosen: bool, scored: bool, width: int) -> Strip:
    seed = None if index is None else view.members[index].seed
    loss = None if index is None or view.diverged[index] else float(view.losses[index])
    accuracy = None if index is None or view.accuracies is None else float(view.accuracies[index])
    is_own = index is not None and index == view.own
    style = MARKED if chosen else OWN if is_own else STRONG
    pieces: list[Piece] = [
        ("▸ " if chosen else "  ", STRONG),
        (name.ljust(NAME), style),
        ((NOT_COMPUTED if seed is None else str(seed)).rjust(SEED), PLAIN),
        (format_number(loss).rjust(LOSS), PLAIN),
    ]
    if scored:
        pieces.append((format_share(accuracy).rjust(ACCURACY), PLAIN))
    room = width - make_line(*pieces).cell_length - 2
    words = longest_fitting([describe_own(view), ""], room) if is_own and room > 0 else ""
    return make_line(*pieces, (f"  {words}" if words else "", PLAIN))


# between groups


def _draw_groups(view: LuckView, width: int) -> list[Strip]:
    """Draw a row for each group: its lowest, median and highest loss, how many failed, and its losses on one axis."""
    names = [typeset_minus(group.label) + (" · yours" if group.is_own else "") for group in view.groups]
    name = max(NAME, len(COLUMNS[view.variation]) + 1, *(len(each) + 1 for each in names))
    number = 10
    columns = ["lowest", "median", "highest"]
    if width < 2 + name + 3 * number + 2 * COUNT:
        columns = ["median"]
    failed = width >= 2 + name + len(columns) * number + 2 * COUNT
    taken = 2 + name + len(columns) * number + (2 * COUNT if failed else 0) + 2
    box = width - taken if width - taken >= LEAST_BOX else 0
    head = "  " + COLUMNS[view.variation].ljust(name) + "".join(column.rjust(number) for column in columns)
    head += "no better".rjust(COUNT) + "diverged".rjust(COUNT) if failed else ""
    members = [view.find_members(group) for group in range(len(view.groups))]
    orders = [view.sort_members(each) for each in members]
    losses = [view.losses[order] for order in orders]
    ends = _find_ends(losses, view)
    rows = [make_line((head + ("  " + _write_axis(ends, box) if box else ""), DIM))]
    for group, order in enumerate(orders):
        chosen = group == view.chosen
        found = {"lowest": 0, "median": (len(order) - 1) // 2, "highest": len(order) - 1} if order else {}
        numbers = [format_number(float(losses[group][found[each]]) if order else None) for each in columns]
        pieces: list[Piece] = [
            ("▸ " if chosen else "  ", STRONG),
            (names[group].ljust(name), MARKED if chosen else STRONG),
        ]
        pieces += [("".join(each.rjust(number) for each in numbers), PLAIN)]
        if failed:
            no_better = format_count(view.count_no_better(members[group])) if view.has_yardstick else NOT_COMPUTED
            diverged = format_count(count_in(view.diverged, members[group]))
            pieces.append((no_better.rjust(COUNT) + diverged.rjust(COUNT), PLAIN))
        if box:
            pieces.append(("  " + _draw_box(losses[group], ends, box, view), STRONG if chosen else PLAIN))
        rows.append(make_line(*pieces))
    if box and ends is not None:
        rows.append(make_line((BOX_LEGEND.rjust(width), DIM)))
    return rows


def _find_ends(losses: Sequence[Floats], view: LuckView) -> tuple[float, float] | None:
    """Return the lowest and the highest loss of all groups, the latter not far above a constant guess."""
    most = 2 * view.guess if view.guess > 0 else math.inf
    shown = [loss for each in losses for loss in each.tolist() if loss <= most and loss > SMALLEST]
    return (min(shown), max(shown)) if shown and min(shown) < max(shown) else None


def _find_column(loss: float, ends: tuple[float, float], width: int, view: LuckView) -> int:
    low, high, at = (*ends, min(max(loss, ends[0]), ends[1]))
    if view.logarithmic:
        low, high, at = math.log(low), math.log(high), math.log(at)
    return min(width - 1, int(find_share(low, high, at) * width))


def _write_axis(ends: tuple[float, float] | None, width: int) -> str:
    if ends is None:
        return ""
    low, high = (format_number(end, 0) for end in ends)
    return low + high.rjust(width - len(low)) if len(low) + len(high) < width else ""


def _draw_box(losses: Floats, ends: tuple[float, float] | None, width: int, view: LuckView) -> str:
    """Draw sorted losses as a line from the lowest to the highest, with a box between the quartiles."""
    if ends is None or not len(losses):
        return ""
    at = [_find_column(float(losses[(len(losses) - 1) * quarter // 4]), ends, width, view) for quarter in range(5)]
    line = [" "] * width
    line[at[0] : at[4] + 1] = WHISKER * (at[4] + 1 - at[0])
    line[at[1] : at[3] + 1] = BOX * (at[3] + 1 - at[1])
    line[at[2]] = MIDDLE
    return "".join(line).rstrip()
