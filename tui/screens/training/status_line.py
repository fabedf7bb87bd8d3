"""The first line of the training screen: the experiment, and the state of the training."""

from dataclasses import dataclass, replace

from textual.strip import Strip

from gradstep.data.planned_end import Limit
from gradstep.data.run import Run
from gradstep.tui.drawing.cells import align_left, count_cells
from gradstep.tui.drawing.palette import BAD, BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.numbers import format_chosen, format_count, format_number
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.run_description import RunDescription

PHASES = {
    "training": ("● training", GOOD),
    "paused": ("‖ paused  ", ORANGE),
    "finished": ("■ finished", BLUE),
    "diverged": ("! diverged", BAD),
}

NARROW = 80
"""Below this width the line has the loss, because the loss panel may not be visible."""

LEAST_NAME = 8
"""The least cells for the experiment beside the numbers, on wide screens."""

IMPORTANCE = ("step", "loss", "epoch", "rate", "pace")


class StatusLine(Panel[View], can_focus=False):
    """Draws the experiment, or a problem with it, on the left, and the state of the training on the right.

    If not everything fits, the planned end and the least important numbers are left out. None is cut.
    """

    def __init__(self, run: Run) -> None:
        super().__init__(id="status")
        self._description = RunDescription(run)

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        trouble = _shorten_trouble(view.trouble)
        forms, style = (
            ([view.trouble, trouble], BAD) if trouble else (self._description.forms(view.snapshot.optimizer), STRONG)
        )
        phase = PHASES[view.phase]
        room = width - len(phase[0]) - 3
        narrow = width < NARROW
        least = count_cells(trouble) or (0 if narrow else LEAST_NAME)
        fields = _fit_fields(_make_status_fields(view, narrow), room - least)
        room = max(0, room - sum(map(len, fields)))
        if narrow and not trouble:
            forms = [*forms, ""]
        state = [(part, style) for field in fields for part, style in zip(field.parts, (DIM, PLAIN), strict=True)]
        return [make_line((f" {align_left(longest_fitting(forms, room), room)} ", style), phase, *state, (" ", PLAIN))]


def _shorten_trouble(trouble: str) -> str:
    """Return what goes wrong and why, without the file that stands behind both."""
    return ": ".join(trouble.split(": ")[:2])


@dataclass(frozen=True, slots=True)
class StatusField:
    """A number and its name. The value takes at least `least` cells, so that a longer one does not move the others.

    `planned` is the value at the planned end, empty without one.
    """

    name: str
    value: str
    least: int = 0
    planned: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        """The name and the value as they are drawn."""
        if not self.planned:
            return f"  {self.name} ", self.value.ljust(self.least)
        return f"  {self.name} ", f"{self.value} of {self.planned}".ljust(2 * len(self.planned) + len(" of "))

    def __len__(self) -> int:
        return sum(map(len, self.parts))


def _make_status_fields(view: View, with_loss: bool) -> list[StatusField]:
    snapshot = view.snapshot
    pace = "max" if view.pace is None else f"{view.pace:g}/s"
    loss = [StatusField("loss", format_number(snapshot.batch_loss, 0), 6)] if with_loss else []
    return [
        StatusField("epoch", format_count(snapshot.epoch), 3, _write_limit(view, "max_epochs", snapshot.epoch)),
        _make_step_field(view),
        *loss,
        StatusField("rate", format_chosen(snapshot.learning_rate), 4),
        StatusField("pace", pace, 5),
    ]


def _make_step_field(view: View) -> StatusField:
    """The step on the screen with the planned one; after a move back with the newest step of the run."""
    step = view.snapshot.step
    if view.phase != "training" and step < view.newest_step:
        return StatusField("step", f"{format_count(step)} of {format_count(view.newest_step)} made", 6)
    return StatusField("step", format_count(step), 6, _write_limit(view, "max_steps", step))


def _write_limit(view: View, name: Limit, reached: int) -> str:
    """The limit of this name, if it ends the run and is not passed; else nothing."""
    limit, most = view.limit or ("", 0)
    return format_count(most) if limit == name and reached <= most else ""


def _fit_fields(fields: list[StatusField], room: int) -> list[StatusField]:
    """All fields if they fit in `room` cells, if need be without the planned end and free cells.

    If they do not, the most important ones.
    """
    if sum(map(len, fields)) > room:
        fields = [replace(field, planned="") for field in fields]
    if sum(map(len, fields)) > room:
        fields = [replace(field, least=0) for field in fields]
    important = sorted(fields, key=lambda field: IMPORTANCE.index(field.name))
    while important and sum(map(len, important)) > room:
        important.pop()
    return [field for field in fields if field in important]
