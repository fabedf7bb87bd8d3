"""The panel of the end: how the run ended, its scores, the baselines beside them, and what to do next."""

from textual.strip import Strip

from gradstep.core.observation.outcome import choose_scored_part
from gradstep.core.training.evaluation import Evaluation, Score
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.remedies import NEXT_STEPS, choose_next_steps
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import format_count, format_number, format_of_data, format_points, format_share
from gradstep.tui.screen_keys import name_key
from gradstep.tui.session.endings import RunEnd
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

BEST = name_key("best")
"""The key that goes to the best weights."""

BASELINE_FORMS = ((True, True), (False, True), (False, False))
"""Whether the names are long, and whether the mean absolute error is among the errors; the longest form first."""

STEPS = 3
"""Next steps that are offered after a built-in set: a beginner is not to choose between more."""

OWN_STEPS = {
    name_key("importance"): "importance",
    name_key("experiment"): "setup",
    name_key("quit"): "quit to predict",
    name_key("runs"): "compare",
    name_key("picture"): "picture",
}
"""What is offered after data of one's own, by its key. The commands that predict and export are printed on leaving."""


class EndPanel(Panel[View], can_focus=False):
    """Draws four lines at the planned end of a run."""

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        if view.end is None:
            return []
        return [
            _draw_ending(view.end, width),
            _draw_fields([_list_scores(view.end, with_loss) for with_loss in (True, False)], width),
            _draw_fields([_list_baselines(view.end, *form) for form in BASELINE_FORMS], width),
            _draw_next_steps(view, width),
        ]


def _draw_ending(end: RunEnd, width: int) -> Strip:
    why, colon, more = end.words.partition(":")
    timed = f"{why} after {end.seconds:.1f} s of training{colon}{more}"
    forms = [f"{timed}: {end.failure.evidence}", timed] if end.failure else [timed]
    style = ORANGE if end.failure else STRONG
    words = shorten(longest_fitting([*forms, end.words], width - 3), width - 3)
    return make_line((" ■ ", ORANGE if end.failure else BLUE), (words, style))


Fields = list[tuple[str, str]]
"""Names and values."""


def _draw_fields(forms: list[Fields], width: int) -> Strip:
    """Draw the first form that fits; if none does, as many fields of the last as fit."""
    fields = next((form for form in forms if _measure(form) <= width), forms[-1])
    while len(fields) > 1 and _measure(fields) > width:
        fields = fields[:-1]
    pieces: list[Piece] = [piece for name, value in fields for piece in ((f"  {name} ", DIM), (value, PLAIN))]
    return make_line(*pieces)


def _measure(fields: Fields) -> int:
    return sum(len(name) + len(value) + 3 for name, value in fields)


def _list_scores(end: RunEnd, with_loss: bool) -> Fields:
    """List the score on each part, and the gap between the training part and the one that counts."""
    scores = end.evaluation
    fields = [("training part" if with_loss else "train", _write_score(scores.train, with_loss))]
    if scores.validation is not None:
        fields.append(("validation" if with_loss else "val", _write_score(scores.validation, with_loss)))
    if scores.test is not None:
        fields.append(("test", _write_score(scores.test, with_loss)))
    counts = choose_scored_part(scores)
    return fields if counts is scores.train else [*fields, ("gap", _write_gap(scores.train, counts))]


def _list_baselines(end: RunEnd, wide: bool, with_mae: bool) -> Fields:
    """List the errors of a regression, the scores of a constant guess and of a linear model, and the best step."""
    fields: Fields = []
    if len(end.errors) == 1:
        (errors,) = end.errors
        part = _name_scored_part(end.evaluation, wide)
        fields = [(f"{part} RMSE", format_of_data(errors.rmse))]
        fields += [("MAE", format_of_data(errors.mae))] if with_mae else []
        fields += [] if errors.r2 is None else [("R²", format_number(errors.r2, 0))]
    guess = _write_score(choose_scored_part(end.guess), False)
    fields.append(("constant guess", guess))
    if end.linear is not None:
        score = _write_score(choose_scored_part(end.linear.evaluation), False)
        compared = "" if end.beats_linear_model else ", the network is no better" if wide else ", no better"
        fields.append(("linear model" if wide else "linear", f"{score}{compared}"))
    if end.best is not None:
        loss = f", validation loss {format_number(end.best.score.loss, 0)}" if wide else ""
        fields.append((f"{BEST}: best step" if wide else "best step", f"{format_count(end.best.step)}{loss}"))
    return fields


def _name_scored_part(scores: Evaluation, wide: bool) -> str:
    """Name the part that the errors and the baselines are measured on."""
    if scores.test is not None:
        return "test"
    if scores.validation is None:
        return "train"
    return "validation" if wide else "val"


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
    offered, count = _list_offers(view)
    steps = choose_next_steps(view.findings[0].remedy if view.findings else None, count, offered)
    while len(steps) > 1 and len(" · ".join(steps)) + 3 > width:
        steps.pop()
    return make_line((" → ", DIM), (shorten(" · ".join(steps), width - 3), STRONG))


def _list_offers(view: View) -> tuple[dict[str, str], int]:
    """List what can be done next by its key, and how many of that are to be named.

    The best weights come first, if they are others than those of the end.
    """
    best = view.end.best if view.end else None
    first = {} if best is None or best.step == view.snapshot.step else {BEST: f"best step {format_count(best.step)}"}
    if view.run.experiment.data.path is None:
        return first | NEXT_STEPS, STEPS
    offered = first | OWN_STEPS
    if view.run.dataset.image_shape is not None:
        del offered[name_key("importance")]
    return offered, len(offered) + 1
