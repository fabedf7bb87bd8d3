"""The output panel: one example with its target and prediction; or the results on all examples of a part."""

import math
from functools import cached_property

import numpy as np
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.notation import subscript
from gradstep.core.observation.example import ExampleView
from gradstep.data.run import Run
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, shorten
from gradstep.tui.drawing.confusion_matrix import draw_confusion_matrix
from gradstep.tui.drawing.contribution_plots import draw_contributions
from gradstep.tui.drawing.decision_map import DecisionMap
from gradstep.tui.drawing.fitted_curve import EXAMPLE, FittedCurve
from gradstep.tui.drawing.image import draw_image
from gradstep.tui.drawing.palette import DIM, GOOD, MARKED, PLAIN, STRONG, signed_style
from gradstep.tui.drawing.row_values import list_values
from gradstep.tui.drawing.strips import Piece, join_blocks, make_line
from gradstep.tui.drawing.worst_examples import WorstExamples
from gradstep.tui.numbers import draw_bar, format_number, format_of_data
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.training.example_headline import draw_head
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

PICTURE_SHARE = 0.56
OUTPUTS_WIDTH = 19
"""The example takes at most this share of the panel's width, and leaves this many cells to the outputs."""

NUMBERS_WIDTH, LEAST_BAR, LONGEST_BAR = 12, 2, 60
"""Cells of a line of the outputs without its name and bar; the least and the most cells of the bar."""

FACTS_WIDTH = 16
"""Cells of the line with the loss of the example, which a map or the features leave to the numbers."""

VALUE_WIDTH = 9
"""Cells of the value of a feature, with a blank before it."""

WITH_PARTS, WITH_PARTS_ALONE, PARTS_SHARE = 18, 12, 0.52
"""From so many lines on what each neuron adds to the curve is drawn, on this share of them: on a panel beside others,
and on one that is alone.
"""

HINTS = tuple(f"{name_key('maps')}: {words}" for words in ("what each neuron adds", "each neuron", "neurons"))
"""How the parts of the neurons are shown, the longest form first."""

LEAST_OUTPUTS, LEAST_FEATURES = 3, 2
"""The least lines of outputs and features if one is drawn above the other."""


class OutputPanel(Panel[View]):
    """Draws the example on the left and a bar for every output on the right.

    For two inputs it draws a map of the predictions in place of the example, for one input the predicted curve.
    """

    BORDER_TITLE = "4 Output"

    def __init__(self, run: Run) -> None:
        super().__init__(id="output")
        self._split, self._grid = run.split, run.grid
        self._dataset, self._scaling = run.dataset, run.split.scaling
        self._target_scaling = run.split.target_scaling
        self._neurons_shown, self.is_alone = run.neurons_shown, False
        self._single = run.network.sizes[-1] == 1
        self._sums_to_1 = not run.network.layers[-1].activation.is_elementwise

    @cached_property
    def _map(self) -> DecisionMap:
        assert self._grid is not None
        return DecisionMap(self._split, self._grid, self.capabilities)

    @cached_property
    def _curve(self) -> FittedCurve:
        assert self._grid is not None
        return FittedCurve(self._split, self._grid)

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        report = view.snapshot.part_report
        if view.request.output != "example" and report is not None:
            dated = report.step < view.snapshot.step
            if view.request.output == "confusion":
                return draw_confusion_matrix(report, self._dataset.class_names, width, height, dated)
            return WorstExamples(self._split, self.capabilities).draw(report, width, height, dated)
        return self._draw_example(view, width, height)

    def _draw_example(self, view: View, width: int, height: int) -> list[Strip]:
        example = view.snapshot.example
        raw = self._scaling.undo(example.x)
        shape = self._dataset.image_shape
        room = max(1, min(int(width * PICTURE_SHARE), width - OUTPUTS_WIDTH - 2))
        head = draw_head(example, self._dataset, self._split, width, height // 2)
        rows = max(1, height - len(head))
        if self._grid is not None:
            drawn = self._draw_map_and_numbers if self._grid.raw.shape[1] == 2 else self._draw_curve_and_numbers
            if strips := drawn(view, raw, width, rows):
                return [*head, *strips]
        if shape is None:
            if stacked := self._draw_stacked(view, raw, width, rows):
                return [*head, *stacked]
            picture = self._draw_features(raw, max(room, width - 2 - self._measure_outputs(view)), rows)
        else:
            picture = draw_image(raw.reshape(shape), room, rows, self.capabilities)
        taken = max((strip.cell_length for strip in picture), default=0) + 2
        outputs, a = self._draw_outputs(view, width - taken, rows), view.snapshot.layers[-1].a
        if shape is not None and len(outputs) <= len(a):
            # the sum and the loss, which have no room below the outputs
            picture += self._draw_target_and_loss(example, a, taken - 2, rows - len(picture))
        return [*head, *join_blocks([picture, outputs], [taken])]

    def _draw_map_and_numbers(self, view: View, raw: Floats, width: int, height: int) -> list[Strip]:
        """The map on the left, the numbers of the example on the right, and the legend if it fits."""
        example = view.snapshot.example.index
        point = self._split.find_point(example.part, example.row)
        others, whose = view.others_on_map
        picture = self._map.draw(view.snapshot, point, width - 2 - FACTS_WIDTH, height, others)
        if not picture:
            return []
        side = picture[0].cell_length
        taken = side + 2
        width -= taken
        beside = [*self._draw_features(raw, width, height), Strip([])]
        if max(OUTPUTS_WIDTH, self._measure_outputs(view)) <= width:
            beside += self._draw_outputs(view, width, height - len(beside))
        else:
            beside += self._draw_numbers(view, width, height - len(beside))
        for more, least in ((self._map.draw_legend(side, width, whose), self._map.names), (self._map.draw_axes(), 2)):
            room = height - len(beside) - 1
            if room >= least and all(strip.cell_length <= width for strip in more[:room]):
                beside += [Strip([]), *more[:room]]
        return join_blocks([picture, beside[:height]], [taken])

    def _draw_curve_and_numbers(self, view: View, raw: Floats, width: int, height: int) -> list[Strip]:
        """The curve, below it the numbers of the example, and with room what each hidden neuron adds to the curve."""
        # of several outputs, that of the target class
        output = 0 if self._single else view.snapshot.example.target_class or 0
        name = "" if self._single else self._name_outputs(output + 1)[output]
        room = round(height * PARTS_SHARE) if height >= self._least_with_parts else 0
        scaled = self._target_scaling.kind != "none"
        parts = draw_contributions(view.snapshot, output, name, width, room, scaled)
        curve = self._curve.draw(view.snapshot, raw, width, height - 1 - len(parts))
        if not curve:
            return []
        facts: list[Piece] = [(EXAMPLE, MARKED), (" ", DIM)]
        for name, number in self._list_numbers(view, raw):
            room = width - make_line(*facts).cell_length - count_cells(number) - 1
            if count_cells(name) <= room or len(facts) == 2:
                facts += [(f"{shorten(name, room)} ", DIM), (number, PLAIN), ("  ", DIM)]
        hint = "" if parts else self._choose_hint(width - make_line(*facts).cell_length)
        return [*curve, make_line(*facts[:-1], *((facts[-1], (hint, DIM)) if hint else ())), *parts]

    def _choose_hint(self, room: int) -> str:
        """Say by which key the part of each neuron is shown; nothing if there is no room, or no such part."""
        forms = HINTS if self._neurons_shown == "parts" and not self.is_alone else ()
        return next((form for form in forms if count_cells(form) <= room), "")

    @property
    def has_room_for_parts(self) -> bool:
        """Whether the panel is tall enough for the parts of the neurons below the curve."""
        return self.content_size.height - 2 >= self._least_with_parts

    @property
    def _least_with_parts(self) -> int:
        return WITH_PARTS_ALONE if self.is_alone else WITH_PARTS

    def _list_numbers(self, view: View, raw: Floats) -> list[tuple[str, str]]:
        """The input, the outputs of a classification, and the loss."""
        example = view.snapshot.example
        outputs = example.outputs.tolist() if self._dataset.class_names else []
        return [
            (self._dataset.feature_names[0], format_of_data(float(raw[0]))),
            *zip(self._name_outputs(len(outputs)), (format_number(value, 0) for value in outputs), strict=False),
            ("loss", format_number(example.loss, 0)),
        ]

    def _draw_numbers(self, view: View, width: int, height: int) -> list[Strip]:
        """The numbers of the example without bars."""
        room = width - VALUE_WIDTH
        return [
            make_line((align_left(name, room), DIM), (format_number(value, VALUE_WIDTH), PLAIN))
            for name, value in self._choose_numbers(view, height)
        ]

    def _choose_numbers(self, view: View, most: int) -> list[tuple[str, float]]:
        """The most important outputs and the loss."""
        example, outputs = view.snapshot.example, view.snapshot.layers[-1].a
        names = self._name_outputs(len(outputs))
        room = most - 1
        indices = range(len(names)) if len(names) <= room else self._choose_outputs(example, outputs, room)
        return [*((names[index], float(outputs[index])) for index in indices), ("loss", example.loss)]

    def _draw_stacked(self, view: View, raw: Floats, width: int, height: int) -> list[Strip]:
        """The features above the outputs, if their names do not fit side by side; else an empty list."""
        names = self._name_outputs(len(view.snapshot.layers[-1].a))
        values = list_values(self._dataset, raw)
        features = max(count_cells(name) for name, _ in values) + VALUE_WIDTH
        least = min(len(names), LEAST_OUTPUTS) + min(len(values), LEAST_FEATURES)
        if features + 2 + self._measure_outputs(view) <= width or height < least:
            return []
        room = max(height - len(names), min(len(values), LEAST_FEATURES))
        above = self._draw_features(raw, width, room)
        return [*above, *self._draw_outputs(view, width, height - len(above))]

    def _measure_outputs(self, view: View) -> int:
        """The cells that the outputs need for whole names and the shortest bars, and the loss below them."""
        names = self._name_outputs(len(view.snapshot.layers[-1].a))
        return max(FACTS_WIDTH, max(map(count_cells, names)) + LEAST_BAR + NUMBERS_WIDTH)

    def _draw_features(self, raw: Floats, room: int, height: int) -> list[Strip]:
        values = list_values(self._dataset, raw)
        shown = values if len(values) <= height else values[: height - 1]
        column = max(VALUE_WIDTH, *(count_cells(text) + 1 for _, text in shown), 0)
        longest = min(max((count_cells(name) for name, _ in shown), default=1), max(1, room - column))
        strips = [
            make_line((align_left(name, longest), DIM), (align_right(text, column), PLAIN)) for name, text in shown
        ]
        if len(shown) < len(values):
            strips.append(make_line((f"… {len(values) - len(shown)} more", DIM)))
        return strips

    def _draw_outputs(self, view: View, width: int, height: int) -> list[Strip]:
        """A line for each output; if not all fit, for the most important ones."""
        example, outputs = view.snapshot.example, view.snapshot.layers[-1].a
        names = self._name_outputs(len(outputs))
        longest = min(max(map(count_cells, names)), max(1, width - NUMBERS_WIDTH - LEAST_BAR))
        room = min(LONGEST_BAR, max(LEAST_BAR, width - longest - NUMBERS_WIDTH))
        shown = np.abs(np.concatenate((outputs, example.y)))
        largest = max(1.0, float(shown[np.isfinite(shown)].max(initial=0.0)))
        indices = range(len(names)) if len(names) <= height else self._choose_outputs(example, outputs, height - 1)
        strips = []
        for index in indices:
            value = float(outputs[index])
            marked = self._is_target(example, index)
            length = (draw_bar(abs(value) / largest, room) if math.isfinite(value) else "").ljust(room)
            strips.append(
                make_line(
                    (align_right(names[index], longest) + " ", STRONG if marked else DIM),
                    (length + " ", signed_style(value)),
                    (format_number(value), PLAIN),
                    (" ◂" if marked else "", GOOD),
                )
            )
        if len(indices) < len(names):
            strips.append(make_line((f"… {len(names) - len(indices)} more", DIM)))
        return [*strips, *self._draw_target_and_loss(example, outputs, width, height - len(strips))]

    def _choose_outputs(self, example: ExampleView, outputs: Floats, count: int) -> list[int]:
        """The indices of the target class and of the largest outputs; for a regression those of the first outputs."""
        if not self._dataset.class_names:
            return list(range(count))
        order = sorted(range(len(outputs)), key=lambda index: (not self._is_target(example, index), -outputs[index]))
        return sorted(order[: max(1, count)])

    def _name_outputs(self, count: int) -> list[str]:
        if self._dataset.class_names and not self._single:
            return list(self._dataset.class_names)
        if self._single:
            return [f"{self._dataset.class_names[1]}?" if self._dataset.class_names else "ŷ"]
        return [f"ŷ{subscript(index)}" for index in range(count)]

    def _is_target(self, example: ExampleView, index: int) -> bool:
        return not self._single and example.target_class == index

    def _draw_target_and_loss(self, example: ExampleView, outputs: Floats, width: int, room: int) -> list[Strip]:
        """The target where no output is marked as the target class, else the sum of a softmax; and the loss."""
        strips = []
        if self._single or not self._dataset.class_names:
            fitting = example.y[: max(1, (width - 10) // 9)]
            more = " …" if len(fitting) < len(example.y) else ""
            numbers = "".join(format_number(value, 9) for value in fitting.tolist()) + more
            scaled = "" if self._target_scaling.kind == "none" or width < len(numbers) + 16 else "  scaled"
            strips.append(make_line((" target", DIM), (numbers, PLAIN), (scaled, DIM)))
        elif self._sums_to_1:
            with np.errstate(over="ignore"):
                total = round(float(outputs.sum()), 6)  # without the rounding error of the sum
            strips.append(make_line(("    sum", DIM), (format_number(total, 9), PLAIN)))
        strips.append(make_line(("   loss", DIM), (format_number(example.loss, 9), PLAIN)))
        if room < len(strips) or any(strip.cell_length > width for strip in strips):
            return []
        return [*([Strip([])] if room > len(strips) else []), *strips]
