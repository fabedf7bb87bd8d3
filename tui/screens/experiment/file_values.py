"""The next value of a field whose values are read from files: the path of the data, and the column to be learnt."""

from pathlib import Path

from gradstep.data.experiment import Experiment
from gradstep.data.source_choices import list_columns, list_data_files
from gradstep.tui.screens.experiment.fields import FormField, with_value


def step_source(experiment: Experiment, field: FormField, direction: int) -> Experiment:
    """Return the experiment with the next (1) or previous (−1) data file here, or column of the file to be learnt.

    It reads files. Returns the experiment itself if there is no other. Raises GradstepError.
    """
    path = experiment.data.path
    if field.dotted == "data.path":
        choices, present = list_data_files(Path()), path
    else:
        choices = list_columns(Path(path), experiment.data.file_options) if path else []
        present = _name_target(choices, experiment.data.target)
    others = [each for each in choices if each != present]
    if not others:
        return experiment
    if present not in choices:
        return with_value(experiment, field, others[0 if direction > 0 else -1])
    return with_value(experiment, field, choices[(choices.index(present) + direction) % len(choices)])


def _name_target(columns: list[str], target: str | int | None) -> str | None:
    """Return the name of the column that is the target: the last one where the field is left open."""
    if isinstance(target, str) or not columns:
        return str(target)
    number = len(columns) if target is None else target
    return columns[number - 1] if number <= len(columns) else None
