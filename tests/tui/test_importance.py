"""The importance screen: each column with a bar, the most important first; what a column of words became together."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from gradstep.core.observation.importance import ImportanceMeasurement
from gradstep.data.feature_groups import group_features
from gradstep.data.registry import load_built_in
from gradstep.tui.numbers import format_number
from gradstep.tui.screen_keys import IMPORTANCE_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.importance.screen import ImportanceScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from tests.tui.driving import AppPilot, assembled, session_of, shown, text, until
from tests.tui.key_checks import KeyChecks

CHECKS = KeyChecks()


def importance(pilot: AppPilot) -> ImportanceScreen:
    assert isinstance(pilot.app.screen, ImportanceScreen)
    return pilot.app.screen


def words(pilot: AppPilot) -> str:
    return text(importance(pilot).query_one("#importance"))  # type: ignore[arg-type]


async def open_importance(pilot: AppPilot) -> None:
    await pilot.press("i")
    await until(lambda: isinstance(pilot.app.screen, ImportanceScreen), pilot)
    view = importance(pilot).view
    await until(lambda: len(importance(pilot).view.found) == len(view.groups), pilot)
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (40, 12)])
async def test_each_column_has_its_bar_and_its_number_and_nothing_is_cut(size: tuple[int, int]) -> None:
    run = assembled({"name": "iris", "validation_fraction": 0.2})
    run.trainer.run(lambda: False, until=100)
    measurement = ImportanceMeasurement(run.trainer, 4, 0)
    wanted = {name: measurement.measure(np.array([i])) for i, name in enumerate(run.dataset.feature_names)}
    async with shown(run, size=size) as pilot:
        await open_importance(pilot)
        assert session_of(pilot).phase == "paused"
        lines = words(pilot).split("\n")
        assert "validation" in lines[0] and "step 100" in lines[0]
        order = sorted(wanted, key=lambda name: -wanted[name].rise)
        for name, line in zip(order, lines[2:6], strict=True):
            assert line.strip().startswith(name[:6]) and format_number(wanted[name].rise, 0) in line
        bars = [line.count("█") for line in lines[2:6]]
        assert bars == sorted(bars, reverse=True) and bars[0] > 1
        table = importance(pilot).query_one("#importance")
        assert all(len(line.rstrip()) <= table.content_size.width for line in lines)


async def test_columns_for_which_there_is_no_room_are_scrolled_to() -> None:
    async with shown(assembled("digits"), size=(80, 24)) as pilot:
        await open_importance(pilot)
        assert "columns 1 to" in words(pilot) and "of 64: ↑ ↓" in words(pilot)
        first = words(pilot).split("\n")[2]
        assert "shuffled, the loss rises" in words(pilot) and "points" in words(pilot)
        await pilot.press(*["pagedown"] * 64)
        await until(lambda: "to 64 of 64" in words(pilot), pilot)
        await pilot.press(*["up"] * 64)
        for key_id, pressed in (("columns_down", "down"), ("columns_up", "up")):
            await CHECKS[key_id](pilot, pressed)
        assert words(pilot).split("\n")[2] == first


def test_every_key_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in IMPORTANCE_KEYS}


@pytest.mark.parametrize(
    ("key_id", "pressed"),
    [(key.id, name) for key in IMPORTANCE_KEYS for name in key.keys.split(",") if "columns" not in key.id],
)
async def test_a_key_does_what_the_help_describes(key_id: str, pressed: str) -> None:
    async with shown(assembled()) as pilot:
        await open_importance(pilot)
        await CHECKS[key_id](pilot, pressed)


@CHECKS.register("columns_down", "columns_up")
async def scrolls(pilot: AppPilot, pressed: str) -> None:
    before = words(pilot)
    await pilot.press(pressed)
    await until(lambda: words(pilot) != before, pilot)


@CHECKS.register("help")
async def shows_the_help(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)


@CHECKS.register("importance_leave")
async def leaves(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@dataclass(frozen=True)
class Column:
    name: str
    feature_names: tuple[str, ...]


@dataclass(frozen=True)
class Encoder:
    columns: tuple[Column, ...]


def test_what_one_column_of_words_became_is_shuffled_together() -> None:
    iris = load_built_in("iris", 0)
    plain = group_features(iris)
    assert [(group.name, group.inputs.tolist()) for group in plain] == [
        (name, [index]) for index, name in enumerate(iris.feature_names)
    ]
    names = ("width", "colour = red", "colour = blue", "height")
    columns = (Column("width", names[:1]), Column("colour", names[1:3]), Column("height", names[3:]))
    groups = group_features(replace(iris, feature_names=names, encoder=Encoder(columns)))
    assert [(group.name, group.inputs.tolist()) for group in groups] == [
        ("width", [0]),
        ("colour", [1, 2]),
        ("height", [3]),
    ]
