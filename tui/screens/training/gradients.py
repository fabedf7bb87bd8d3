"""The gradients panel: for each layer the norm of its gradient, the size of its update, and a verdict."""

import math

from textual.strip import Strip

from gradstep.core.observation.layer_statistics import LayerStatistics
from gradstep.core.observation.layer_verdict import LayerVerdict, judge_layer
from gradstep.core.observation.snapshot import LayerView
from gradstep.tui.drawing.batch_words import describe_votes
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.findings import draw_findings
from gradstep.tui.drawing.palette import BLUE, CAUTION, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import NOT_COMPUTED, draw_sparkline, format_number, format_share
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

LONG_NAMES_WIDTH = 54
LEAST_VERDICT = len("  very long steps")
VERDICT_STYLES = {True: GOOD, False: CAUTION, None: DIM}
"""A mere description, such as that of long steps, is not to look like a warning."""

NO_STEP = ("no step made yet", "known at the next step")
"""What stands in place of a verdict before the first step, and in a run that goes on from a saved one, which
does not hold what its step did."""

TALLEST = 12
"""The largest height of a histogram, in lines."""

LINES_WITH_LEGEND = 7
"""With more lines for each layer than these it is said what the bars and numbers are."""

LEGENDS = (
    "bars: how many weights have which gradient   ‖∇W‖: its length   ‖ΔW‖/‖W‖: the step's length beside the weights'",
    "bars: how many weights have which gradient   ‖ΔW‖/‖W‖: the step beside the weights",
    "bars: how many weights have which gradient",
    "bars: weights by gradient",
)

NO_WEIGHT_GRADIENT = ("no histogram: every weight's gradient is 0", "no histogram: ∇W is 0")
NOT_FINITE = ("no histogram: a gradient is not finite",)


class GradientsPanel(Panel[View]):
    """Draws a block of lines for each layer: its verdict, its numbers, and its histogram, as tall as fits.

    Above them it says how many examples vote in a step.
    """

    BORDER_TITLE = "3 Gradients"

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        findings = draw_findings(view.findings, width, height, rests=view.phase != "training")
        room, layers = height - len(findings), len(view.snapshot.layers)
        head = _draw_votes(view, width) if room > 3 * layers else []
        if room > LINES_WITH_LEGEND * layers:
            head.append(make_line((longest_fitting(LEGENDS, width), DIM)))
        strips = [*head, *self._draw_layers(view, width, room - len(head))]
        return [*strips, *[Strip([])] * (height - len(strips) - len(findings)), *findings]

    def _draw_layers(self, view: View, width: int, height: int) -> list[Strip]:
        layers = view.snapshot.layers
        least, gaps = 3 * len(layers), len(layers) - 1
        spare = height - least - gaps
        rows = max(1, min(TALLEST, 1 + spare // len(layers)))
        verdicts = [
            judge_layer(layer_number, layer.statistics, view.findings)
            if layer.statistics
            else NO_STEP[view.snapshot.step > 0]
            for layer_number, layer in enumerate(layers, start=1)
        ]
        whole = height >= 2 * len(layers)
        blocks = [
            _draw_layer(layer_number, layer, width, rows, verdict)
            if whole
            else _draw_layer_on_one_line(layer_number, layer, width, verdict)
            for layer_number, (layer, verdict) in enumerate(zip(layers, verdicts, strict=True), start=1)
        ]
        if height < least:
            blocks = [block[:2] for block in blocks]
        elif spare >= 0:
            blocks = [blocks[0], *([Strip([]), *block] for block in blocks[1:])]
        strips = [strip for block in blocks for strip in block]
        if len(strips) > height:
            hidden = -(-(len(strips) - height + 1) // len(blocks[0]))
            return [*strips[: height - 1], make_line((longest_fitting(_describe_hidden_layers(hidden), width), DIM))]
        return strips


def _draw_votes(view: View, width: int) -> list[Strip]:
    """How many examples vote in a step: the gradient of a step is the mean of theirs."""
    forms = describe_votes(view.run.experiment.training.batch_size or "full", len(view.run.split.train_rows))
    return [make_line((longest_fitting(forms, width), DIM))]


def _describe_hidden_layers(layers: int) -> tuple[str, str]:
    return f"… {layers} more layers: a larger panel shows them", f"… {layers} more layers"


def _draw_layer(layer_number: int, layer: LayerView, width: int, rows: int, verdict: LayerVerdict | str) -> list[Strip]:
    name = _name_layer(layer_number, layer)
    return [
        make_line((name, STRONG), *_draw_verdict(verdict, width - len(name))),
        _draw_numbers(layer.statistics, width),
        *_draw_histogram(layer.statistics, width, rows),
    ]


def _draw_layer_on_one_line(
    layer_number: int, layer: LayerView, width: int, verdict: LayerVerdict | str
) -> list[Strip]:
    """The name, the size of the update and the verdict; the name without its sizes if need be."""
    statistics = layer.statistics
    ratio: list[Piece] = [
        ("  ΔW/W ", DIM),
        (format_number(statistics.update_ratio if statistics else None, 0), PLAIN),
    ]
    name = _name_layer(layer_number, layer)
    if len(name) + make_line(*ratio).cell_length + LEAST_VERDICT > width:
        name = f"{layer_number} {layer.activation}"
    head: list[Piece] = [(name, STRONG), *ratio]
    return [make_line(*head, *_draw_verdict(verdict, width - make_line(*head).cell_length))]


def _name_layer(layer_number: int, layer: LayerView) -> str:
    neurons, inputs = layer.weights.shape
    return f"{layer_number} {layer.activation} {inputs}→{neurons}"


def _draw_verdict(verdict: LayerVerdict | str, room: int) -> list[Piece]:
    if isinstance(verdict, str):
        return [("  " + shorten(verdict, room - 2), DIM)]
    return [("  " + shorten(verdict.words, room - 2), VERDICT_STYLES[verdict.healthy])]


def _draw_numbers(statistics: LayerStatistics | None, width: int) -> Strip:
    norm = format_number(statistics.gradient_norm if statistics else None)
    ratio = format_number(statistics.update_ratio if statistics else None)
    names = ("‖∇W‖", "‖ΔW‖/‖W‖") if width >= LONG_NAMES_WIDTH else ("∇W", "ΔW/W")
    pieces = [("  " + names[0], DIM), (norm, PLAIN), ("  " + names[1], DIM), (ratio, PLAIN)]
    if statistics and statistics.silent_share is not None:
        pieces += [
            ("  silent " if width >= LONG_NAMES_WIDTH else " silent ", DIM),
            (format_share(statistics.silent_share), PLAIN),
        ]
    elif statistics and statistics.saturated_share is not None:
        pieces += [
            ("  saturated " if width >= LONG_NAMES_WIDTH else " satur. ", DIM),
            (format_share(statistics.saturated_share), PLAIN),
        ]
    return make_line(*pieces)


def _draw_histogram(statistics: LayerStatistics | None, width: int, rows: int) -> list[Strip]:
    """The histogram between the gradients at its two ends, each bar as wide as fits."""
    if statistics is None:
        return [make_line(("  " + NOT_COMPUTED, DIM)), *[Strip([])] * (rows - 1)]
    counts = statistics.histogram
    if not (math.isfinite(statistics.extent) and statistics.extent):
        words = NO_WEIGHT_GRADIENT if statistics.extent == 0 else NOT_FINITE
        return [make_line(("  " + longest_fitting(words, width - 2), DIM)), *[Strip([])] * (rows - 1)]
    extent = format_number(statistics.extent, 0)
    left, right = f"  −{extent} ", f" +{extent}"
    wide = max(1, min(rows, (width - len(left) - len(right)) // len(counts)))
    half = len(counts) // 2 * wide
    strips = []
    for row in reversed(range(rows)):
        bars = "".join(bar * wide for bar in draw_sparkline(counts, rows, row))
        ends = (left, right) if row == 0 else (" " * len(left), "")
        strips.append(make_line((ends[0], DIM), (bars[:half], ORANGE), (bars[half:], BLUE), (ends[1], DIM)))
    return strips
