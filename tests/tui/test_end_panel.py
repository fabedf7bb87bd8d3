"""The end of a run on the screen: how it ended, its scores, and what to do next, with all keys on the last line."""

from pathlib import Path

import pytest

from gradstep.core.observation.finding import Remedy
from gradstep.data.run import Run
from gradstep.tui.drawing.remedies import choose_next_steps
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import AppPilot, assembled, drawn, panel, session_of, shown, step_of, text, until

SIZES = [(80, 24), (120, 40)]
SGD = {"optimizer": "sgd", "batch_size": 32}


def learnt() -> Run:
    return assembled("iris", {"hidden": [16], "activation": "relu"}, learning_rate=0.1, max_steps=200, **SGD)


def dead() -> Run:
    """A regression whose relus die at this rate."""
    network = {"hidden": [8, 8], "output": "linear", "activation": "relu", "init": "he", "seed": 0}
    return assembled("sine", network, loss="mse", learning_rate=1.0, max_steps=200, **SGD)


async def wait_for_end(pilot: AppPilot) -> Panel:
    end = panel(pilot, "end")
    await until(lambda: end.display and bool(text(end).strip()), pilot)
    await drawn(pilot)
    return end


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_sums_up_and_offers_three_steps_with_their_keys(size: tuple[int, int]) -> None:
    async with shown(learnt(), paused=False, size=size) as pilot:
        ending, scores, baselines, steps = text(await wait_for_end(pilot)).split("\n")
        end = session_of(pilot).view.end
        assert end is not None and end.evaluation.test is not None and end.failure is None
        assert f"finished as planned after {end.seconds:.1f} s of training: 200 steps" in ending
        for score in (end.evaluation.train, end.evaluation.test):
            assert score is not None and f"{score.accuracy:.1%}" in scores
        assert end.linear is not None
        for score in (end.guess.test, end.linear.evaluation.test):
            assert score is not None and f"{score.accuracy:.1%}" in baselines
        assert "gap" in scores and "points" in scores
        assert steps.strip() == "→ L: learn · R: race · e: setup"


async def test_the_loss_of_the_newest_batch_and_that_of_the_training_part_are_told_apart() -> None:
    async with shown(assembled("sine", max_epochs=2), paused=False) as pilot:
        assert "  training part loss 0." in text(await wait_for_end(pilot))
        assert "━ training, newest batch  0." in text(panel(pilot, "loss"))


async def test_a_run_that_goes_on_past_its_end_has_none_any_more() -> None:
    async with shown(assembled("sine", max_epochs=2), paused=False) as pilot:
        await wait_for_end(pilot)
        assert "epoch 2 of 2 " in text(panel(pilot, "status"))
        await pilot.press("space")
        await until(lambda: session_of(pilot).view.snapshot.epoch > 2, pilot)
        assert session_of(pilot).view.limit is None


@pytest.mark.parametrize("size", SIZES)
async def test_after_data_of_ones_own_the_end_offers_what_they_are_good_for(
    size: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    rows = (f"{row % 7},{row % 5},{'red' if row % 7 > row % 5 else 'blue'}\n" for row in range(90))
    path.write_text("length,width,colour\n" + "".join(rows))
    run = assembled({"path": str(path), "validation_fraction": 0.2}, {"hidden": [8]}, learning_rate=0.1, max_steps=60)
    async with shown(run, paused=False, size=size) as pilot:
        steps = text(await wait_for_end(pilot)).split("\n")[-1]
        best = session_of(pilot).view.end.best
        assert best is not None and steps.startswith(" → ")
        assert (f"b: best step {best.step}" in steps) == (best.step != 60)
        assert "i: importance · e: setup · q: quit to predict" in steps
        assert "space go on" in text(panel(pilot, "footer"))
        await pilot.press("space")
        await until(lambda: step_of(session_of(pilot)) > 60, pilot)
        assert "space pause" in text(panel(pilot, "footer"))


@pytest.mark.parametrize("size", SIZES)
async def test_at_the_end_the_last_line_keeps_its_keys(size: tuple[int, int]) -> None:
    async with shown(learnt(), size=size) as pilot:
        before = text(panel(pilot, "footer"))
        await pilot.press("space")
        await wait_for_end(pilot)
        assert text(panel(pilot, "footer")) == before


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_that_is_no_better_than_a_guess_says_so_with_its_number(size: tuple[int, int]) -> None:
    async with shown(dead(), paused=False, size=size) as pilot:
        ending, scores, baselines, steps = text(await wait_for_end(pilot)).split("\n")
        assert "no weight has a gradient" in ending and "as planned" not in ending
        assert "test" in scores and "guess" in baselines and "RMSE" in baselines
        assert steps.count("·") == 2 and "r, then − six times" in steps
        view = session_of(pilot).view
        assert view.planned_ending == "no_better_than_guess"
        assert [finding.kind for finding in view.findings] == ["dead", "no gradient"]
        assert "dead" in text(panel(pilot, "gradients"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("test", "part"), [(0.2, "test"), (0.0, "val")])
async def test_the_errors_of_a_regression_say_of_which_part_they_are(
    size: tuple[int, int], test: float, part: str
) -> None:
    data = {"name": "sine", "test_fraction": test, "validation_fraction": 0.2}
    run = assembled(data, {"hidden": [8], "activation": "tanh"}, loss="mse", learning_rate=0.05, max_steps=200, **SGD)
    async with shown(run, paused=False, size=size) as pilot:
        baselines = text(await wait_for_end(pilot)).split("\n")[2]
        assert f"{part} RMSE" in baselines and "guess" in baselines and "linear" in baselines
        assert size[0] == 80 or ("MAE" in baselines and "best step" in baselines)


async def test_the_advice_at_the_end_works() -> None:
    """r, and − three times, as it says."""
    async with shown(dead(), paused=False) as pilot:
        await wait_for_end(pilot)
        await pilot.press("r", *["minus"] * 3, "space")
        session = session_of(pilot)
        await until(lambda: session.view.snapshot.learning_rate == 0.1 and session.view.end is not None, pilot)
        assert session.view.planned_ending == "max_steps"


async def test_the_panel_of_the_end_leaves_with_the_end() -> None:
    async with shown(learnt(), paused=False) as pilot:
        end = await wait_for_end(pilot)
        await pilot.press("left_square_bracket")
        await until(lambda: step_of(session_of(pilot)) == 199 and not end.display, pilot)
        await pilot.press("space")
        await wait_for_end(pilot)


@pytest.mark.parametrize("remedy", [None, *Remedy])
def test_three_different_steps_fit_the_smallest_screen(remedy: Remedy | None) -> None:
    steps = choose_next_steps(remedy, 3)
    assert len(set(steps)) == 3
    assert len(" · ".join(steps)) + 3 <= 80


@pytest.mark.parametrize("key", ["x", "f", "V", "i"])
async def test_on_other_screens_the_end_hides_no_keys(key: str) -> None:
    """There the key that the note names does nothing, or something else."""
    async with shown(learnt(), paused=False, size=(80, 24)) as pilot:
        await wait_for_end(pilot)
        assert "space goes on" in session_of(pilot).view.note
        await pilot.press(key)
        await until(lambda: "esc back" in text(pilot.app.screen.query_one(KeyBar)), pilot)
        assert "goes on" not in text(pilot.app.screen.query_one(KeyBar))
