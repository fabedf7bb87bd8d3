"""What the experiment screen draws: the experiment as it is edited, and the one that is trained."""

from dataclasses import dataclass
from functools import cached_property

from gradstep.data.command_line import write_command_line
from gradstep.data.experiment import Experiment
from gradstep.tui.screens.experiment.fields import FormField, can_change_live, find_changed_fields, list_fields


@dataclass(frozen=True, eq=False)
class FormView:
    """`experiment` is edited, `running` is trained; `rows` of training data, as long as the data are the same.

    `chosen` is the dotted name of a field; `complaint` what is wrong with what was typed there.
    """

    experiment: Experiment
    running: Experiment
    rows: int
    chosen: str
    complaint: str = ""
    note: str = ""

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        return list_fields(self.experiment)

    @property
    def index(self) -> int:
        """The line of the chosen field; the first, where it is no longer on the form."""
        return next((index for index, field in enumerate(self.fields) if field.dotted == self.chosen), 0)

    @property
    def field(self) -> FormField:
        return self.fields[self.index]

    @cached_property
    def changed(self) -> tuple[FormField, ...]:
        return find_changed_fields(self.running, self.experiment)

    @property
    def new_start(self) -> tuple[FormField, ...]:
        """The changed fields that training cannot go on with."""
        return tuple(field for field in self.changed if not can_change_live(field))

    @property
    def current_rows(self) -> int | None:
        """Rows of training data, None where other data were chosen."""
        split = ("name", "path", "target", "x", "test_fraction")
        return None if any(field.table == "data" and field.name in split for field in self.changed) else self.rows

    @cached_property
    def command(self) -> str | None:
        return write_command_line(self.experiment)
