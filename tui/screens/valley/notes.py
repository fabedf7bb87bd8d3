"""What the key bar says where a key has nothing to act on, or acts otherwise than on the run."""

from gradstep.core.training.descent_step import DescentStep
from gradstep.tui.screen_keys import name_key

LANE_ONLY = "this is a lane of the race: it makes its steps there"
MAP_ONLY = f"{name_key('axes')} chooses the axes of the map: {name_key('map')} shows it"
MAP_OF_WEIGHTS_ONLY = (
    f"{name_key('swap')} changes the axes of a map of weights: {name_key('map')} and {name_key('axes')} show it"
)
WHAT_IF = "what if: the step was made with its own rate, the run does not change"

NO_LENGTH = "the other axes need a step, and this one has no length"
NO_STEP_BEFORE = "the other axes need a step before this one"
NOT_RECORDED = "the other axes need the step before, and a walkthrough has recorded this one alone"
ONE_LINE = "the other axes need two directions, and this step goes along the line of the one before"


def explain_missing_plane(step: DescentStep, of_walk: bool) -> str:
    """Say why the step and the one before span no plane; `of_walk` says that a walkthrough recorded the step."""
    if not step.change.any():
        return NO_LENGTH
    if not step.before.any():
        return NOT_RECORDED if of_walk and step.step > 1 else NO_STEP_BEFORE
    return ONE_LINE
