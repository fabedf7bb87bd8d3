"""The confusion matrix and the worst examples, as the output panel shows them."""

import re

import pytest

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
    rows = re.findall(r"^ *(?:[A-Z] )?(\w+)((?: +[\d·]+)+) +(\d+%|–)$", text, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(run.dataset.class_names)
    for (_, counts, _), expected in zip(rows, report.confusion.tolist(), strict=True):
        assert [0 if count == "·" else int(count) for count in counts.split()] == expected
    assert [found for _, _, found in rows] == [
        f"{row[target] / sum(row):.0%}" for target, row in enumerate(report.confusion.tolist())
    ]


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
        assert int(number) == each.example.row + 1
        assert (target, predicted, loss) == (
            names[each.target_class],
            names[each.predicted_class],
            format_number(each.loss, 0),
        )
        assert (mark == "✓") == (target == predicted)


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
    for each in report.worst_examples[: size[1] - 2]:
        numbers = (float(each.y[0]), float(each.outputs[0]), each.loss)
        target, predicted, loss = (re.escape(format_number(number, 0)) for number in numbers)
        assert re.search(rf"^ *{each.example.row + 1} +{target} +{predicted} +{loss}\b", text, re.MULTILINE)


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
