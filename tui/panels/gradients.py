"""Gradients: how strongly each layer is told to change, how much it does change, and what to think of it."""

from textual.strip import Strip

from core.diagnostics import LayerStatistics
from core.snapshot import LayerView
from tui.colours import BLUE, DIM, ORANGE, PLAIN, STRONG
from tui.figures import NONE, figure, share, sparkline
from tui.panels.panel import Panel, line
from tui.session import View

WIDE = 54
HEALTHY = ("learns well", "learns slowly")


class Gradients(Panel[View]):
    """A block of lines for each layer, as many as there is room for."""

    BORDER_TITLE = "3 Gradients"

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        layers = view.snapshot.layers
        spare = height - 3 * len(layers)
        blocks = [_block(number, layer, width) for number, layer in enumerate(layers, start=1)]
        if spare < 0:
            blocks = [block[: 2 if height >= 2 * len(layers) else 1] for block in blocks]
        elif spare >= len(layers) - 1:
            blocks = [blocks[0], *([Strip([]), *block] for block in blocks[1:])]
        strips = [strip for block in blocks for strip in block]
        if len(strips) > height:
            hidden = -(-(len(strips) - height + 1) // len(blocks[0]))
            strips = [*strips[: height - 1], line((f"… {hidden} more layers: 3 then m shows them", DIM))]
        elif height - len(strips) >= 5:
            strips += [Strip([]), *_legend(width, height - len(strips) - 1)]
        return strips


def _block(number: int, layer: LayerView, width: int) -> list[Strip]:
    statistics = layer.statistics
    units, inputs = layer.weights.shape
    verdict = statistics.verdict if statistics else "no step made yet"
    name = f"{number} {layer.activation} {inputs}→{units}"
    style = BLUE if verdict in HEALTHY else ORANGE if statistics else DIM
    room = width - len(name) - 2
    return [
        line((name, STRONG), ("  " + verdict[:room], style)),
        _numbers(layer, statistics, width),
        _histogram(statistics),
    ]


def _numbers(layer: LayerView, statistics: LayerStatistics | None, width: int) -> Strip:
    norm = figure(statistics.gradient_norm if statistics else None)
    ratio = figure(statistics.update_ratio if statistics else None)
    names = ("‖∇W‖", "‖ΔW‖/‖W‖") if width >= WIDE else ("∇W", "ΔW/W")
    pieces = [("  " + names[0], DIM), (norm, PLAIN), ("  " + names[1], DIM), (ratio, PLAIN)]
    if statistics and statistics.dead is not None:
        pieces += [("  silent " if width >= WIDE else " silent ", DIM), (share(statistics.dead), PLAIN)]
    elif statistics and statistics.saturated is not None:
        pieces += [("  saturated " if width >= WIDE else " satur. ", DIM), (share(statistics.saturated), PLAIN)]
    return line(*pieces)


def _histogram(statistics: LayerStatistics | None) -> Strip:
    if statistics is None:
        return line(("  " + NONE, DIM))
    half = len(statistics.histogram) // 2
    marks = sparkline(statistics.histogram)
    extent = f"{statistics.extent:.1e}"
    return line((f"  −{extent} ", DIM), (marks[:half], ORANGE), (marks[half:], BLUE), (f" +{extent}", DIM))


def _legend(width: int, room: int) -> list[Strip]:
    texts = [
        "∇W: which way and how strongly the loss asks each weight to move",
        "ΔW/W: how far the last step moved the weights, 0.001 is healthy",
        "silent: neurons that gave 0 for every example of the batch",
        "the bars: how many weights have which gradient",
    ]
    if width < max(map(len, texts)):
        texts = [
            "∇W: how the loss asks W to move",
            "ΔW/W: how far the step moved W",
            "silent: neurons that gave only 0",
        ]
    return [line((text[:width], DIM)) for text in texts[: room - 1]]
