"""What the experiment screen draws: the edited experiment, and the one that trains."""

from dataclasses import dataclass
from functools import cached_property

from gradstep.data.command_line import write_command_line
from gradstep.data.experiment import Experiment
from gradstep.tui.screens.experiment.fields import FormField, can_change_live, find_changed_fields, list_fields


@dataclass(frozen=True, eq=False)
class FormView:
    """The state of the form.

    `experiment` is the edited experiment, `running` the one that trains. `rows` is the number of training examples of
    the running one. `chosen` is the dotted name of a field. `complaint` says what is wrong with the value typed there.
    """

    experiment: Experiment
    running: Experiment
    rows: int
    chosen: str
    complaint: str = ""
    note: str = ""

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """The lines of the form."""
        return list_fields(self.experiment)

    @property
    def index(self) -> int:
        """The index of the chosen field; 0 if it is no longer on the form."""
        return next((index for index, field in enumerate(self.fields) if field.dotted == self.chosen), 0)

    @property
    def field(self) -> FormField:
        """The chosen field."""
        return self.fields[self.index]

    @cached_property
    def changed(self) -> tuple[FormField, ...]:
        """The fields that differ from the running experiment."""
        return find_changed_fields(self.running, self.experiment)

    @property
    def new_start(self) -> tuple[FormField, ...]:
        """The changed fields that need a new start."""
        return tuple(field for field in self.changed if not can_change_live(field))

    @property
    def current_rows(self) -> int | None:
        """The number of training examples; None if the data or their split are changed."""
        split = ("name", "path", "target", "x", "test_fraction")
        return None if any(field.table == "data" and field.name in split for field in self.changed) else self.rows

    @cached_property
    def command(self) -> str | None:
        """The command line of the edited experiment; None if no command line can express it."""
        return write_command_line(self.experiment)
