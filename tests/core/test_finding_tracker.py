"""The tracker of findings: it starts anew where the run does, and judges each step once."""

from dataclasses import replace

from gradstep.core.network.arrays import norm
from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.findings import find_problems
from gradstep.core.observation.limits import EXPLODING
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from gradstep.core.observation.wording import write_number
from tests.core.test_findings import digits, evidence, regression, train_observed


def test_the_tracker_starts_anew_when_the_run_goes_back() -> None:
    trainer = digits([16, 16], learning_rate=1e-5)
    start = trainer.state()
    tracker, _ = train_observed(trainer, 100)
    assert tracker.findings
    trainer.restore(start)
    tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    assert tracker.findings == ()


def test_the_tracker_can_go_back_and_come_to_the_same_step_with_another_rate() -> None:
    trainer = digits([16, 16], learning_rate=1e-5)
    start = trainer.state()
    tracker, _ = train_observed(trainer, 100)
    trainer.restore(start)
    tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    trainer.learning_rate = 0.1
    trainer.run(lambda: False, until=100)
    tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    assert tracker.findings == ()


def test_after_a_change_of_the_rate_no_step_of_the_old_one_is_blamed() -> None:
    trainer = digits([16, 16], "tanh", learning_rate=3.0)
    tracker, _ = train_observed(trainer, 40, every=1)
    assert [finding.kind for finding in tracker.findings] == ["rate too large"]
    trainer.learning_rate = 0.001
    tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    assert tracker.findings == ()


def test_the_length_of_an_exploding_gradient_is_that_of_the_last_step() -> None:
    trainer = regression(1.2)
    tracker, _ = train_observed(trainer, 60, every=1)
    (finding,) = tracker.findings
    length = norm([norm(layer.weight_gradient) for layer in trainer.network.layers])
    assert finding.kind == "exploding"
    assert finding.evidence == f"their length is {write_number(length)}, the limit is {EXPLODING:.0f}"


def test_an_exploding_gradient_that_is_short_at_the_moment_has_the_median_of_the_last_ones() -> None:
    layers = [replace(layer, gradient_norm=1e3, update_ratio=1.0) for layer in evidence().layers]
    for newest, said in ((1e4, "their length is 14142"), (1.0, "the median of their last lengths is 1414")):
        made = replace(evidence(), layers=tuple(replace(each, newest_gradient_norm=newest) for each in layers))
        assert find_problems(made)[0].evidence.startswith(said)


def test_a_second_snapshot_of_the_same_step_is_ignored() -> None:
    trainer = digits([16, 16], learning_rate=1e-5)
    trainer.run(lambda: False, until=50)
    tracker = FindingTracker()
    for _ in range(10):
        tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    assert tracker.findings == ()


def test_findings_compare_by_value() -> None:
    assert Finding("a", "b", "c", Remedy.RELU) == Finding("a", "b", "c", Remedy.RELU)
