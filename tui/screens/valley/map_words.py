"""The map of the valley in words: what its axes are, what is drawn on it, and how its contour lines are chosen."""

from textual.strip import Strip

from gradstep.core.observation.loss_plane import LossPlane
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.tui.drawing.axis import format_range
from gradstep.tui.drawing.palette import BLUE, DIM, STRONG
from gradstep.tui.drawing.parameter_name import describe_parameter
from gradstep.tui.drawing.plane_map import lands_outside, shows_landing, shows_path
from gradstep.tui.drawing.strips import wrap_text
from gradstep.tui.drawing.valley_plot import NOW
from gradstep.tui.screens.valley.losses import draw_value
from gradstep.tui.screens.valley.state import ValleyView

NEXT_STEP = "The direction of the next step."
STEP_BEFORE = "At a right angle to it: back towards the step before."
IN_THE_PLANE = "The next step lies in this plane."
MAY_BE_OFF = "The run before it is seen from above, and may be off the plane."
OTHERS_STAY = "All other weights stay as they are."
BOTH_FROM_ABOVE = "The path and the landing are seen from above: they change those too."
LANDING_FROM_ABOVE = "The landing is seen from above: the step changes those too."
PATH_FROM_ABOVE = "The path is seen from above: its steps change those too."
OUTSIDE = "The step lands outside this map."
TOO_SHORT = "The step is too short to be seen here."
MOVES_NEITHER = "The step moves neither of these two."
FLAT_MAP = "The loss is the same everywhere on this map."
TWO_OF_MANY = "Like a map of mountains, over two of the many directions in which the weights can move."
BANDS = "Each shade is a band of losses. The borders of the bands are contour lines."
UNEVEN = "Higher bands span more loss (1, 3, 5, …): in a bowl all are equally wide."
FROZEN_AXIS = "This bias is frozen: no step goes along {}, and the arrow does not either."
FROZEN_AXES = "Both biases are frozen: training does not move along them."


def explain_map(view: ValleyView, plane: LossPlane, width: int) -> list[list[Strip]]:
    """Draw the forms of the explanation, the longest first."""
    names = _name_parameters(view, plane) if view.of_weights else (NEXT_STEP, STEP_BEFORE)
    axes = [
        strip
        for arrow, name in zip("→↑", names, strict=True)
        for strip in wrap_text(f"{arrow} {name}", width, STRONG, "  ")
    ]
    axes += [strip for text in _describe_frozen(view, plane) for strip in wrap_text(text, width, STRONG)]
    now = [draw_value(width, f"{NOW} loss now", plane.now, BLUE)]
    more = sum(layer.matrix.size for layer in plane.layers) > len(names)
    first = wrap_text(" ".join(_describe_marks(view, plane, more)), width, DIM)
    is_flat = bool((plane.losses == plane.losses[0, 0]).all())
    bands = wrap_text(FLAT_MAP if is_flat else BANDS, width, DIM)
    uneven = [] if is_flat else wrap_text(UNEVEN, width, DIM)
    like = wrap_text(TWO_OF_MANY, width, DIM) if more else []
    blank = [Strip([])]
    return [
        [*axes, *blank, *now, *blank, *like, *first, *bands, *uneven],
        [*axes, *blank, *now, *blank, *first, *bands, *uneven],
        [*axes, *now, *first, *bands, *uneven],
        [*axes, *now, *first, *bands],
        [*axes, *now, *first],
        [*axes, *now],
        axes,
    ]


def _list_parameters(view: ValleyView) -> list[ParameterIndex]:
    """Return the parameters of the axes across and up; none on a map over the directions of the steps."""
    return [view.parameter, view.up] if view.of_weights and view.up is not None else []


def _name_parameters(view: ValleyView, plane: LossPlane) -> tuple[str, ...]:
    names, weights = [], [layer.weights for layer in plane.layers]
    for parameter, reach in zip(_list_parameters(view), plane.axes.reach, strict=True):
        activation = plane.layers[parameter.layer_number - 1].activation.name
        name = describe_parameter(parameter, activation, view.dataset, weights)
        middle = parameter.value_in(plane.layers)
        names.append(f"{name}: {format_range(middle - reach, middle + reach).replace(' ', '')}")
    return tuple(names)


def _describe_frozen(view: ValleyView, plane: LossPlane) -> list[str]:
    """Say which axes are biases that training does not change."""
    parameters = _list_parameters(view)
    frozen = [arrow for arrow, each in zip("→↑", parameters, strict=False) if each.source is None]
    if plane.train_biases or not frozen:
        return []
    return [FROZEN_AXIS.format(*frozen) if len(frozen) == 1 else FROZEN_AXES]


def _describe_marks(view: ValleyView, plane: LossPlane, more: bool) -> list[str]:
    """Say how what is drawn on the map lies to its plane; `more` says that there are parameters beside the axes."""
    path, landing = shows_path(plane), shows_landing(plane)
    if not view.of_weights:
        return [IN_THE_PLANE, MAY_BE_OFF] if path else [IN_THE_PLANE]
    said = [] if landing else [OUTSIDE if lands_outside(plane) else TOO_SHORT if any(plane.landing) else MOVES_NEITHER]
    if not more:
        return said
    from_above = {(True, True): BOTH_FROM_ABOVE, (False, True): LANDING_FROM_ABOVE, (True, False): PATH_FROM_ABOVE}
    return [OTHERS_STAY, *[text for marks, text in from_above.items() if marks == (path, landing)], *said]
