"""Which keys of the training change something now, and which could only say why they do not."""

from gradstep.core.errors import GradstepError
from gradstep.core.observation.example import find_part
from gradstep.core.observation.outcome import has_exploded
from gradstep.data.painted_points import read_points
from gradstep.data.run import Run
from gradstep.tui.session.view import View


def acts_on(id: str, view: View) -> bool:
    """Whether the key of this id has something to act on in this view of the training."""
    step = view.snapshot.step
    match id:
        case "pause" | "step" | "epoch":
            return view.phase != "diverged"
        case "back_step" | "back_epoch":
            return step > 0
        case "on_step" | "on_epoch":
            return step < view.newest_step
        case "reset":
            return step > 0 or view.edits > 0
        case "undo":
            return view.edits > 0
        case "slower_back":
            return view.phase == "diverged" or has_exploded(view.snapshot.loss_curve)
        case "faster":
            return view.pace is not None
        case "next" | "previous":
            return len(find_part(view.run.trainer, view.snapshot.watched_part)) > 1
        case "maps":
            return view.run.neurons_shown is not None
        case "paint":
            return _can_paint(view.run)
    return True


def _can_paint(run: Run) -> bool:
    try:
        read_points(run)
    except GradstepError:
        return False
    return True
