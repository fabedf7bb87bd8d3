"""The lanes of the race as a table, with the whole verdict on the chosen lane."""

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip

from gradstep.core.observation.outcome import MEAN_GUESS, SHARES_GUESS
from gradstep.core.training.race import LaneStanding
from gradstep.core.training.race_verdict import PLOT_TOP, VerdictKind
from gradstep.data.run import Run
from gradstep.tui.drawing.batch_words import count_updates
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, MARKED, ORANGE, PLAIN, STRONG, make_style
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line, wrap_text
from gradstep.tui.numbers import format_count, format_number, format_share, typeset_minus
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.race.contest_words import (
    WORDS,
    find_batch,
    format_seconds,
    is_smoothed,
    list_first_lesson,
    list_lessons,
    list_short_lessons,
    name_lane,
    write_label,
)
from gradstep.tui.screens.race.plot import CLIPPED
from gradstep.tui.session.race_loop import RaceView
from gradstep.tui.widgets.panel import Panel

VERDICTS: dict[VerdictKind, Style] = {
    "begun": DIM,
    "slow": PLAIN,
    "behind": PLAIN,
    "good": GOOD,
    "overshoots": ORANGE,
    "diverging": BAD,
    "diverged": BAD,
}
LEAST_LABEL, LOSS, SCORE = 8, 9, len("  validation accuracy")
"""Cells of the narrowest column of rates, of the loss, whose number may have ▲ before it, and of the score."""

NARROW, WITH_LOSS, WITH_COST, WITH_SECONDS = 56, 72, 96, 116
"""Below the first width the score is left out, because the verdict needs the room. From the second on the head of a
smoothed loss is written whole. From the others on the race of batch sizes has the updates of an epoch, and the seconds
that one takes."""

SMOOTHED = "smoothed"
"""What the column of losses has where a lane is smoothed."""

GUESS = "constant guess"
"""What verdicts call what a loss is compared with."""

COST, SECONDS = "  updates an epoch", "  seconds an epoch"


class RaceTable(Panel[RaceView], can_focus=False):
    """Draws a row for each lane: its number, its rate, batch size or neurons, its loss, its score and its verdict.

    The score is that on the validation part, if there is one: the accuracy, or the loss of a regression. ▲ marks a loss
    above the plot.
    """

    BORDER_TITLE = "Lanes"

    def __init__(self, run: Run) -> None:
        """`run` is the one that the race is made from."""
        super().__init__(id="race-table")
        self._run = run

    def lines(self, view: RaceView, width: int, height: int) -> list[Strip]:
        wide = width >= NARROW
        score = "validation accuracy" if _is_classification(view) else "validation loss"
        labels = [write_label(view, index, wide, self._run) for index in range(len(view.standings))]
        label = max(LEAST_LABEL, *(len(each) + 1 for each in [*labels, WORDS[view.contest].column]))
        scored, cost = score.rjust(SCORE) if wide and _is_scored(view) else "", COST if _has_cost(view, width) else ""
        cost += SECONDS if _has_cost(view, width, WITH_SECONDS) else ""
        header = f"    {WORDS[view.contest].column:<{label}}{_head_loss(view, width)}{scored}{cost}  verdict"
        rows = [make_line((header, DIM))]
        rows += [
            _draw_row(index, each, view, labels[index].ljust(label), width) for index, each in enumerate(view.standings)
        ]
        for below in _list_verdict_forms(view, width):
            if len(rows) + len(below) <= height:
                return rows + below
        return rows


def _list_verdict_forms(view: RaceView, width: int) -> list[list[Strip]]:
    """The whole verdict on the chosen lane and the keys that apply to it, the longest form first."""
    chosen = view.standings[view.chosen]
    name = name_lane(view, chosen)
    if chosen.verdict.kind == "diverged":
        hint = f"It cannot go on: {name_key('race_up')} {name_key('race_down')} choose another lane."
    else:
        hint = f"{name_key('race_pick')} goes on with {name}; {name_key('race_leave')} leaves your run as it was."
    further = f"{hint} {name_key('race_pause')} races on." if view.phase == "finished" else hint
    said = wrap_text(f"{name}: {typeset_minus(chosen.verdict.words)}.", width)
    explained = [*said, *_wrap([_explain(view, chosen)], width)]
    hints, brief, blank = wrap_text(further, width, DIM), wrap_text(hint, width, DIM), Strip([])
    lessons, first, short = (
        _wrap(each, width) for each in (list_lessons(view), list_first_lesson(view), list_short_lessons(view))
    )
    forms = [[blank, *lessons, *explained, *hints], [blank, *lessons, *said, *hints], [*lessons, *said, *hints]]
    forms += [[*lines, *brief] for lines in (lessons, first, short) if lines]
    without = [[blank, *explained, *hints], [*explained, *hints], [blank, *said, *hints], [*said, *hints]]
    return [*(forms if lessons else []), *without, [*said, *brief], brief]


def _wrap(sentences: Sequence[str], width: int) -> list[Strip]:
    return [line for sentence in sentences if sentence for line in wrap_text(sentence, width)]


def _explain(view: RaceView, standing: LaneStanding) -> str:
    """Say what a constant guess is, where the verdict compares the loss with it."""
    if GUESS not in standing.verdict.words:
        return ""
    return f"A {GUESS} is {SHARES_GUESS if _is_classification(view) else MEAN_GUESS}."


def _draw_row(index: int, standing: LaneStanding, view: RaceView, label: str, width: int) -> Strip:
    chosen, wide = index == view.chosen, width >= NARROW
    name = MARKED if chosen else STRONG
    pieces: list[Piece] = [
        ("▸" if chosen else " ", STRONG),
        (f"{index + 1} ", make_style(LANE_COLOURS[index], bold=True)),
        (f" {label}", name),
        (_format_loss(standing.loss, view.start_loss).rjust(len(_head_loss(view, width))), PLAIN),
    ]
    if wide and _is_scored(view):
        share, loss = format_share(standing.accuracy), _format_loss(standing.validation_loss, view.start_loss)
        pieces.append(((share if _is_classification(view) else loss).rjust(SCORE), PLAIN))
    if _has_cost(view, width):
        pieces.append((format_count(count_updates(*find_batch(view, index))).rjust(len(COST)), PLAIN))
    if _has_cost(view, width, WITH_SECONDS):
        pieces.append((format_seconds(standing.seconds_per_epoch).rjust(len(SECONDS)), PLAIN))
    room = width - make_line(*pieces).cell_length - 2
    verdict = standing.verdict
    words = longest_fitting(map(typeset_minus, (verdict.words, verdict.brief, verdict.kind)), room)
    return make_line(*pieces, (f"  {words}", VERDICTS[verdict.kind]))


def _head_loss(view: RaceView, width: int) -> str:
    """Return the head of the column of losses: whether any of them is a mean over the newest points."""
    if not is_smoothed(view):
        return "loss now".rjust(LOSS)
    return f"{SMOOTHED} loss".rjust(LOSS + len(" loss")) if width >= WITH_LOSS else SMOOTHED.rjust(LOSS)


def _has_cost(view: RaceView, width: int, least: int = WITH_COST) -> bool:
    return view.contest == "batches" and width >= least


def _is_scored(view: RaceView) -> bool:
    return view.runs[0].trainer.validation_part is not None


def _is_classification(view: RaceView) -> bool:
    return view.runs[0].trainer.classification


def _format_loss(loss: float | None, start_loss: float) -> str:
    """The loss in its cells, with ▲ where it is above the plot."""
    above = loss is not None and loss > PLOT_TOP * start_loss
    return ((CLIPPED if above else "") + format_number(loss, LOSS - 1)).rjust(LOSS)
