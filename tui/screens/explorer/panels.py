"""The two panels of the explorer: f and f′ of a neuron, and the loss over one output's z."""

import numpy as np
from textual.strip import Strip

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.observation.response_curves import compute_activation_curve, compute_loss_curve
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.function_plot import PlottedFunction, draw_functions, sample_positions
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import flow_pieces, wrap_text
from gradstep.tui.numbers import format_number
from gradstep.tui.round_numbers import choose_axis_reach
from gradstep.tui.screens.explorer.state import ExplorerView, describe_delta, describe_slope
from gradstep.tui.widgets.panel import Panel


class ActivationPlot(Panel[ExplorerView]):
    """Draws f and f′ over z, with the neuron's z marked on both."""

    BORDER_TITLE = "f and f′"

    def lines(self, view: ExplorerView, width: int, height: int) -> list[Strip]:
        activation = ACTIVATIONS[view.activation]
        a, slope = view.values()
        of = len(view.snapshot.layers)
        whose = "the layer's own" if view.is_own else f"tried out, the layer has {view.layer_view.activation}"
        head = flow_pieces(
            width,
            (f"layer {view.layer_index + 1} of {of}", STRONG),
            (f"  neuron {view.neuron + 1} of {len(view.layer_view.z)}  ", STRONG),
            (shorten(f"{view.activation}: {whose}", width), PLAIN),
        )
        numbers = (
            (f"z {format_number(view.z, 0)}", PLAIN),
            (f"  ● f {format_number(a, 0)}", BLUE),
            (f"  ○ f′ {format_number(slope, 0)}", ORANGE),
        )
        head += flow_pieces(width, *numbers)
        words = wrap_text(describe_slope(view), width)
        if height > 16:
            formulas = f"f = {activation.formula}", f"    f′ = {activation.derivative_formula}"
            head += flow_pieces(width, *((formula, DIM) for formula in formulas))
        far = choose_axis_reach(view.z)
        values, slopes = compute_activation_curve(
            activation, view.layer_view.z, view.neuron, sample_positions(-far, far, width)
        )
        curves = (PlottedFunction(slopes, ORANGE, True, slope, "○"), PlottedFunction(values, BLUE, False, a))
        at = view.z if np.isfinite(view.z) else None
        drawn = draw_functions(curves, (-far, far), at, width, min(height - len(head) - len(words), width // 2))
        return [*head, *drawn, *words]


class LossPlot(Panel[ExplorerView]):
    """Draws the loss of the example over one output's z, with its slope there."""

    BORDER_TITLE = "Loss"

    def lines(self, view: ExplorerView, width: int, height: int) -> list[Strip]:
        last, example, output = view.snapshot.layers[-1], view.snapshot.example, view.output
        z = float(last.z[output])
        loss, delta = view.loss_values()
        # in quotation marks, because a class can be called 4
        name = f' "{view.names[output]}"' if output < len(view.names) else ""
        head = flow_pieces(
            width,
            (shorten(f"output {output + 1}{name}", width), STRONG),
            (
                f"  target {format_number(float(example.y[output]), 0)}, "
                f"output {format_number(float(last.a[output]), 0)}",
                PLAIN,
            ),
        )
        head += flow_pieces(
            width,
            (f"z {format_number(z, 0)}", PLAIN),
            (f"  ● E {format_number(loss, 0)}", BLUE),
            (f"  slope δ {format_number(delta, 0)}", ORANGE),
        )
        words = wrap_text(describe_delta(delta), width)
        if height > 16:
            head += wrap_text(f"E = {view.loss.formula}   ({view.loss.name.replace('_', '-')})", width, DIM, "  ")
        far = choose_axis_reach(z)
        along = sample_positions(-far, far, width)
        values, _ = compute_loss_curve(view.loss, last.z, example.y, output, along)
        # the tangent, as far as it stays on the plot
        tangent = loss + delta * (along - z)
        tangent[(np.abs(along - z) > far / 2) | (tangent < 0)] = np.nan
        curves = [PlottedFunction(tangent, ORANGE, True), PlottedFunction(values, BLUE, False, loss)]
        at = z if np.isfinite(z) else None
        drawn = draw_functions(curves, (-far, far), at, width, min(height - len(head) - len(words), width // 2))
        return [*head, *drawn, *words]
