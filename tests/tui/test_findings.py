"""Findings are drawn below the gradients panel, and their layer is marked; nothing is drawn without a finding."""

from dataclasses import replace

import pytest

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.tui.drawing.findings import ROOMY, WORDY, draw_findings
from gradstep.tui.drawing.remedies import REMEDIES, write_remedy
from gradstep.tui.screens.training.gradients import GradientsPanel
from tests.tui.driving import assembled, supervised, until

DEAD = Finding("dead", "layer 1 is dying", "60% of its neurons give 0", Remedy.RESTART_WITH_SMALLER_RATE, 1)
OVERFITTING = Finding(
    "overfitting", "it learns by heart", "the test loss is 30% above its lowest", Remedy.STOP_EARLIER_OR_L2
)


def text(findings: tuple[Finding, ...], width: int, height: int) -> str:
    return "\n".join(strip.text for strip in draw_findings(findings, width, height))


def test_without_a_finding_nothing_is_drawn() -> None:
    assert draw_findings((), 40, 20) == []


@pytest.mark.parametrize("width", [20, 38, 120])
def test_a_finding_shows_its_problem_its_evidence_and_its_remedy_in_this_order(width: int) -> None:
    words = " ".join(text((DEAD, OVERFITTING), width, WORDY).split())
    places = [words.index(part) for part in (DEAD.problem[:14], DEAD.evidence, REMEDIES[DEAD.remedy])]
    assert places == sorted(places)
    assert OVERFITTING.problem not in words
    assert all(len(row) <= width for row in text((DEAD, OVERFITTING), width, WORDY).split("\n"))


def test_every_finding_is_drawn_if_there_is_room() -> None:
    assert DEAD.problem in text((DEAD, OVERFITTING), 60, ROOMY) and OVERFITTING.problem in text(
        (DEAD, OVERFITTING), 60, ROOMY
    )


def test_only_the_problem_is_drawn_if_there_is_little_room() -> None:
    assert text((DEAD,), 40, WORDY - 1) == "! layer 1 is dying"


def test_every_remedy_has_a_sentence() -> None:
    assert set(REMEDIES) == set(Remedy)
    assert all(words.startswith("try ") for words in REMEDIES.values())


def test_a_remedy_names_the_keys_that_apply_it() -> None:
    assert REMEDIES[Remedy.SMALLER_RATE] == "try about a tenth of the learning rate: − three times"
    assert REMEDIES[Remedy.LARGER_RATE] == "try about ten times the learning rate: + three times"
    assert REMEDIES[Remedy.RESTART_WITH_SMALLER_RATE] == ("try a smaller rate from the start: r, then − three times")
    assert write_remedy(Remedy.SMALLER_RATE, rests=True).endswith("− three times, then space")
    assert REMEDIES[Remedy.STOP_EARLIER_OR_L2] == "try patience with a validation part, or l2: e"


async def test_the_panel_marks_the_layer_and_ends_with_the_finding() -> None:
    async with supervised(assembled(learning_rate=0.005)) as session:
        session.make_step()
        await until(lambda: session.view.snapshot.step == 1)
        view, panel = session.view, GradientsPanel("gradients")
        assert "!" not in "".join(strip.text for strip in panel.lines(view, 60, 17))
        strips = panel.lines(replace(view, findings=(DEAD,)), 60, 17)
        assert len(strips) == 17
        assert strips[0].text == "each step: the mean of 32 examples of 120"
        assert strips[1].text.endswith("  dying")
        assert strips[-1].text.strip() == REMEDIES[DEAD.remedy]


async def test_a_run_with_a_problem_shows_a_finding() -> None:
    async with supervised(assembled(learning_rate=1e-6, max_steps=10**6), pace=1000.0, paused=False) as session:
        await until(lambda: bool(session.view.findings))
        assert [finding.kind for finding in session.view.findings] == ["rate too small"]
        session.reset()
        await until(lambda: not session.view.findings)


async def test_a_layer_killed_by_a_rate_is_called_dead_after_the_rate_is_lowered_again() -> None:
    """Digits: + nine times, steps, − nine times."""
    network = {"hidden": [16, 16], "activation": "relu", "init": "he", "seed": 0}
    run = assembled("digits", network, optimizer="sgd", learning_rate=0.1, batch_size=32)
    async with supervised(run) as session:
        for _ in range(9):
            session.change_rate(1)
        for _ in range(3):
            session.make_step()
        await until(lambda: session.view.snapshot.step == 3)
        for _ in range(9):
            session.change_rate(-1)
        await until(lambda: session.view.snapshot.learning_rate == 0.1)
        (finding,) = session.view.findings
        assert finding.kind == "dead"
        assert finding.remedy == Remedy.RESTART_WITH_FIRST_RATE
