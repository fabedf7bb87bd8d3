"""The facts that the conditions of a chapter look at: one moment of the session and of the screen that is shown."""

from dataclasses import dataclass, field

from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.update import Update
from gradstep.data.run import Run
from gradstep.tui.session.view import Phase, View


@dataclass(frozen=True, slots=True, eq=False)
class ScreenFacts:
    """What a screen shows. A field that the screen does not have keeps its default.

    - `update` is the recorded update that a walkthrough shows, at `micro_step` of `walk_phase`, with the example of
      this index in the batch. `guess` is how the guess there was answered: empty while there is none, right, wrong, or
      shown when the answer was asked for. `ends_phase` says that no micro-step of the phase follows.
    - `race_ended` says that no lane goes on.
    """

    screen: str
    panel: str = ""
    enlarged: bool = False
    maps: bool = False
    update: Update | None = None
    example: int = 0
    micro_step: str = ""
    walk_phase: str = ""
    guess: str = ""
    ends_phase: bool = False
    batch_table: bool = False
    gradient_checked: bool = False
    bug: str = ""
    valley: str = ""
    landing: str = ""
    race_ended: bool = False
    race_contest: str = ""
    activation: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """One moment: what the session shows, and what the screen on top of it shows."""

    view: View
    screen: ScreenFacts = field(default_factory=lambda: ScreenFacts("training"))

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot of the run."""
        return self.view.snapshot

    @property
    def run(self) -> Run:
        """The run that trains."""
        return self.view.run

    @property
    def phase(self) -> Phase:
        """Whether it trains, and if not, why."""
        return self.view.phase
