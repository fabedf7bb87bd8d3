"""Weights and biases that a person sets by hand while a run rests."""

from gradstep.core.observation.parameter_edit import EditEffect, edit_parameter, read_effect_again
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.training.trainer import Trainer
from gradstep.tui.session.observer import Observer
from gradstep.tui.session.past import Past
from gradstep.tui.session.run_plan import RunPlan


class ManualEdits:
    """Sets parameters, undoes that, and says what each edit changes for the example that the `observer` shows."""

    def __init__(self, trainer: Trainer, past: Past, plan: RunPlan, observer: Observer) -> None:
        self._trainer, self._past, self._plan, self._observer = trainer, past, plan, observer

    def edit_parameter(self, index: ParameterIndex, value: float) -> EditEffect:
        """Pause, set a weight or a bias, and return what that changes. The later steps are dropped.

        Raises GradstepError, with nothing changed, if the value is not finite.
        """
        effect = edit_parameter(self._trainer, index, value, self._observer.example)
        self._past.record_parameter_edit(index, effect.old, value)
        self._pause()
        return effect

    def read_effect_again(self, effect: EditEffect) -> EditEffect | None:
        """Return what an edit changes for the shown example; None if the parameter has changed since."""
        return read_effect_again(self._trainer, effect, self._observer.example)

    def undo_edit(self) -> EditEffect | None:
        """Undo the last manual edit, and return what that changes; None if there is none since training went on."""
        last = self._past.undo_edit()
        if last is None:
            return None
        self._pause()
        return edit_parameter(self._trainer, *last, self._observer.example)

    def _pause(self) -> None:
        """Pause a training that runs or that has diverged: an edited network may no longer diverge."""
        if self._plan.phase in ("training", "diverged"):
            self._plan.enter("paused")
