"""What the walkthrough screen draws."""

from dataclasses import dataclass

from gradstep.core.ledger.bugs import Bug
from gradstep.core.observation.gradient_check import GradientCheck
from gradstep.data.dataset import Dataset
from gradstep.data.lesson import PublishedFigure, Remark
from gradstep.tui.session.walk import Walk
from gradstep.tui.widgets.guess import Guess


@dataclass(frozen=True, slots=True, eq=False)
class CheckedGradient:
    """A gradient check of the chosen parameter, and the worst of its layer among `count`."""

    chosen: GradientCheck
    worst: GradientCheck
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class WalkView:
    """The walk, and what was asked for beside it.

    `guess` hides the number until it is graded. `bug` is the mistake that the walk is shown with, and `wrong_from`
    the first micro-step whose numbers it changes. `published` and `remarks` are a lesson's, for the current micro-step.
    """

    walk: Walk
    dataset: Dataset
    guess: Guess | None = None
    checked: CheckedGradient | None = None
    bug: Bug | None = None
    wrong_from: int | None = None
    published: tuple[PublishedFigure, ...] = ()
    remarks: tuple[Remark, ...] = ()
    table_of_batch: bool = False

    @property
    def hidden(self) -> bool:
        """Whether the current number is still to be guessed: then it stands nowhere on the screen."""
        return self.guess is not None and not self.guess.graded
