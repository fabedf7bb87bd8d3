"""The features of the experiment as switches, one for each number key."""

from rich.style import Style
from textual.strip import Strip

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import Experiment
from gradstep.data.features import FEATURES, INPUTS
from gradstep.tui.drawing.palette import DIM, STRONG
from gradstep.tui.drawing.strips import Piece, flow_pieces
from gradstep.tui.screens.experiment.fields import FIELDS, with_value

FIELD = next(field for field in FIELDS if field.dotted == "data.features")


def switch_feature(experiment: Experiment, name: str, filled: Experiment | None = None) -> Experiment:
    """Return the experiment with a feature switched on, or off if it is on. Both inputs alone are the default.

    `filled` is the experiment with its defaults filled in; None if its data are not loaded. Raises GradstepError for
    data that do not have two inputs, and if no feature would be left.
    """
    present = read_features(experiment, filled)
    if not present:
        raise GradstepError("data.features: only data with two inputs have features")
    if present == (name,):
        raise GradstepError("data.features: at least one must be on")
    chosen = tuple(each for each in FEATURES if (each in present) != (each == name))
    return with_value(experiment, FIELD, None if chosen == INPUTS else chosen)


def read_features(experiment: Experiment, filled: Experiment | None) -> tuple[str, ...]:
    """Return the features that are on; nothing for data that do not have two inputs."""
    return experiment.data.features or (INPUTS if filled is None else filled.data.features or ())


def draw_switches(experiment: Experiment, filled: Experiment | None, width: int) -> list[Strip]:
    """Draw each feature with its key, and a filled circle if it is on."""
    present = read_features(experiment, filled)
    pieces: list[Piece] = [
        (
            f"{number} {'●' if name in present else '○'} {feature.name('x₁', 'x₂')}   ",
            (STRONG if name in present else DIM) + Style(meta={"@click": f"screen.feature({number})"}),
        )
        for number, (name, feature) in enumerate(FEATURES.items(), start=1)
    ]
    return flow_pieces(width, *pieces) if present else []
