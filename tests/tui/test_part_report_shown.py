"""The confusion matrix and the worst examples, as the output panel shows them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.observation.class_scores import ClassScore, measure_classes
from gradstep.core.observation.part_report import PartReport
from gradstep.data.run import Run
from gradstep.tui.drawing.confusion_matrix import draw_confusion_matrix
from gradstep.tui.drawing.worst_examples import WorstExamples
from gradstep.tui.numbers import format_number
from gradstep.tui.session.snapshot_request import DEFAULT_REQUEST
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES
from tests.tui.driving import assembled

SIZES = [(58, 18), (38, 11), (38, 8), (100, 50)]


def make_report(run: Run, steps: int = 60) -> PartReport:
    run.trainer.run(lambda: False, until=steps)
    loop = TrainingLoop(run, None, paused=True)
    loop.show_next_output()
    loop.observe()
    report = loop.view().snapshot.part_report
    assert report is not None
    return report


def matrix(run: Run, report: PartReport, size: tuple[int, int]) -> str:
    return "\n".join(strip.text for strip in draw_confusion_matrix(report, run.dataset.class_names, *size))


def worst(run: Run, report: PartReport, size: tuple[int, int]) -> str:
    panel = WorstExamples(run.split, FULL_CAPABILITIES)
    return "\n".join(strip.text for strip in panel.draw(report, *size))


@pytest.mark.parametrize("size", [(58, 18), (38, 11), (100, 50)])
@pytest.mark.parametrize("data", ["digits", "iris", "circle"])
def test_the_matrix_has_every_count_and_the_share_of_each_class_that_is_found(data: str, size: tuple[int, int]) -> None:
    run = assembled(data)
    report = make_report(run)
    assert report.confusion is not None
    text = matrix(run, report, size)
    share = r" +(\d+%|–)"
    columns = 3 if "precision" in text else 1
    rows = [
        (each[0], each[1], each[2:])
        for each in re.findall(rf"^ *(?:[A-Z] )?(\w+)((?: +[\d·]+)+){share * columns}$", text, re.MULTILINE)
    ]
    assert [name for name, _, _ in rows] == list(run.dataset.class_names)
    for (_, counts, _), expected in zip(rows, report.confusion.tolist(), strict=True):
        assert [0 if count == "·" else int(count) for count in counts.split()] == expected
    counted = report.confusion.tolist()
    for target, (_, _, shares) in enumerate(rows):
        hits, of_class = counted[target][target], sum(counted[target])
        said = sum(row[target] for row in counted)
        recall, precision = hits / of_class, hits / said if said else None
        f1 = 2 / (1 / precision + 1 / recall) if precision and recall else 0.0
        wanted = [precision, recall, f1] if columns == 3 else [recall]
        assert [float(each.strip("%")) / 100 for each in shares] == pytest.approx(wanted, abs=0.0051)


def test_where_the_matrix_has_no_room_the_classes_least_found_are_listed() -> None:
    run = assembled("digits")
    report = make_report(run)
    assert report.confusion is not None
    found = [row[target] / sum(row) for target, row in enumerate(report.confusion.tolist())]
    text = matrix(run, report, (24, 5))
    shown = {int(name) for name in re.findall(r"^(\d) ", text, re.MULTILINE)}
    assert len(shown) == 4
    assert max(found[each] for each in shown) <= min(found[each] for each in range(10) if each not in shown)
    assert "6 more" in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("data", ["iris", "circle"])
def test_the_worst_examples_come_first_with_their_classes_and_losses(data: str, size: tuple[int, int]) -> None:
    run = assembled(data)
    report = make_report(run)
    names = run.dataset.class_names
    rows = re.findall(r"^ *(\d+) ([✓✗]) (\w+) +(\w+) +(\S+)", worst(run, report, size), re.MULTILINE)
    assert len(rows) == min(len(report.worst_examples), size[1] - 2)
    for (number, mark, target, predicted, loss), each in zip(rows, report.worst_examples, strict=False):
        assert each.target_class is not None and each.predicted_class is not None
        assert int(number) == each.index.row + 1
        assert (target, predicted, loss) == (
            names[each.target_class],
            names[each.predicted_class],
            format_number(each.loss, 0),
        )
        assert (mark == "✓") == (target == predicted)


def test_a_class_that_is_never_predicted_has_no_precision_and_one_without_rows_no_recall() -> None:
    confusion = np.array([[3, 0, 1], [2, 0, 0], [0, 0, 0]])
    first, second, third = measure_classes(confusion)
    assert first == ClassScore(3 / 5, 3 / 4, 2 * 3 / (5 + 4))
    assert second == ClassScore(None, 0.0, 0.0) and third == ClassScore(0.0, None, 0.0)


@pytest.mark.parametrize("size", SIZES)
def test_the_worst_examples_of_a_file_have_their_lines(size: tuple[int, int]) -> None:
    run = assembled({"name": "iris", "validation_fraction": 0.2})
    lines = np.arange(150) * 2 + 1002
    split = replace(run.split, dataset=replace(run.dataset, lines=lines))
    report = make_report(run)
    text = "\n".join(strip.text for strip in WorstExamples(split, FULL_CAPABILITIES).draw(report, *size))
    assert report.part == "validation" and re.search(r"^ *line ", text, re.MULTILINE)
    found = [int(each) for each in re.findall(r"^ *(\d+) [✓✗]", text, re.MULTILINE)]
    wanted = [int(lines[split.validation_rows[each.index.row]]) for each in report.worst_examples]
    assert found and found == wanted[: len(found)]


@pytest.mark.parametrize(("size", "tiles"), [((58, 18), 8), ((38, 11), 3), ((40, 8), 3)])
def test_images_stand_side_by_side_with_their_classes_and_losses(size: tuple[int, int], tiles: int) -> None:
    run = assembled("digits")
    report = make_report(run)
    text = worst(run, report, size)
    for what, expected in {
        "target": [str(each.target_class) for each in report.worst_examples],
        "pred.": [str(each.predicted_class) for each in report.worst_examples],
        "loss": [format_number(each.loss, 0) for each in report.worst_examples],
    }.items():
        assert re.findall(rf"{re.escape(what)} (\S+)", text) == expected[:tiles]


@pytest.mark.parametrize("size", SIZES)
def test_a_regression_shows_its_largest_errors(size: tuple[int, int]) -> None:
    data: dict[str, object] = {"x": [[n / 7] for n in range(30)], "y": [[n % 5 / 5] for n in range(30)]}
    run = assembled(data, learning_rate=0.01)
    report = make_report(run)
    text = worst(run, report, size)
    assert re.match(r"largest errors( of the 30 training examples|: training)\n", text)
    off = np.array([float(each.y[0] - each.outputs[0]) for each in report.worst_examples])
    assert len(off) == 30
    rmse, mae = format_number(float(np.sqrt((off**2).mean())), 0), format_number(float(np.abs(off).mean()), 0)
    assert f"y1: RMSE {rmse}  MAE {mae}  R² " in text
    for each in report.worst_examples[: size[1] - 3]:
        numbers = (float(each.y[0]), float(each.outputs[0]), each.loss)
        target, predicted, loss = (re.escape(format_number(number, 0)) for number in numbers)
        assert re.search(rf"^ *{each.index.row + 1} +{target} +{predicted} +{loss}\b", text, re.MULTILINE)


def test_when_all_predictions_are_right_the_headline_says_so() -> None:
    run = assembled("xor", {"activation": "tanh"})
    report = make_report(run, 700)
    right = run.trainer.evaluate().test
    assert right is not None and right.accuracy == 1
    assert worst(run, report, (58, 18)).startswith("all right; nearest to wrong")


def test_the_contents_of_the_output_panel_wrap_around() -> None:
    def shown(classification: bool) -> list[str]:
        request, seen = DEFAULT_REQUEST, []
        for _ in range(4):
            request = request.with_next_output(classification)
            seen.append(request.output)
        return seen

    assert shown(True) == ["confusion", "worst", "example", "confusion"]
    assert shown(False) == ["worst", "example", "worst", "example"]
