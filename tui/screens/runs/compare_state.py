"""What the screen of compared runs draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from gradstep.data.compared_run import ComparedRun, Difference, list_differences


@dataclass(frozen=True, eq=False)
class CompareView:
    """Runs side by side, and the settings in which they differ.

    `watched` says whether the loss on the held-out part is drawn, or else that of the batches. `skipped` is how many
    rows of the table are above the first one that is seen.
    """

    runs: tuple[ComparedRun, ...]
    differences: tuple[Difference, ...]
    watched: bool
    logarithmic: bool = True
    skipped: int = 0
    note: str = ""

    @property
    def losses(self) -> tuple[str, ...]:
        """The losses that the runs minimize, each once."""
        return tuple(dict.fromkeys(run.experiment.training.loss or "" for run in self.runs))


def make_compare_view(runs: Sequence[ComparedRun]) -> CompareView:
    """Return the view of these runs, at first with the held-out losses if every run has some. It takes a moment."""
    differences = tuple(list_differences([run.experiment for run in runs]))
    return CompareView(tuple(runs), differences, all(len(run.scores.step) for run in runs))
