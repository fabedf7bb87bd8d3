"""What the screen of the saved runs draws."""

from dataclasses import dataclass

from gradstep.data.run_list import ListedRun


@dataclass(frozen=True, eq=False)
class RunsView:
    """The saved runs, of which one is chosen, and some are marked.

    `runs` is None while they are read, and `read` of how many are read then. `own` is the name of the run that trains,
    empty if that is not saved, and `beside` the name of the one whose curve is drawn beside it. `folder` is where they
    are.
    """

    runs: tuple[ListedRun, ...] | None
    folder: str
    own: str = ""
    beside: str = ""
    chosen: int = 0
    marked: frozenset[str] = frozenset()
    read: tuple[int, int] = (0, 0)
    note: str = ""

    @property
    def run(self) -> ListedRun | None:
        """The chosen run; None if there is none."""
        return self.runs[self.chosen] if self.runs else None

    @property
    def picked(self) -> list[ListedRun]:
        """The marked runs, in the order of the list; without one the chosen run."""
        marked = [run for run in self.runs or () if run.name in self.marked]
        return marked or ([self.run] if self.run else [])
