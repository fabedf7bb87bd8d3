"""The tracker of findings: it starts anew where the run does, and judges each step once."""

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.snapshot import Example, take_snapshot
from tests.core.test_findings import digits, train_observed


def test_the_tracker_starts_anew_when_the_run_goes_back() -> None:
    trainer = digits([16, 16], learning_rate=1e-5)
    start = trainer.state()
    tracker, _ = train_observed(trainer, 100)
    assert tracker.findings
    trainer.restore(start)
    tracker.observe(take_snapshot(trainer, Example("training", 0)))
    assert tracker.findings == ()


def test_the_tracker_can_go_back_and_come_to_the_same_step_with_another_rate() -> None:
    trainer = digits([16, 16], learning_rate=1e-5)
    start = trainer.state()
    tracker, _ = train_observed(trainer, 100)
    trainer.restore(start)
    tracker.observe(take_snapshot(trainer, Example("training", 0)))
    trainer.learning_rate = 0.1
    trainer.run(lambda: False, until=100)
    tracker.observe(take_snapshot(trainer, Example("training", 0)))
    assert tracker.findings == ()


def test_after_a_change_of_the_rate_no_step_of_the_old_one_is_blamed() -> None:
    trainer = digits([16, 16], "tanh", learning_rate=3.0)
    tracker, _ = train_observed(trainer, 40, every=1)
    assert [finding.kind for finding in tracker.findings] == ["rate too large"]
    trainer.learning_rate = 0.001
    tracker.observe(take_snapshot(trainer, Example("training", 0)))
    assert tracker.findings == ()


def test_a_second_snapshot_of_the_same_step_is_ignored() -> None:
    trainer = digits([16, 16], learning_rate=1e-5)
    trainer.run(lambda: False, until=50)
    tracker = FindingTracker()
    for _ in range(10):
        tracker.observe(take_snapshot(trainer, Example("training", 0)))
    assert tracker.findings == ()


def test_findings_compare_by_value() -> None:
    assert Finding("a", "b", "c", Remedy.RELU) == Finding("a", "b", "c", Remedy.RELU)
