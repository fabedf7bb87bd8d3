"""A run that is over in a moment: the screen names what was wrong with it as it does of a slow one."""

import pytest

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.tui.session.training_loop import TrainingLoop

MOONS, DIGITS = {"name": "moons"}, {"name": "digits"}
NOISY = {"name": "moons", "noise": 0.5, "test_fraction": 0.8}
DEEP = {"hidden": [5] * 10, "activation": "sigmoid"}
WIDE = {"hidden": [64, 64]}


def make_loop(data: dict[str, object], network: dict[str, object], **training: object) -> TrainingLoop:
    return TrainingLoop(assemble(make_experiment({"data": data, "network": network, "training": training})), None)


def train_at_full_speed(loop: TrainingLoop) -> tuple[Finding, ...]:
    while loop.view().phase == "training":
        loop.train_slice(lambda: False, lambda view: None)
    return loop.findings


@pytest.mark.parametrize(
    ("data", "network", "training", "kind", "remedy"),
    [
        (MOONS, {}, {"learning_rate": 1e-9}, "rate too small", Remedy.LARGER_RATE),
        (MOONS, {}, {"learning_rate": 1e-5}, "rate too small", Remedy.LARGER_RATE),
        (MOONS, DEEP, {}, "vanishing", Remedy.RELU),
        ({"name": "spiral"}, {"init": "zeros"}, {}, "all zero", Remedy.OTHER_INITIALIZER),
        (DIGITS, {"init": "zeros", "activation": "tanh"}, {}, "all zero", Remedy.OTHER_INITIALIZER),
        (NOISY, WIDE, {"optimizer": "adam", "max_epochs": 1000}, "overfitting", Remedy.STOP_EARLIER_OR_L2),
    ],
)
def test_a_cause_is_found_and_every_finding_has_its_remedy(
    data: dict[str, object], network: dict[str, object], training: dict[str, object], kind: str, remedy: Remedy
) -> None:
    findings = train_at_full_speed(make_loop(data, network, **training))
    assert findings[0].kind == kind
    assert {finding.remedy for finding in findings} == {remedy}


def test_a_run_that_goes_on_after_a_change_of_its_rate_is_looked_at_anew() -> None:
    loop = make_loop(MOONS, {}, max_steps=40)
    assert train_at_full_speed(loop) == ()
    loop.trainer.learning_rate = 1e-9
    loop.observe()
    loop.toggle_pause()
    seen: list[int] = []
    while loop.trainer.step < 60:
        loop.train_slice(lambda: loop.trainer.step >= 60, lambda view: seen.append(view.snapshot.step))
    assert {41, 50, 60} <= set(seen)
