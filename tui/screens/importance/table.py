"""The columns with a bar each: how much the loss rises when the column is shuffled."""

from textual.strip import Strip

from gradstep.core.observation.importance import REPEATS, Importance
from gradstep.tui.drawing.cells import align_left, count_cells, shorten
from gradstep.tui.drawing.palette import BLUE, DIM, PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import draw_bar, format_count, format_number, format_points
from gradstep.tui.screens.importance.state import ImportanceView, MeasuredOn
from gradstep.tui.widgets.panel import Panel

LEAST_NAME, LONGEST_NAME = 6, 30
"""Cells of the shortest and of the longest name of a column."""

LOSS, POINTS, LEAST_BAR = 10, 14, 4
"""Cells of the rise of the loss with its sign, of the fall of the accuracy, and of the shortest bar."""

SIGNS = (
    "█ and +: when the column is shuffled the loss rises: the network relies on it; −: it falls",
    "█ +: shuffled, the loss rises; −: it falls",
    "+: the loss rises; −: it falls",
    "+ rises, − falls",
)
"""What the signs mean, the longest form first."""

SIGNS_OF_ACCURACY = "; points: what the accuracy gains"

LEAST_WITH_SIGNS = 6
"""Lines of the table from which the last one explains the signs."""

MEANING = (
    "The values of one column are shuffled among the rows, and the loss is measured again. A column that the network "
    "makes no use of changes nothing. Of two columns that say the same, each may seem of little use."
)


class ImportanceTable(Panel[ImportanceView]):
    """Draws a line for each column, the most important first, and below them what that means."""

    BORDER_TITLE = "Importance of the columns"

    most_skipped = 0
    """How many columns can be skipped before the last one is seen."""

    def lines(self, view: ImportanceView, width: int, height: int) -> list[Strip]:
        if view.measured_on is None:
            return [make_line(("measuring …", DIM))]
        head = make_line((_write_headline(view, view.measured_on, width), PLAIN))
        ranking = view.ranking
        signs = [_draw_signs(view, width)] if height >= LEAST_WITH_SIGNS else []
        room = max(1, height - 2 - len(signs))
        if len(ranking) > room:
            room = max(1, room - 1)
        self.most_skipped = max(0, len(ranking) - room)
        first = min(view.first, self.most_skipped)
        shown = ranking[first : first + room]
        largest = max((each.rise for _, each in ranking), default=0.0)
        name_room = _choose_name(ranking, width)
        strips = [head, _draw_headings(view, name_room, width)]
        strips += [_draw_row(name, each, largest, name_room, width) for name, each in shown]
        if len(ranking) > len(shown):
            words = spell_out(f"columns {first + 1} to {first + len(shown)} of {len(ranking)}: ↑ ↓")
            strips.append(make_line((shorten(words, width), DIM)))
        strips += signs
        meaning = wrap_text(MEANING, width, DIM)
        return [*strips, *([Strip([]), *meaning] if len(strips) + len(meaning) < height else [])]


def _write_headline(view: ImportanceView, on: MeasuredOn, width: int) -> str:
    rows = f"{format_count(on.rows)} rows" if on.rows == on.total else f"{on.rows:,} of {on.total:,} rows"
    left = len(view.groups) - len(view.found)
    more = f"; {left} more to measure" if left else ""
    step = format_count(on.step)
    forms = [
        f"by how much the loss rises, mean of {REPEATS} shuffles; {on.part} part, {rows}, step {step}{more}",
        f"rise of the loss; {on.part} part, {rows}, step {step}{more}",
        f"{on.part} part, {rows}, step {step}",
        f"{on.part}, step {step}",
    ]
    return longest_fitting(forms, width)


def _choose_name(ranking: list[tuple[str, Importance]], width: int) -> int:
    longest = max((count_cells(name) for name, _ in ranking), default=LEAST_NAME)
    return max(LEAST_NAME, min(longest, LONGEST_NAME, width - LOSS - LEAST_BAR - 2))


def _has_accuracy(room: int, width: int) -> bool:
    return width >= room + LOSS + POINTS + 2 * LEAST_BAR


def _has_accuracy_fall(view: ImportanceView) -> bool:
    return any(each.accuracy_fall is not None for each in view.found.values())


def _draw_signs(view: ImportanceView, width: int) -> Strip:
    more = SIGNS_OF_ACCURACY if _has_accuracy_fall(view) else ""
    return make_line((longest_fitting([f"{SIGNS[0]}{more}", f"{SIGNS[1]}{more}", *SIGNS], width), DIM))


def _draw_headings(view: ImportanceView, room: int, width: int) -> Strip:
    scored = _has_accuracy_fall(view) and _has_accuracy(room, width)
    headings = "loss".rjust(LOSS) + ("accuracy".rjust(POINTS) if scored else "")
    return make_line((align_left("column", max(0, width - len(headings))) + headings, DIM))


def _draw_row(name: str, importance: Importance, largest: float, room: int, width: int) -> Strip:
    """Draw the name, the bar, the rise of the loss and, where there is room, the fall of the accuracy."""
    numbers: list[Piece] = [(_sign(importance.rise).rjust(LOSS), PLAIN)]
    if importance.accuracy_fall is not None and _has_accuracy(room, width):
        # a fall of 0 is no −0
        numbers.append((format_points(0.0 - importance.accuracy_fall + 0.0).rjust(POINTS), DIM))
    bar_room = max(0, width - room - 2 - sum(len(text) for text, _ in numbers))
    bar = draw_bar(importance.rise / largest, bar_room) if largest > 0 else ""
    return make_line(
        (align_left(shorten(name, room), room), STRONG), ("  ", PLAIN), (align_left(bar, bar_room), BLUE), *numbers
    )


def _sign(rise: float) -> str:
    """Write a rise of the loss with its sign; a fall has one anyway."""
    return ("+" if rise > 0 else "") + format_number(rise, 0)
