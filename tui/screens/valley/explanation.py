"""The valley in numbers and in words: where the step lands, what was promised, and which rate would be better."""

from textual.strip import Strip

from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.observation.parameter_line import ParameterLine
from gradstep.core.observation.valley import Landing, StepLine
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.parameter_name import OF_BATCH, describe_parameter, explain_no_effect
from gradstep.tui.drawing.strips import flow_pieces, join_blocks, make_line, wrap_text
from gradstep.tui.drawing.valley_plot import NOW
from gradstep.tui.numbers import format_chosen, format_count
from gradstep.tui.screens.valley.losses import (
    describe_part,
    draw_landing,
    draw_losses,
    draw_part,
    draw_value,
    format_searched,
)
from gradstep.tui.screens.valley.map_words import explain_map
from gradstep.tui.screens.valley.plot import COMPUTING
from gradstep.tui.screens.valley.state import ValleyView
from gradstep.tui.widgets.panel import Panel

AS_HIGH = 1e-9
"""A landing is as high as the start if the loss changes by less than this share of the fall that was promised."""

H, BESIDE = 8, 40
"""Cells of h in the table of difference quotients, and of a table beside another."""

FLAT = "The step has no length: the slope of the loss is 0 in every direction, so no rate moves it."
UPHILL = "The loss does not fall at first, and that is no mistake:"
OWN_WAY = (
    "does not step straight against the slope of this batch. It goes on along the slopes of earlier steps, which it"
)
REMEMBERS = "remembers. Here they outweigh it, and lead uphill."
DOWN_WITH_SGD = "Plain descent (sgd) always begins downhill."
CARRIED = "The slope along this step is 0, and it goes on along the slopes of earlier steps, which are remembered by"
RETURNS = "That is where it was one step ago: at this rate it jumps between these two points for ever."
OVER_THE_VALLEY = "The rate is too large for this step: it flies over the valley and lands higher than it came from."
HIGHER = "The step lands higher than it came from."
OTHER_WALL = "The step flies over the lowest point and lands on the other wall,"
AT_LOWEST = "The step lands at the lowest point of this line."
NEAR_LOWEST = "The step lands almost as low as the lowest point of this line."
STOPS_BEFORE = "The step goes downhill and stops before the lowest point."
FALLS_ON = "The step goes downhill. Along this line the loss goes on falling as far as it is drawn, to rate"
TOO_MUCH = "The tangent promises a loss below 0. No loss can be below 0, so this promise cannot be kept."
NOT_FINITE = "The step lands where the loss is no longer a finite number: the rate is far too large."

EACH_BATCH = "The next batch has another valley: that of a batch is not that of all rows."
FROZEN = "This bias is frozen: the loss depends on it, but training does not change it."
CURVE = "The curve: what the loss would be after this step at each learning rate. All weights move at once."
PROMISE = "Promised is where the tangent leads, if the slope stayed as it is at"
PLAIN_PROMISE = "−α·‖g‖² is the learning rate times the squared length of the gradient g, the slopes for all weights."
SUM_PROMISE = "Σ g·Δw: the slope g for each weight times Δw, what the step adds to that weight, all added up."
LIMIT = (
    "the closer it is to the slope of the tangent. It is on one side of w, as in the definition of the derivative, "
    "its limit."
)
BRIEF_LIMIT = "A smaller h comes closer to the derivative. On one side of w, as in its definition."


class ValleyExplanation(Panel[ValleyView], can_focus=False):
    """Draws the numbers of the valley, and sentences that are true of this step."""

    BORDER_TITLE = "why"

    def lines(self, view: ValleyView, width: int, height: int) -> list[Strip]:
        if view.mode == "step" and view.line is not None and view.landing is not None:
            return _choose_form(_explain_step(view, view.line, view.landing, width), height)
        if view.mode == "parameter" and view.parameter_line is not None:
            return _choose_form(_explain_parameter(view, view.parameter_line, width), height)
        if view.mode == "map" and view.plane is not None:
            return _choose_form(explain_map(view, view.plane, width), height)
        return []


def _choose_form(forms: list[list[Strip]], height: int) -> list[Strip]:
    """Return the first form that fits, the longest first; or the last one."""
    return next((form for form in forms if len(form) <= height), forms[-1])


def _explain_step(view: ValleyView, line: StepLine, landing: Landing, width: int) -> list[list[Strip]]:
    batch = len(line.step.x)
    examples = "its one example" if batch == 1 else f"the {format_count(batch)} examples of its batch"
    mean = "loss" if batch == 1 else "mean loss"
    which = "made already" if view.made else "the next one"
    head = wrap_text(f"Step {format_count(line.step.step)}, {which}: the {mean} of {examples}.", width, DIM)
    losses, of_all = draw_losses(view, line, landing, width), draw_part(view, batch, width)
    table = losses
    sentences = [*describe_landing(view, line, landing), *describe_part(view, landing)]
    words = _wrap_all(sentences if line.searched else [COMPUTING], width)
    promised = _wrap_all([TOO_MUCH] if line.searched and line.promises_too_much(landing) else [], width)
    note = wrap_text(EACH_BATCH, width, DIM) if of_all else []
    promise = wrap_text(_explain_promise(view.optimizer), width, DIM)
    curve = wrap_text(CURVE, width, DIM)
    blank = [Strip([])]
    if of_all and width >= BESIDE + max(strip.cell_length for strip in of_all[1:]):
        beside = draw_part(view, batch, width - BESIDE)
        table, of_all = join_blocks([draw_losses(view, line, landing, BESIDE - 1), beside], [BESIDE]), []
    part = [*blank, *of_all, *blank, *note] if of_all else [*blank, *note] if note else []
    return [
        [*head, *table, *blank, *words, *promised, *part, *blank, *curve, *blank, *promise],
        [*head, *table, *blank, *words, *promised, *part, *blank, *promise],
        [*head, *table, *blank, *words, *promised, *part],
        [*head, *table, *words, *promised, *of_all, *note],
        [*head, *table, *words, *promised, *of_all],
        [*table, *words, *promised, *of_all],
        [*head, *table, *words, *of_all],
        [*table, *words, *of_all],
        [*table, *words],
        [*losses[:2], *words],
        [*losses, *words],
    ]


def _wrap_all(sentences: list[str], width: int) -> list[Strip]:
    return [strip for text in sentences for strip in wrap_text(text, width, STRONG)]


def _explain_promise(optimizer: str) -> str:
    """Say in words what the promised change is."""
    return f"{PROMISE} {NOW}. {PLAIN_PROMISE if OPTIMIZERS[optimizer].subtracts_gradient else SUM_PROMISE}"


def describe_landing(view: ValleyView, line: StepLine, landing: Landing) -> list[str]:
    """Say in sentences where the step lands, and which rate reaches the lowest point of the line."""
    best = line.best_rate
    better = [] if best is None else [f"A rate of about {format_searched(best)} reaches the lowest point of this line."]
    match landing.kind:
        case "not finite":
            return [NOT_FINITE, *better]
        case "flat":
            return [FLAT]
        case "uphill":
            return _describe_uphill(view.optimizer, line.slope, landing.real)
        case "higher":
            flies = best is not None and line.lowest.at < landing.at
            return [OVER_THE_VALLEY if flies else HIGHER, *better]
        case "beyond":
            level = abs(landing.real) <= AS_HIGH * abs(landing.promised)
            wall = f"{OTHER_WALL} {'as high as it came from.' if level else 'lower than it came from.'}"
            return [wall, *([RETURNS] if _jumps_for_ever(view, line) else []), *better]
        case "lowest":
            return [AT_LOWEST]
        case "near":
            return [NEAR_LOWEST]
        case "short":
            return [STOPS_BEFORE, *better] if better else [f"{FALLS_ON} {format_chosen(view.ends[1])}."]


def _describe_uphill(optimizer: str, slope: float, real: float) -> list[str]:
    """Say why a step does not begin downhill, and where it ends all the same."""
    lands = [f"It lands {'higher' if real > 0 else 'lower'} than it came from."] if real else []
    if not slope:
        return [f"{CARRIED} {optimizer}.", *lands]
    return [" ".join([UPHILL, optimizer, OWN_WAY, REMEMBERS, *lands, DOWN_WITH_SGD])]


def _jumps_for_ever(view: ValleyView, line: StepLine) -> bool:
    """Whether the step leads back to where the last one came from, and so do all that follow.

    They do without a memory of earlier gradients, and if every batch has all examples.
    """
    forgets, part = not OPTIMIZERS[view.optimizer].remembers, view.part_line
    whole = part is not None and len(line.step.x) >= part.total
    return forgets and whole and view.rate == line.step.learning_rate and not view.edited and line.leads_back


def _explain_parameter(view: ValleyView, line: ParameterLine, width: int) -> list[list[Strip]]:
    layers = line.surface.layers
    activation, weights = layers[line.parameter.layer_number - 1].activation.name, [each.weights for each in layers]
    head = wrap_text(describe_parameter(line.parameter, activation, view.dataset, weights), width, STRONG)
    landing = line.find_landing(view.rate)
    values = [draw_value(width, f"{NOW} now", line.value, BLUE), draw_value(width, "  loss", line.now, PLAIN)]
    lands = [draw_landing(width, view.rate, line.value, landing)]
    table = [make_line(("h".ljust(H), DIM), ("(L(w+h) − L(w)) / h", DIM))]
    for h, quotient in zip(line.distances, line.quotients, strict=True):
        table.append(make_line((format_chosen(h).ljust(H), PLAIN), (format_chosen(quotient), PLAIN)))
    backprop = ("∂L/∂w".ljust(H), ORANGE), (format_chosen(line.slope), ORANGE)
    table += flow_pieces(width, *backprop, ("  from backpropagation", DIM))
    said = " ".join([_describe_slope(line), *_explain_flatness(view, line), *([FROZEN] if line.frozen else [])])
    kind = "bias" if line.parameter.source is None else "weight"
    limit = wrap_text(f"L is the loss, w is this {kind} and h a change of it. The smaller h, {LIMIT}", width, DIM)
    beside = BESIDE + max(strip.cell_length for strip in table)
    brief = wrap_text(f"w: this {kind}, L: the loss. {BRIEF_LIMIT}", BESIDE - 2, DIM)
    left = [draw_value(BESIDE - 1, f"{NOW} now", line.value, BLUE), *values[1:]]
    left.append(draw_landing(BESIDE - 1, view.rate, line.value, landing))
    joined = [*head, *join_blocks([[*left, *brief], table], [BESIDE]), *wrap_text(said, width, STRONG)]
    words, blank = wrap_text(said, width, STRONG), [Strip([])]
    return [
        [*head, *values, *lands, *blank, *table, *blank, *limit, *blank, *words],
        *([joined] if width >= beside else []),
        [*head, *values, *lands, *table, *words],
        [*head, *lands, *table, *words],
        [*head, *table, *words],
        [*table, *words],
        [*table[1:], *words],
    ]


def _explain_flatness(view: ValleyView, line: ParameterLine) -> list[str]:
    """Say why a change of the parameter does not change the loss, if it does not."""
    layers, number = line.surface.layers, line.parameter.layer_number
    if line.cause is None:
        return []
    activation, is_last = layers[number - 1].activation.name, number == len(layers)
    return [explain_no_effect(line.cause, line.parameter, activation, view.dataset, OF_BATCH, is_last)]


def _describe_slope(line: ParameterLine) -> str:
    kind = "bias" if line.parameter.source is None else "weight"
    if line.is_flat:
        return f"The loss is the same for every value of this {kind} on the plot."
    if line.slope == 0:
        return f"The slope is 0: a tiny change of this {kind} does not change the loss."
    way, arrow = ("smaller", "left, ←") if line.slope > 0 else ("larger", "right, →")
    return f"Downhill is −∂L/∂w: the loss falls if this {kind} becomes {way}, to the {arrow}."
