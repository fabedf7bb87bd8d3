"""The gradients panel: for each layer the norm of its gradient, the size of its update, and a verdict."""

from textual.strip import Strip

from gradstep.core.observation.layer_statistics import LayerStatistics
from gradstep.core.observation.snapshot import LayerView
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.findings import draw_findings
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.numbers import NOT_COMPUTED, draw_sparkline, format_number, format_share, typeset_minus
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

LONG_NAMES_WIDTH = 54
TALLEST = 12
"""The largest height of a histogram, in lines."""

LEGENDS = (
    ("∇W: how fast the loss rises with each weight; the step goes down", "∇W: how the loss rises with W"),
    ("ΔW/W: how far the last step moved the weights, 0.001 is healthy", "ΔW/W: how far the step moved W"),
    ("silent: neurons that gave 0 for every example of the batch", "silent: neurons that gave only 0"),
    ("saturated: neurons at the flat end of their curve: tiny slopes", "saturated: neurons with tiny slopes"),
    ("the bars: how many weights have which gradient", "bars: how many weights have which ∇W"),
)
"""The words of this panel explained, in a long and a short form."""

HEALTHY = ("learns well", "learns slowly")


class GradientsPanel(Panel[View]):
    """Draws a block of lines for each layer: its verdict, its numbers, and its histogram, as tall as fits."""

    BORDER_TITLE = "3 Gradients"

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        findings = draw_findings(view.findings, width, height)
        strips = self._draw_layers(view, width, height - len(findings))
        return [*strips, *[Strip([])] * (height - len(strips) - len(findings)), *findings]

    def _draw_layers(self, view: View, width: int, height: int) -> list[Strip]:
        layers = view.snapshot.layers
        least, gaps = 3 * len(layers), len(layers) - 1
        legend = _draw_legend(layers, width)
        legend = legend[: max(0, height - least - gaps - 1)]
        spare = height - least - gaps - (len(legend) + 1 if legend else 0)
        rows = max(1, min(TALLEST, 1 + spare // len(layers)))
        wrong = {finding.layer_number: finding.kind for finding in view.findings}
        blocks = [
            _draw_layer(layer_number, layer, width, rows, wrong.get(layer_number))
            for layer_number, layer in enumerate(layers, start=1)
        ]
        if height < least:
            blocks = [block[: 2 if height >= 2 * len(layers) else 1] for block in blocks]
        elif height >= least + gaps:
            blocks = [blocks[0], *([Strip([]), *block] for block in blocks[1:])]
        strips = [strip for block in blocks for strip in block]
        if len(strips) > height:
            hidden = -(-(len(strips) - height + 1) // len(blocks[0]))
            return [*strips[: height - 1], make_line((longest_fitting(_describe_hidden_layers(hidden), width), DIM))]
        return [*strips, *([Strip([])] if legend else []), *legend]


def _describe_hidden_layers(layers: int) -> tuple[str, str]:
    return f"… {layers} more layers: a larger panel shows them", f"… {layers} more layers"


def _draw_layer(layer_number: int, layer: LayerView, width: int, rows: int, wrong: str | None) -> list[Strip]:
    statistics = layer.statistics
    neurons, inputs = layer.weights.shape
    verdict = statistics.verdict if statistics else "no step made yet"
    if wrong is not None and verdict in HEALTHY:
        verdict = wrong
    name = f"{layer_number} {layer.activation} {inputs}→{neurons}"
    style = BLUE if verdict in HEALTHY else ORANGE if statistics else DIM
    room = width - len(name) - 2
    return [
        make_line((name, STRONG), ("  " + shorten(verdict, room), style)),
        _draw_numbers(layer, statistics, width),
        *_draw_histogram(statistics, width, rows),
    ]


def _draw_numbers(layer: LayerView, statistics: LayerStatistics | None, width: int) -> Strip:
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
    extent = typeset_minus(f"{statistics.extent:.1e}")
    left, right = f"  −{extent} ", f" +{extent}"
    wide = max(1, min(rows, (width - len(left) - len(right)) // len(counts)))
    half = len(counts) // 2 * wide
    strips = []
    for row in reversed(range(rows)):
        bars = "".join(bar * wide for bar in draw_sparkline(counts, rows, row))
        ends = (left, right) if row == 0 else (" " * len(left), "")
        strips.append(make_line((ends[0], DIM), (bars[:half], ORANGE), (bars[half:], BLUE), (ends[1], DIM)))
    return strips


def _draw_legend(layers: tuple[LayerView, ...], width: int) -> list[Strip]:
    """The legend of the words and bars that are shown for this network."""
    statistics = [layer.statistics for layer in layers if layer.statistics]
    texts = [
        *LEGENDS[:2],
        *(LEGENDS[2:3] if any(each.silent_share is not None for each in statistics) else ()),
        *(
            LEGENDS[3:4]
            if any(each.silent_share is None and each.saturated_share is not None for each in statistics)
            else ()
        ),
        *LEGENDS[4:],
    ]
    return [make_line((longest_fitting(forms, width), DIM)) for forms in texts]
