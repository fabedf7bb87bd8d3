"""The timeline: going back and on again repeats the run bit for bit, in bounded memory."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.timeline import (
    MEMORY_BUDGET,
    STEPS_IF_QUICK,
    Timeline,
    count_state_bytes,
)
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from gradstep.core.training.update import record_update
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from tests.core.problems import small_trainer, train

LONGEST = 400
RATES = (0.01, 0.05, 0.1, 0.5)
FEW, SOME = 30_000, 200_000
"""Budgets in bytes: for a few of these states, and for some."""


@dataclass
class Run:
    """A trainer with its timeline, driven as a session drives it, and the state that every step was left with."""

    trainer: Trainer
    timeline: Timeline
    states: dict[int, TrainerState] = field(default_factory=dict)

    def to(self, step: int) -> None:
        """Train on to that step, and note every state on the way."""
        self.note()
        while self.trainer.step < step:
            self.trainer.update()
            self.timeline.record()
            self.note()

    def change_rate(self, rate: float) -> None:
        self.trainer.learning_rate = rate
        self.timeline.record_rate_change()
        self.note()

    def note(self) -> None:
        self.states[self.trainer.step] = self.trainer.state()


def begun(budget: int = MEMORY_BUDGET, **options: object) -> Run:
    trainer = small_trainer(held_out=5, **options)
    return Run(trainer, Timeline(trainer, budget))


def run_with(changes: list[tuple[int, float]], end: int, budget: int = MEMORY_BUDGET, **options: object) -> Run:
    """A run to the step `end`, with the learning rate changed at these steps."""
    run = begun(budget, **options)
    for step, rate in sorted(changes, key=lambda change: change[0]):
        run.to(min(step, end))
        run.change_rate(rate)
    run.to(end)
    return run


def assert_same(one: TrainerState, other: TrainerState) -> None:
    """Parameters, optimizer, cursor, random state and history are equal bit for bit."""
    assert one.values == other.values
    assert one.arrays.keys() == other.arrays.keys()
    for name, array in one.arrays.items():
        assert array.tobytes() == other.arrays[name].tobytes(), name


def kept(timeline: Timeline) -> list[int]:
    return list(timeline._steps)


CHANGES = st.lists(st.tuples(st.integers(0, LONGEST), st.sampled_from(RATES)), max_size=4)
STEPS = st.integers(0, LONGEST)
BUDGETS = st.sampled_from([1, FEW, SOME, MEMORY_BUDGET])


@settings(max_examples=40)
@given(CHANGES, STEPS, st.lists(STEPS, min_size=1, max_size=6), BUDGETS, st.sampled_from(list(OPTIMIZERS)))
def test_go_to_reaches_every_step_in_any_order(
    changes: list[tuple[int, float]], end: int, visits: list[int], budget: int, optimizer: str
) -> None:
    run = run_with(changes, end, budget, optimizer=optimizer)
    for step in visits:
        run.timeline.go_to(step)
        assert_same(run.trainer.state(), run.states[min(step, end)])
    assert run.timeline.newest_step == end


@settings(max_examples=40)
@given(CHANGES, STEPS, STEPS, BUDGETS)
def test_going_on_from_the_past_repeats_the_run_with_its_changes_of_the_rate(
    changes: list[tuple[int, float]], end: int, back: int, budget: int
) -> None:
    run = run_with(changes, end, budget, optimizer="momentum")
    first = dict(run.states)
    run.timeline.go_to(back)
    run.to(end)
    for step, state in first.items():
        assert_same(run.states[step], state)


@settings(max_examples=20)
@given(CHANGES, STEPS, STEPS)
def test_recording_when_due_repeats_the_run(changes: list[tuple[int, float]], end: int, back: int) -> None:
    run = run_with(changes, end)
    run.timeline.go_to(back)
    while run.trainer.step < end:
        run.trainer.run(lambda: False, until=min(end, run.timeline.next_due))
        run.timeline.record()
    assert_same(run.trainer.state(), run.states[end])


@settings(max_examples=40)
@given(CHANGES, STEPS, STEPS, st.sampled_from(RATES), BUDGETS, st.lists(STEPS, max_size=4))
def test_a_rate_changed_in_the_past_forgets_the_later_steps(
    changes: list[tuple[int, float]], end: int, back: int, rate: float, budget: int, visits: list[int]
) -> None:
    run = run_with(changes, end, budget)
    back = min(back, end)
    run.timeline.go_to(back)
    run.change_rate(rate)
    assert run.timeline.newest_step == back
    run.to(end)
    other = run_with([*((step, old) for step, old in changes if step <= back), (back, rate)], end)
    assert_same(run.trainer.state(), other.trainer.state())
    for step in visits:
        run.timeline.go_to(step)
        assert_same(run.trainer.state(), other.states[min(step, end)])


@pytest.mark.parametrize("visits", [[250], [300, 120, 90, 260], [101, 300]])
def test_stop_conditions_changed_in_the_past_hold_at_every_later_step(visits: list[int]) -> None:
    def change_stop(run: Run) -> None:
        run.trainer.restart_stopping()
        run.timeline.record_stop_change()

    changed_at_once, changed_later = (
        run_with([(60, 5.0)], 100, optimizer="momentum", stop=StopConditions(patience=4)) for _ in range(2)
    )
    change_stop(changed_at_once)
    for run in (changed_at_once, changed_later):
        run.to(200)
        run.change_rate(0.01)
        run.to(300)
    # the lowest loss was before the change
    assert changed_at_once.states[200].values["progress"] != changed_later.states[200].values["progress"]
    changed_later.timeline.go_to(100)
    change_stop(changed_later)
    assert changed_later.timeline.newest_step == 300
    for step in visits:
        changed_later.timeline.go_to(step)
        if step > 100:
            assert_same(changed_later.trainer.state(), changed_at_once.states[step])
    # going on from there, it is the same
    changed_later.timeline.go_to(100)
    changed_later.to(300)
    assert_same(changed_later.trainer.state(), changed_at_once.states[300])


def test_a_step_is_clamped_to_what_was_recorded() -> None:
    trainer = small_trainer()
    train(trainer, 10)
    run = Run(trainer, Timeline(trainer))
    run.to(100)
    for asked, reached in ((-5, 10), (3, 10), (50, 50), (101, 100)):
        run.timeline.go_to(asked)
        assert trainer.step == reached
    assert (run.timeline.oldest_step, run.timeline.newest_step) == (10, 100)


def test_go_to_makes_the_update_of_the_step_itself() -> None:
    run = begun()
    run.to(2 * STEPS_IF_QUICK)
    for step in (1, STEPS_IF_QUICK, 2 * STEPS_IF_QUICK):
        run.timeline.go_to(step)
        assert run.trainer.last_pass is not None


def test_going_back_keeps_the_newest_step() -> None:
    run = begun()
    run.to(100)
    run.timeline.go_to(20)
    run.to(30)
    assert run.timeline.newest_step == 100


def test_next_due_is_the_next_kept_state_or_the_next_change_of_the_rate() -> None:
    run = begun()
    assert run.timeline.next_due == STEPS_IF_QUICK
    run.to(30)
    run.change_rate(0.05)
    assert run.timeline.next_due == STEPS_IF_QUICK
    run.to(STEPS_IF_QUICK)
    assert run.timeline.next_due == 2 * STEPS_IF_QUICK
    run.timeline.go_to(10)
    assert run.timeline.next_due == 30
    run.timeline.go_to(30)
    assert run.timeline.next_due == 2 * STEPS_IF_QUICK


def test_a_rate_changed_and_changed_back_at_once_changes_nothing() -> None:
    run = begun(learning_rate=0.1)
    run.to(20)
    run.change_rate(0.5)
    run.change_rate(0.1)
    run.to(40)
    run.timeline.go_to(30)
    assert_same(run.trainer.state(), run.states[30])
    assert run.trainer.history.rate_changes == ((0, 0.1),)


@settings(max_examples=20)
@given(st.integers(0, 3000), st.integers(1, 400_000))
def test_memory_stays_in_the_budget_and_both_ends_are_kept(end: int, budget: int) -> None:
    trainer = small_trainer(held_out=5)
    timeline = Timeline(trainer, budget)
    newest = 0
    while trainer.step < end:
        trainer.run(lambda: False, until=min(end, timeline.next_due))
        timeline.record()
        newest = trainer.step if trainer.step - newest >= STEPS_IF_QUICK else newest
        assert timeline.bytes <= budget or len(kept(timeline)) <= 2
        assert (kept(timeline)[0], kept(timeline)[-1]) == (0, newest)
        assert timeline.bytes == sum(count_state_bytes(state) for state in timeline._states)
    for step in (0, end // 2, end):
        timeline.go_to(step)
        assert trainer.step == step


def test_forgetting_later_steps_frees_their_memory() -> None:
    run = begun()
    run.to(10 * STEPS_IF_QUICK)
    run.timeline.go_to(3 * STEPS_IF_QUICK)
    run.change_rate(0.05)
    assert kept(run.timeline) == [0, STEPS_IF_QUICK, 2 * STEPS_IF_QUICK, 3 * STEPS_IF_QUICK]
    assert run.timeline.bytes == sum(count_state_bytes(state) for state in run.timeline._states)


def test_recent_states_are_closer_together_than_old_ones() -> None:
    trainer = small_trainer()
    timeline = Timeline(trainer, budget=500_000)
    while trainer.step < 30_000:
        trainer.run(lambda: False, until=timeline.next_due)
        timeline.record()
    gaps = np.diff(kept(timeline))
    oldest, *_, newest = (part.mean() for part in np.array_split(gaps, 4))
    assert gaps[-1] == STEPS_IF_QUICK
    assert newest < 4 * STEPS_IF_QUICK
    assert oldest > 8 * newest


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_digits_rewound_and_continued_repeat_bit_for_bit(optimizer: str) -> None:
    run = assemble(make_experiment({"training": {"optimizer": optimizer, "learning_rate": 0.01}}))
    driven = Run(run.trainer, Timeline(run.trainer))
    driven.to(500)
    first = dict(driven.states)
    driven.timeline.go_to(137)
    assert_same(run.trainer.state(), first[137])
    update = record_update(run.trainer)
    driven.timeline.record()
    assert update.step == 138
    assert_same(run.trainer.state(), first[138])
    driven.to(500)
    assert all(step in driven.states for step in range(138, 501))
    for step, state in first.items():
        assert_same(driven.states[step], state)
