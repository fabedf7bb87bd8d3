"""The numbers of the luck screen are those of trainers that are run one by one."""

import asyncio

import numpy as np
import pytest

from gradstep.core.observation.loss_fan import SHARES
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.recent_loss import smooth_losses
from gradstep.core.training.trainer import Trainer
from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import LuckSetup, set_up_luck
from gradstep.data.run import Run
from gradstep.tui.screens.luck.histogram import count_losses, find_ends
from gradstep.tui.screens.luck.words import describe_counts, describe_own, describe_progress
from gradstep.tui.session.luck_loop import LuckLoop
from gradstep.tui.session.luck_session import LuckSession
from gradstep.tui.session.luck_view import LuckView
from tests.tui.driving import assembled, until

STEPS = 80


def mixed(**training: object) -> Run:
    """A run of which other seeds diverge, learn nothing, or learn."""
    network = {"output": "linear", "hidden": [4]}
    return assembled(network=network, **{"loss": "mse", "learning_rate": 0.8, "max_steps": STEPS, **training})


def finish(loop: LuckLoop) -> LuckView:
    while (view := loop.train_slice(lambda: False)).phase != "finished":
        pass
    return view


def train_alone(run: Run, steps: int = STEPS) -> tuple[Trainer, list[float]]:
    """The trainer of a run, after so many steps or before the one that diverges, and its batch losses."""
    losses = []
    try:
        for _ in range(steps):
            losses.append(run.trainer.update())
    except Diverged:
        pass
    return run.trainer, losses


@pytest.fixture(scope="module")
def setup() -> LuckSetup:
    return set_up_luck(mixed(), "seeds")


@pytest.fixture(scope="module")
def view(setup: LuckSetup) -> LuckView:
    return finish(LuckLoop(setup, 0))


@pytest.fixture(scope="module")
def alone(setup: LuckSetup) -> list[tuple[Trainer, list[float]]]:
    return [train_alone(setup.make_run(index)) for index in range(len(setup.members))]


def test_the_losses_and_accuracies_are_those_of_the_trainers(
    view: LuckView, alone: list[tuple[Trainer, list[float]]]
) -> None:
    assert (view.step, view.scored_step, view.phase) == (STEPS, STEPS, "finished")
    assert view.accuracies is not None
    for index, (trainer, _) in enumerate(alone):
        score = trainer.evaluator.score(trainer.training_part)
        assert view.losses[index] == pytest.approx(score.loss, rel=1e-12)
        assert view.accuracies[index] == score.accuracy
        assert view.diverged[index] == (trainer.divergence is not None)


def test_the_counts_are_those_of_the_trainers(view: LuckView, alone: list[tuple[Trainer, list[float]]]) -> None:
    guess = alone[0][0].constant_guess.train.loss
    others = [trainer for trainer, _ in alone[1:]]
    diverged = sum(trainer.divergence is not None for trainer in others)
    alive = [trainer.evaluate().train.loss for trainer in others if trainer.divergence is None]
    no_better = sum(not loss < 0.98 * guess for loss in alive)
    assert diverged > 5 and no_better > 5
    said = describe_counts(view, view.find_members(0))[0]
    assert f"{100 - diverged - no_better} better than" in said
    assert f", {no_better} no better, {diverged} diverged." in said
    assert describe_progress(view, view.find_members(0)) == "All are done."


def test_best_median_and_worst_are_those_of_the_trainers(
    view: LuckView, alone: list[tuple[Trainer, list[float]]]
) -> None:
    losses = {
        index: trainer.evaluate().train.loss
        for index, (trainer, _) in enumerate(alone)
        if index > 0 and trainer.divergence is None
    }
    order = sorted(losses, key=lambda index: losses[index])
    assert view.find_named(0) == (order[0], order[(len(order) - 1) // 2], order[-1])
    own = alone[0][0]
    worse = 100 - sum(loss <= own.evaluate().train.loss for loss in losses.values())
    assert describe_own(view) == f"better than {worse} of 100 others"


def test_the_fan_has_the_quantiles_of_the_trainers(view: LuckView, alone: list[tuple[Trainer, list[float]]]) -> None:
    curves = np.full((STEPS, 101), np.inf)
    for index, (_, losses) in enumerate(alone):
        curves[: len(losses), index] = smooth_losses(np.array(losses))
    (fan,) = view.fans
    assert fan.own is not None
    expected = np.quantile(curves[:, 1:], SHARES, axis=1, method="inverted_cdf")
    shown = expected < 10
    np.testing.assert_allclose(fan.lines[shown], expected[shown], rtol=1e-9)
    assert np.array_equal(np.isinf(fan.lines), np.isinf(expected))
    np.testing.assert_allclose(fan.own, curves[:, 0], rtol=1e-9)
    assert fan.steps.tolist() == list(range(1, STEPS + 1))


def test_the_histogram_counts_the_trainers(view: LuckView, alone: list[tuple[Trainer, list[float]]]) -> None:
    losses = np.array([t.evaluate().train.loss for t, _ in alone[1:] if t.divergence is None])
    shown = losses[losses <= 2 * view.guess]
    ends = find_ends(shown, False)
    counts = count_losses(shown, ends, 12, False)
    assert list(counts) == np.histogram(shown, 12, ends)[0].tolist()
    logarithmic = count_losses(shown, ends, 12, True)
    assert list(logarithmic) == np.histogram(np.log(shown), 12, np.log(ends))[0].tolist()


@pytest.mark.parametrize("variation", ["initializers", "depths", "rates"])
def test_every_member_of_a_comparison_is_its_trainer(variation: Variation) -> None:
    setup = set_up_luck(mixed(learning_rate=0.1, max_steps=30), variation)
    view = finish(LuckLoop(setup, 0))
    for index in range(len(setup.members)):
        trainer, _ = train_alone(setup.make_run(index), 30)
        assert view.diverged[index] == (trainer.divergence is not None)
        assert view.losses[index] == pytest.approx(trainer.evaluate().train.loss, rel=1e-12), index


@pytest.mark.parametrize("data", [{"name": "iris", "validation_fraction": 0.2}, {"name": "sine"}])
def test_the_run_of_a_member_has_its_numbers(data: dict[str, object]) -> None:
    setup = set_up_luck(assembled(data, max_steps=70), "seeds")
    loop = LuckLoop(setup, 0)
    view = finish(loop)
    named = view.find_named(0)
    assert named is not None
    for index in named:
        run = loop.make_run(index, lambda: False)
        assert run.trainer.step == view.step == 70
        assert run.experiment.network.seed == setup.members[index].seed
        np.testing.assert_allclose(
            run.network.parameters, setup.populations[0].parameters[index], rtol=1e-12, atol=1e-12
        )
        scores = run.trainer.evaluate()
        score = scores.validation or scores.train
        assert view.losses[index] == pytest.approx(score.loss, rel=1e-12)
        assert (view.accuracies is None) == (score.accuracy is None)


def test_a_member_that_a_stop_condition_ends_becomes_a_run_that_ends_there() -> None:
    setup = set_up_luck(assembled({"name": "iris", "validation_fraction": 0.0}, target_loss=0.3), "seeds")
    loop = LuckLoop(setup, 0)
    view = finish(loop)
    stopped = int(np.flatnonzero(view.stopped)[0])
    run = loop.make_run(stopped, lambda: False)
    end = setup.populations[0].ends[stopped]
    assert end is not None and run.trainer.step == end.step
    assert run.trainer.stop_reason == "target_loss"
    assert run.seconds > 0


def test_space_at_the_end_trains_as_far_again() -> None:
    loop = LuckLoop(set_up_luck(mixed(), "seeds"), 0)
    before = finish(loop)
    loop.toggle_pause()
    after = finish(loop)
    assert (before.step, after.step) == (STEPS, 2 * STEPS)
    assert after.diverged[before.diverged].all()


def test_a_pause_has_the_scores_of_its_step() -> None:
    loop = LuckLoop(set_up_luck(mixed(), "seeds"), 0)
    turns = iter(range(30))
    view = loop.train_slice(lambda: next(turns, None) is None)
    assert 0 <= view.scored_step <= view.step < STEPS
    step = view.step
    loop.toggle_pause()
    while (view := loop.train_slice(lambda: False)).next_due is not None:
        pass
    assert (view.phase, view.step, view.scored_step) == ("paused", step, step)
    assert "None is done yet" in describe_progress(view, view.find_members(0)) or view.diverged.any()


def test_a_slice_ends_where_it_is_interrupted() -> None:
    loop = LuckLoop(set_up_luck(mixed(), "seeds"), 0)
    view = loop.train_slice(lambda: True)
    assert view.step == 0 and view.scored_step < 0 and view.next_due is not None


async def test_the_session_ends_after_the_step_under_way_when_it_is_closed() -> None:
    run = mixed(max_steps=3000)

    async def set_up(variation: Variation) -> LuckSetup:
        return await asyncio.to_thread(set_up_luck, run, variation)

    session = LuckSession("seeds", set_up, 1000.0)
    worker = asyncio.create_task(session.supervise())
    await until(lambda: session.view is not None and session.view.step > 0)
    session.close()
    await asyncio.wait_for(worker, 5)
    assert session.view is not None and session.view.step < 3000
    before = session.view
    await asyncio.sleep(0)
    assert session.view is before
