"""The first line: what is trained, and how it stands."""

from textual.strip import Strip

from data.assemble import Run
from tui.colours import BAD, BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from tui.figures import counted, short
from tui.panels.panel import Panel, Piece, line
from tui.session import View

PHASES = {
    "training": ("● training", GOOD),
    "paused": ("‖ paused  ", ORANGE),
    "finished": ("■ finished", BLUE),
    "diverged": ("! diverged", BAD),
}


class Status(Panel[View], can_focus=False):
    """One line: the experiment on the left, the state of the training on the right."""

    def __init__(self, run: Run) -> None:
        super().__init__(id="status")
        self._what = describe(run)

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        state = _state(view)
        room = width - sum(len(text) for text, _ in state) - 3
        what = next((text for text in self._what if len(text) <= room), self._what[-1][: max(0, room - 1)] + "…")
        return [line((f" {what.ljust(room)} ", STRONG), *state, (" ", PLAIN))]


def describe(run: Run) -> list[str]:
    """The experiment in one line, the longest form first."""
    layers = run.network.layers
    sizes = "→".join(map(str, run.network.sizes))
    hidden = ", ".join(dict.fromkeys(layer.activation.name for layer in layers[:-1]))
    data, loss = run.dataset.name, run.trainer.loss.name.replace("_", "-")
    middle = f"{sizes} {hidden}".strip()
    output, optimizer = layers[-1].activation.name, run.trainer.optimizer.name
    return [
        f"{data} · {middle} · {output} · {loss} · {optimizer}",
        f"{data} · {middle} · {output} · {loss}",
        f"{data} · {middle} · {output}",
        f"{data} {middle}",
        f"{data} {sizes}",
        data,
    ]


def _step(view: View) -> str:
    """The step on the screen, and how far the run has been where a person has gone back from there."""
    step = counted(view.snapshot.step)
    went_back = view.phase != "training" and view.snapshot.step < view.tip
    return f"{step} of {counted(view.tip)}" if went_back else step


def _state(view: View) -> list[Piece]:
    snapshot = view.snapshot
    phase, style = PHASES[view.phase]
    pace = "max" if view.pace is None else f"{view.pace:g}/s"
    fields = [("epoch", counted(snapshot.epoch), 3), ("step", _step(view), 6)]
    fields += [("rate", short(snapshot.learning_rate), 4), ("pace", pace, 5)]
    pieces: list[Piece] = [(phase, style)]
    for name, value, width in fields:
        pieces += [(f"  {name} ", DIM), (value.ljust(width), PLAIN)]
    return pieces
