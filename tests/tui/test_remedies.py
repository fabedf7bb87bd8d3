"""Each remedy, followed with the keys that it names: they are keys of the training screen, and do what it says."""

import re
from dataclasses import replace

import pytest

from gradstep.core.observation.finding import RESTARTS, Finding, Remedy, blame_raised_rate
from gradstep.tui.drawing.remedies import APPLIED, EXPERIMENT, FIELDS, REMEDIES
from gradstep.tui.keymap import KEYS
from gradstep.tui.screens.experiment.fields import FIELDS as FORM_FIELDS
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from tests.tui.driving import AppPilot, assembled, session_of, shown, step_of, until

COUNTS = {"once": 1, "three times": 3, "six times": 6}
SMALLER, LARGER = (5, 10), (1 / 10, 1 / 5)
FACTORS = {
    Remedy.SMALLER_RATE: SMALLER,
    Remedy.LARGER_RATE: LARGER,
    Remedy.RESTART_WITH_SMALLER_RATE: SMALLER,
    Remedy.RESTART_WITH_MUCH_SMALLER_RATE: (25, 100),
}
"""By which factor, at least and at most, a remedy makes the learning rate smaller."""


def read_keys(remedy: Remedy) -> list[str]:
    """The keys to press, as Textual names them, read from the sentence."""
    pressed: list[str] = []
    for part in APPLIED[remedy][1].split(", then "):
        shown_key, _, rest = part.partition(" ")
        named = next(key for key in KEYS if shown_key.replace("−", "-") in key.shown.split())
        pressed += [named.keys.split(",")[0]] * COUNTS.get(rest, 1)
    return pressed


def test_every_remedy_names_keys_of_the_training_screen() -> None:
    assert set(APPLIED) == set(Remedy)
    assert all(read_keys(remedy) for remedy in Remedy)


def test_every_remedy_of_the_experiment_has_its_field() -> None:
    assert {remedy for remedy in Remedy if APPLIED[remedy][1] == EXPERIMENT} == set(FIELDS)
    assert set(FIELDS.values()) <= {field.dotted for field in FORM_FIELDS}


@pytest.mark.parametrize("rate", [0.1, 0.003, 0.7, 0.11, 1.0])
@pytest.mark.parametrize("remedy", FACTORS)
async def test_a_remedy_changes_the_rate_as_it_says(remedy: Remedy, rate: float) -> None:
    async with shown(assembled(learning_rate=rate)) as pilot:
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await pilot.press(*read_keys(remedy))
        least, most = (factor * 0.99 if index == 0 else factor * 1.01 for index, factor in enumerate(FACTORS[remedy]))
        await until(lambda: least <= rate / session_of(pilot).view.snapshot.learning_rate <= most, pilot)
        assert step_of(session_of(pilot)) == (0 if "start" in REMEDIES[remedy] else 1)


def test_no_remedy_names_one_rate_as_the_only_one() -> None:
    # the valley names the rate that reaches the lowest point, and the way back one that holds
    assert "say, 1%" in REMEDIES[Remedy.RESTART_WITH_MUCH_SMALLER_RATE]


@pytest.mark.parametrize("remedy", RESTARTS)
def test_where_the_rate_was_raised_the_remedy_is_the_rate_of_the_start(remedy: Remedy) -> None:
    findings = (Finding("dead", "layer 2 is dead", "", remedy, 2), Finding("x", "x", "x", Remedy.TRAIN_LONGER))
    blamed = blame_raised_rate(findings, [0.1, 10000.0, 5000.0], 0.1)
    assert [finding.remedy for finding in blamed] == [Remedy.RESTART_WITH_FIRST_RATE, Remedy.TRAIN_LONGER]
    assert blame_raised_rate(findings, [0.1, 0.2, 0.05], 0.1) == findings
    ruined_before_it_was_resumed = blame_raised_rate(findings, [1e6, 0.1], 0.1)
    assert ruined_before_it_was_resumed == blamed


async def test_the_rate_of_the_start_comes_back_with_the_key_that_is_named() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press(*["plus"] * 15, "s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        assert max(rate for _, rate in session_of(pilot).run.trainer.history.rate_changes) > 1000
        await pilot.press(*read_keys(Remedy.RESTART_WITH_FIRST_RATE))
        await until(lambda: session_of(pilot).view.snapshot.learning_rate == 0.1, pilot)


async def test_after_a_divergence_the_run_goes_on_with_a_rate_that_holds() -> None:
    run = assembled(network={"output": "linear"}, loss="mse", optimizer="sgd", learning_rate=30.0)
    async with shown(run, paused=False) as pilot:
        await until(lambda: session_of(pilot).view.phase == "diverged", pilot)
        assert session_of(pilot).view.findings[0].remedy is Remedy.BACK_TO_A_RATE_THAT_HOLDS
        await pilot.press(*read_keys(Remedy.BACK_TO_A_RATE_THAT_HOLDS))
        await until(lambda: session_of(pilot).view.phase == "paused", pilot)
        assert session_of(pilot).view.snapshot.learning_rate < 30
        step = step_of(session_of(pilot))
        await pilot.press("space")
        await until(lambda: step_of(session_of(pilot)) > step + 20, pilot)
        assert session_of(pilot).view.phase != "diverged"


async def test_a_finished_run_trains_longer() -> None:
    async with shown(assembled(max_steps=3), paused=False) as pilot:
        await until(lambda: session_of(pilot).view.phase == "finished", pilot)
        await pilot.press(*read_keys(Remedy.TRAIN_LONGER))
        await until(lambda: step_of(session_of(pilot)) > 3, pilot)


def suffer_from(pilot: AppPilot, remedy: Remedy) -> None:
    """Put a finding with this remedy on the screen."""
    supervisor = session_of(pilot)._supervisor
    supervisor.view = replace(supervisor.view, findings=(Finding("made up", "something is wrong", "1", remedy),))


@pytest.mark.parametrize("remedy", FIELDS)
async def test_the_experiment_opens_at_the_field_of_the_remedy(remedy: Remedy) -> None:
    async with shown(assembled()) as pilot:
        suffer_from(pilot, remedy)
        await pilot.press(*read_keys(remedy))
        await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
        assert isinstance(pilot.app.screen, ExperimentScreen)
        field = pilot.app.screen.view.field
        assert field.dotted == FIELDS[remedy]
        names = {name for each in FORM_FIELDS for name in each.choices} & set(re.findall(r"\w+", APPLIED[remedy][0]))
        assert names <= set(field.choices) | {"linear" if field.name == "output" else ""}


async def test_without_a_finding_the_experiment_opens_at_its_first_field() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("e")
        await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
        assert isinstance(pilot.app.screen, ExperimentScreen)
        assert pilot.app.screen.view.field.dotted == "data.name"
