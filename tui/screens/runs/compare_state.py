"""What the screen of compared runs draws."""

from dataclasses import dataclass
from functools import cached_property

from gradstep.data.compared_run import ComparedRun, Difference, list_differences


@dataclass(frozen=True, eq=False)
class CompareView:
    """Runs side by side. `watched` says whether the test loss is drawn, or else that of the batches.

    `skipped` is how many rows of the table are above the first one that is seen.
    """

    runs: tuple[ComparedRun, ...]
    watched: bool
    logarithmic: bool = True
    skipped: int = 0
    note: str = ""

    @cached_property
    def differences(self) -> list[Difference]:
        """The settings in which the runs differ."""
        return list_differences([run.experiment for run in self.runs])

    @property
    def losses(self) -> tuple[str, ...]:
        """The losses that the runs minimize, each once."""
        return tuple(dict.fromkeys(run.experiment.training.loss or "" for run in self.runs))


def all_have_scores(runs: tuple[ComparedRun, ...]) -> bool:
    """Whether every run was scored on a test part."""
    return all(len(run.scores.step) for run in runs)
