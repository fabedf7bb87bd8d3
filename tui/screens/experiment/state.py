"""What the experiment screen draws: the edited experiment, and the one that trains."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from gradstep.core.errors import GradstepError
from gradstep.data.command_line import write_command_line
from gradstep.data.data_defaults import fill_in_defaults, leave_defaults_open
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import SOURCE_FIELDS, Experiment
from gradstep.data.registry import MEASURED, load_built_in
from gradstep.data.run import Run
from gradstep.data.settings import DataSettings
from gradstep.tui.screens.experiment.chosen_file import ChosenFile
from gradstep.tui.screens.experiment.fields import FormField, can_change_live, find_changed_fields, list_fields

WHAT_IS_LEARNT = tuple(field for field in SOURCE_FIELDS if field != "noise")
"""The fields of [data] that the defaults depend on."""


@dataclass(frozen=True, eq=False)
class FormView:
    """The state of the form.

    `experiment` is the edited experiment, `running` the one that trains, both with their defaults left open. `dataset`
    is what the running one learns, and `rows` the number of its training examples. `chosen` is the dotted name of a
    field. `complaint` says what is wrong with the value typed there. `file` is the file that was read last.
    """

    experiment: Experiment
    running: Experiment
    dataset: Dataset
    rows: int
    chosen: str
    complaint: str = ""
    note: str = ""
    file: ChosenFile | None = None

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
    def filled(self) -> Experiment | None:
        """The edited experiment with its defaults filled in.

        None if its data are not loaded, or if a default does not go with what was edited.
        """
        dataset = self.edited_dataset
        try:
            filled = None if dataset is None else fill_in_defaults(self.experiment, dataset)
        except GradstepError:
            return None
        if filled is not None and self.experiment.data == self.running.data:
            # a run keeps its parts when something else changes, though another share might be held out by default
            filled = filled.model_copy(update={"data": self.filled_running.data})
        return filled

    @cached_property
    def edited_dataset(self) -> Dataset | None:
        """The data of the edited experiment; None if they are others that are not built in, and so not loaded."""
        own, running = self.experiment.data, self.running.data
        if all(getattr(own, field) == getattr(running, field) for field in WHAT_IS_LEARNT):
            return self.dataset
        return None if own.name is None else _load_built_in(own.name)

    @property
    def chosen_file(self) -> ChosenFile | None:
        """The file of the edited experiment; None without one, and until it is read."""
        data = self.experiment.data
        if data.path is None:
            return None
        if self.edited_dataset is not None:
            return ChosenFile(data, self.edited_dataset)
        return self.file if self.file is not None and self.file.is_of(data) else None

    @property
    def unread(self) -> DataSettings | None:
        """The settings of a file that is still to be read; None for no such file."""
        data = self.experiment.data
        return data if data.path is not None and self.chosen_file is None else None

    @cached_property
    def filled_running(self) -> Experiment:
        """The running experiment with its defaults filled in."""
        return fill_in_defaults(self.running, self.dataset)

    @cached_property
    def changed(self) -> tuple[FormField, ...]:
        """The fields that differ from the running experiment, also where the default is another one."""
        if self.filled is None:
            return find_changed_fields(self.running, self.experiment)
        return find_changed_fields(self.filled_running, self.filled)

    @property
    def new_start(self) -> tuple[FormField, ...]:
        """The changed fields that need a new start."""
        return tuple(field for field in self.changed if not can_change_live(field))

    @property
    def current_rows(self) -> int | None:
        """The number of training examples; None if the data or their split are changed."""
        split = ("name", "path", "target", "x", "test_fraction", "validation_fraction")
        return None if any(field.table == "data" and field.name in split for field in self.changed) else self.rows

    @cached_property
    def command(self) -> str | None:
        """The command line of the edited experiment; None if no command line can express it."""
        return write_command_line(self.experiment)


def read_measured_sets(but: str | None) -> None:
    """Read the built-in sets that come as files, except one, so that none is read when it is chosen."""
    for name in MEASURED:
        if name != but:
            _load_built_in(name)


@lru_cache
def _load_built_in(name: str) -> Dataset:
    """Return a built-in set. Its defaults depend neither on its seed nor on its noise."""
    return load_built_in(name, seed=0)


def open_form(run: Run, learning_rate: float, field: str | None) -> FormView:
    """Return the form of a run that has this learning rate now, which keys may have changed.

    `field` is the dotted name of the field that is chosen; None for the first one.
    """
    training = run.experiment.training.model_copy(update={"learning_rate": learning_rate})
    present = run.experiment.model_copy(update={"training": training})
    running = leave_defaults_open(present, run.dataset)
    chosen = field or list_fields(running)[0].dotted
    return FormView(running, running, run.dataset, len(run.trainer.training_part), chosen)
