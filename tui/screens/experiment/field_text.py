"""The value of a field in forms of different length, so that no number is cut."""

from gradstep.data.experiment import Experiment
from gradstep.tui.numbers import format_chosen, format_large_count
from gradstep.tui.screens.experiment.fields import DEFAULT, FormField, format_displayed

LONGEST = 24
"""Characters of the longest number on a line of the form; no float has more."""


def list_displayed_forms(field: FormField, experiment: Experiment, filled: Experiment | None = None) -> list[str]:
    """Return the value as the form shows it, and shorter forms of it that cut no number."""
    text = format_displayed(field, experiment, filled)
    bare = text.removesuffix(DEFAULT)
    value = field.value(experiment)
    if value is None and filled is not None:
        value = field.value(filled)
    if isinstance(value, float):
        return [text, bare, format_chosen(value)]
    if isinstance(value, int) and not isinstance(value, bool):
        return [*(form for form in (text, bare) if len(form) <= LONGEST), format_large_count(value)]
    if field.dotted in ("network.hidden", "data.features") and isinstance(value, tuple):
        whole = [",".join(map(str, value[:count])) + ",…" for count in range(len(value) - 1, 0, -1)]
        return [text, bare, *whole]
    return [text, bare]
