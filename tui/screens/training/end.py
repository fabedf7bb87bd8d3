"""The panel of the end: how the run ended, its scores beside a constant guess, and what to do next."""

from textual.strip import Strip

from gradstep.core.observation.outcome import choose_scored_part
from gradstep.core.training.evaluation import Score
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.remedies import choose_next_steps
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import format_number, format_points, format_share
from gradstep.tui.session.endings import RunEnd
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

STEPS = 3
"""Next steps that are offered."""


class EndPanel(Panel[View], can_focus=False):
    """Draws three lines at the planned end of a run."""

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        if view.end is None:
            return []
        return [_draw_ending(view.end, width), _draw_scores(view.end, width), _draw_next_steps(view, width)]


def _draw_ending(end: RunEnd, width: int) -> Strip:
    timed = f"{end.words} after {end.seconds:.1f} s of training"
    forms = [f"{timed}: {end.failure.evidence}", timed] if end.failure else [timed]
    style = ORANGE if end.failure else STRONG
    words = shorten(longest_fitting([*forms, end.words], width - 3), width - 3)
    return make_line((" ■ ", ORANGE if end.failure else BLUE), (words, style))


def _draw_scores(end: RunEnd, width: int) -> Strip:
    """Draw the score on both parts, the gap between them and a constant guess; without the losses if narrow."""
    fields = _write_fields(end, with_loss=True)
    if sum(len(name) + len(value) + 4 for name, value in fields) > width:
        fields = _write_fields(end, with_loss=False)
    while len(fields) > 1 and sum(len(name) + len(value) + 4 for name, value in fields) > width:
        fields.pop()
    pieces: list[Piece] = [piece for name, value in fields for piece in ((f"  {name} ", DIM), (value, PLAIN))]
    return make_line(*pieces)


def _write_fields(end: RunEnd, with_loss: bool) -> list[tuple[str, str]]:
    train, test = end.evaluation.train, end.evaluation.test
    fields = [("train", _write_score(train, with_loss))]
    if test is not None:
        fields += [("test", _write_score(test, with_loss)), ("gap", _write_gap(train, test))]
    return [*fields, ("constant guess" if with_loss else "guess", _write_score(choose_scored_part(end.guess), False))]


def _write_score(score: Score, with_loss: bool) -> str:
    loss = f"loss {format_number(score.loss, 0)}"
    if score.accuracy is None:
        return loss
    accuracy = format_share(score.accuracy, 1)
    return f"accuracy {accuracy}, {loss}" if with_loss else accuracy


def _write_gap(train: Score, test: Score) -> str:
    """Write how much worse the test part is: in points of accuracy, or as a difference of losses."""
    if train.accuracy is None or test.accuracy is None:
        return format_number(test.loss - train.loss, 0)
    return format_points(train.accuracy - test.accuracy)


def _draw_next_steps(view: View, width: int) -> Strip:
    steps = choose_next_steps(view.findings[0].remedy if view.findings else None, STEPS)
    while len(steps) > 1 and len(" · ".join(steps)) + 3 > width:
        steps.pop()
    return make_line((" → ", DIM), (shorten(" · ".join(steps), width - 3), STRONG))
