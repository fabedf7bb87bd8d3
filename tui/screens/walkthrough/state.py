"""What the walkthrough screen draws."""

from dataclasses import dataclass

from gradstep.core.ledger.bugs import Bug
from gradstep.core.observation.gradient_check import GradientCheck
from gradstep.data.dataset import Dataset
from gradstep.data.lesson import KnownFigure, Remark
from gradstep.data.split import Scaling
from gradstep.tui.drawing.unit_labels import UnitLabels, make_unit_labels
from gradstep.tui.screens.walkthrough.guess import Guess
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.walk import Walk


@dataclass(frozen=True, slots=True, eq=False)
class CheckedGradient:
    """The gradient check of the parameter in focus, and the worst of `count` checks of its layer's `parameters`.

    The layer has so many `inputs`; the index of the bias is the number of them. Its neurons may have `names`.
    """

    chosen: GradientCheck
    worst: GradientCheck
    count: int
    parameters: int
    inputs: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Which numbers are asked: those of the `last` micro-steps of each phase, or of every micro-step if it is None."""

    last: int | None = None

    def includes(self, walk: Walk) -> bool:
        """Whether the number of the current micro-step is asked. The choice of the batch computes none."""
        return walk.step.key != "batch" and (self.last is None or walk.left_in_phase <= self.last)


@dataclass(frozen=True, slots=True, eq=False)
class WalkView:
    """The walk, and what the screen shows beside it.

    - `asking` says which numbers are asked, None for none of them.
    - `guess`, until it is graded, hides the current number. It is None where none is asked.
    - `at_end` says that the screen asks whether the next update is to be made.
    - `checked` is the gradient check, None while it is not shown.
    - `bug` is the bug that the walk is shown with, and `wrong_from` the index of the first micro-step that it changes.
    - `figures` and `remarks` are those of the lesson for the current micro-step, and `author` that of its source.
    - `table_of_batch` says that the table of the batch replaces the matrices.
    - `scaling` is how the inputs of the data were scaled.
    - `of_run` says that the update is one of the run on the training screen, which stands after it.
    """

    walk: Walk
    dataset: Dataset
    guess: Guess | None = None
    checked: CheckedGradient | None = None
    bug: Bug | None = None
    wrong_from: int | None = None
    figures: tuple[KnownFigure, ...] = ()
    remarks: tuple[Remark, ...] = ()
    table_of_batch: bool = False
    asking: Asking | None = None
    at_end: bool = False
    scaling: Scaling | None = None
    author: str = ""
    of_run: bool = False

    @property
    def labels(self) -> UnitLabels:
        """The names of the inputs and outputs of the network."""
        update = self.walk.update
        return make_unit_labels(self.dataset, update.x.shape[1], update.y.shape[1], len(update.layers))

    @property
    def hidden(self) -> bool:
        """Whether the current number is hidden because the guess is not graded yet."""
        return self.guess is not None and not self.guess.graded

    @property
    def facts(self) -> ScreenFacts:
        """What the conditions of a chapter can see of the walkthrough."""
        walk, guess = self.walk, self.guess
        answered = ""
        if guess is not None and guess.graded:
            answered = "right" if guess.right else "wrong" if guess.typed else "shown"
        return ScreenFacts(
            "walkthrough",
            update=walk.update,
            example=walk.focus.example,
            micro_step=walk.step.key,
            walk_phase=walk.step.phase,
            guess=answered,
            ends_phase=walk.left_in_phase == 1,
            batch_table=self.table_of_batch,
            gradient_checked=self.checked is not None,
            bug=self.bug.name if self.bug else "",
        )
