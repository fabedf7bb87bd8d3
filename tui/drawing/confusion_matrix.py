"""The confusion matrix: for each target class, how many examples were predicted as which class."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from gradstep.core.observation.class_scores import ClassScore, measure_classes
from gradstep.core.observation.part_report import PartReport
from gradstep.tui.drawing.cells import align_right, count_cells, shorten
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import NOT_COMPUTED, format_count, format_share
from gradstep.tui.screen_keys import name_key

Measures = tuple[tuple[str, Callable[[ClassScore], float | None]], ...]
"""Headings of the columns after the counts, and what stands in them for each class."""

ALL_MEASURES: Measures = (
    ("precision", lambda score: score.precision),
    ("recall", lambda score: score.recall),
    ("F1", lambda score: score.f1),
)
RECALL: Measures = (("right", lambda score: score.recall),)
"""Where there is room for one column: the share of the examples of a class that are predicted right."""

MEANING = f"A row is the target class, a column the predicted one. {name_key('output')} goes on to the most wrong."
MEANING_OF_MEASURES = (
    "precision: of the examples predicted as a class, how many are of it; recall: of the examples of a class, how many "
    "are predicted right; F1: their harmonic mean."
)

SHARE_WIDTH = 6
WIDEST_CELL = 6
LEAST_NAME = 3
"""Cells of the share at the end of a row, of the widest column, and of the shortest name."""

Counts = NDArray[np.intp]


def draw_confusion_matrix(
    report: PartReport, names: tuple[str, ...], width: int, height: int, dated: bool = False
) -> list[Strip]:
    """Draw the matrix with a row for each target class; if it does not fit, draw a line for each class.

    `dated` demands the step of the report, which is then drawn at any size, as are examples without a prediction.
    """
    counts = report.confusion
    if counts is None:
        return []
    told = dated or counts.sum() < report.rows
    head = [_draw_headline(report, counts, width, dated)] if told or height > len(names) + 1 else []
    room = height - len(head)
    strips, meaning = _draw_matrix(counts, names, width, room, ALL_MEASURES), f"{MEANING} {MEANING_OF_MEASURES}"
    if not strips:
        strips = _draw_matrix(counts, names, width, room, RECALL) or _draw_list(counts, names, width, room)
        meaning = MEANING
    return [*head, *strips, *_draw_meaning(meaning, width, room - len(strips))]


def _draw_matrix(counts: Counts, names: tuple[str, ...], width: int, room: int, measures: Measures) -> list[Strip]:
    """Draw target classes as rows and predicted classes as columns; nothing if they do not fit."""
    taken = sum(_measure_column(heading) for heading, _ in measures)
    heads, cell = list(names), len(str(counts.max())) + 1
    if max(map(count_cells, names)) > 2 * cell:
        heads, names = _add_letters(names)
    cell = max(cell, *(count_cells(each) + 1 for each in heads))
    longest = max(map(count_cells, names))
    name = min(longest, width - taken - cell * len(names))
    # names are cut for one column alone
    if name < (min(LEAST_NAME, longest) if measures is RECALL else longest):
        return []
    cell = max(cell, min(WIDEST_CELL, (width - taken - name) // len(names)))
    titles = "".join(align_right(each, cell) for each in heads)
    titles += "".join(heading.rjust(_measure_column(heading)) for heading, _ in measures)
    strips, scores = [make_line((" " * name + titles, DIM))], measure_classes(counts)
    for target in _choose_classes(counts, room - 1):
        pieces: list[Piece] = [(align_right(names[target], name), STRONG)]
        pieces += [_draw_cell(int(count), target == predicted, cell) for predicted, count in enumerate(counts[target])]
        pieces += [
            (_format_share(measure(scores[target])).rjust(_measure_column(heading)), PLAIN)
            for heading, measure in measures
        ]
        strips.append(make_line(*pieces))
    return _add_count_of_rest(strips, len(counts), len(strips) - 1)


def _measure_column(heading: str) -> int:
    return max(SHARE_WIDTH, len(heading) + 1)


def _draw_meaning(meaning: str, width: int, room: int) -> list[Strip]:
    """Explain the rows and columns if there is room."""
    strips = wrap_text(meaning, width, DIM)
    if room <= len(strips):
        strips = wrap_text(MEANING, width, DIM)
    return [Strip([]), *strips] if room > len(strips) else []


def _draw_headline(report: PartReport, counts: Counts, width: int, dated: bool) -> Strip:
    right, rows = int(np.trace(counts)), report.rows
    share, step = format_share(right / rows, 1), f" at step {format_count(report.step)}" if dated else ""
    without = rows - int(counts.sum())
    numbers = f"{report.part} part{step}: {format_count(right)} of {format_count(rows)} right, {share}"
    forms = [
        *([f"{numbers}; {format_count(without)} without a prediction: NaN"] if without else []),
        *([f"{share} right, {format_count(without)} without a prediction{step}"] if without else []),
        numbers,
        f"{report.part}{step}: {share} right",
        f"{share}{step}",
    ]
    return make_line((longest_fitting(forms, width), PLAIN))


def _draw_cell(count: int, right: bool, width: int) -> Piece:
    """Draw a count in the colour of right or wrong; 0 is a dot."""
    if not count:
        return "·".rjust(width), DIM
    return str(count).rjust(width), GOOD if right else BAD


def _format_share_right(counts: Counts, target: int) -> str:
    """Format the share of the examples of this class that are predicted right."""
    return _format_share(measure_classes(counts)[target].recall)


def _format_share(share: float | None) -> str:
    return NOT_COMPUTED if share is None else format_share(share)


def _add_letters(names: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Return a letter for each column, and the names with their letters."""
    letters = [chr(ord("A") + index % 26) * (1 + index // 26) for index in range(len(names))]
    return letters, tuple(f"{letter} {name}" for letter, name in zip(letters, names, strict=True))


def _draw_list(counts: Counts, names: tuple[str, ...], width: int, room: int) -> list[Strip]:
    """Draw a line for each class: the share predicted right, and the most frequent wrong prediction."""
    longest = max(1, min(max(map(count_cells, names)), (width - SHARE_WIDTH) // 2))
    strips = []
    for target in _choose_classes(counts, room):
        wrong = counts[target].copy()
        wrong[target] = 0
        taken: list[Piece] = []
        if wrong.any():
            words = f" {wrong.max()} taken for "
            room = width - longest - SHARE_WIDTH - len(words)
            taken = [(words + shorten(names[int(wrong.argmax())], room), BAD)] if room > 0 else []
        name = align_right(names[target], longest)
        strips.append(
            make_line((name, STRONG), (_format_share_right(counts, target).rjust(SHARE_WIDTH), PLAIN), *taken)
        )
    return _add_count_of_rest(strips, len(counts), len(strips))


def _choose_classes(counts: Counts, room: int) -> list[int]:
    """Return the indices of the classes; if there is no room for all, those with the lowest share predicted right."""
    if len(counts) <= room:
        return list(range(len(counts)))
    found = np.diag(counts) / np.maximum(counts.sum(axis=1), 1)
    return sorted(np.argsort(found, kind="stable")[: max(0, room - 1)].tolist())


def _add_count_of_rest(strips: list[Strip], classes: int, shown: int) -> list[Strip]:
    return strips if shown == classes else [*strips, make_line((f"… {classes - shown} more", DIM))]
