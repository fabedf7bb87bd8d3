"""Architecture: the graph itself. Neurons are coloured by the example's activation, edges by their weight."""

from textual.strip import Strip

from core.snapshot import Snapshot
from data.assemble import Run
from tui.colours import DIM, LEVELS, signed, style
from tui.figures import counted
from tui.panels.graph import Drawn, draw_graph, edge_limit, headline, place_columns
from tui.panels.panel import Panel, line
from tui.session import View


class Architecture(Panel[View]):
    """The layers as columns of neurons, from the inputs on the left to the outputs on the right."""

    BORDER_TITLE = "1 Architecture"

    def __init__(self, run: Run) -> None:
        super().__init__(id="architecture")
        self._names = ["input", *(layer.activation.name for layer in run.network.layers)]
        count = counted(run.network.parameters.size)
        self._count = count

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        snapshot = view.snapshot
        rows = max(1, height - 2)
        columns = place_columns(_sizes(snapshot), width, rows)
        strips = [headline(columns, self._names, width), *draw_graph(_drawn(snapshot), columns, width, rows, self.look)]
        return [*strips, self._legend(snapshot, rows, width)]

    def _legend(self, snapshot: Snapshot, rows: int, width: int) -> Strip:
        most = max(layer.weights.size for layer in snapshot.layers)
        drawn = "every weight drawn" if most <= edge_limit(rows, self.look) else "the heaviest weights drawn"
        words = f"{self._count} parameters, {drawn}  " if width >= 54 else f"{self._count} parameters  "
        positive, negative = style(signed(LEVELS)), style(signed(-LEVELS))
        return line((words, DIM), ("━━", positive), (" +  ", DIM), ("╌╌", negative), (" −", DIM))


def _sizes(snapshot: Snapshot) -> list[int]:
    return [len(snapshot.example.x), *(len(layer.a) for layer in snapshot.layers)]


def _drawn(snapshot: Snapshot) -> list[Drawn]:
    return [Drawn(snapshot.example.x, None), *(Drawn(layer.a, layer.weights) for layer in snapshot.layers)]
