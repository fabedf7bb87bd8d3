"""The experiment screen shows which values are defaults, and what changes with a field."""

from pathlib import Path

import pytest

from gradstep.tui.screens.experiment.fields import format_displayed
from tests.tui.driving import assembled, session_of, shown, until
from tests.tui.test_experiment_screen import back_in_training, form, go_to, open_form, type_in, words


async def test_a_default_is_shown_as_one_with_what_it_suits() -> None:
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await go_to(pilot, "training.optimizer")
        assert "optimizer        adam (default)" in words(pilot, "fields")
        assert "the default suits the sine data" in words(pilot, "about")
        await pilot.press("enter", "enter")
        assert form(pilot).view.experiment.training.optimizer is None, "accepted as it stands"


async def test_what_a_field_takes_with_it_is_marked_as_changed() -> None:
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "training.optimizer", "sgd")
        assert {field.name for field in form(pilot).view.changed} == {"optimizer", "learning_rate"}
        assert "learning rate    0.03 (default)" in words(pilot, "fields")
        await pilot.press("a")
        await back_in_training(pilot)
        await until(lambda: session_of(pilot).run.trainer.options.optimizer == "sgd", pilot)
        assert session_of(pilot).run.trainer.learning_rate == 0.03


async def test_a_field_that_is_set_to_its_default_changes_nothing() -> None:
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "training.optimizer", "adam")
        assert not form(pilot).view.changed


async def test_a_default_that_does_not_go_with_the_rest_is_left_to_the_start() -> None:
    async with shown(assembled("iris"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "training.loss", "binary_cross_entropy")
        assert "as the data need" in words(pilot, "fields")
        await pilot.press("a", "y")
        await until(lambda: "binary_cross_entropy" in words(pilot, "about"), pilot)


async def test_other_built_in_data_show_the_values_that_they_get_and_why() -> None:
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "data.name", "iris")
        trained = assembled("iris").experiment
        for field in form(pilot).view.fields:
            if field.follows_data:
                value = format_displayed(field, trained, trained)
                assert f"{field.label:<17}{value}" in words(pilot, "fields"), field.dotted
        await go_to(pilot, "training.optimizer")
        assert "the default suits the iris data" in words(pilot, "about")
        await pilot.press("a", "y")
        await back_in_training(pilot)
        assert session_of(pilot).run.experiment == trained


async def test_data_of_a_file_leave_the_defaults_to_the_start(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    path.write_text("x,y\n" + "".join(f"{x},{2 * x + 0.5}\n" for x in range(20)))
    async with shown(assembled("sine"), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "data.path", str(path))
        assert "optimizer        as the data need" in words(pilot, "fields")
        await go_to(pilot, "training.optimizer")
        assert "the data decide, which are read when the run starts" in " ".join(words(pilot, "about").split())


@pytest.mark.parametrize("data", ["sine", "spiral", "plane"])
async def test_the_reason_for_an_optimizer_is_on_the_form_at_80_24(data: str) -> None:
    """The first line of the training screen has no room for it there."""
    async with shown(assembled(data), size=(80, 24)) as pilot:
        await open_form(pilot)
        await go_to(pilot, "training.optimizer")
        optimizer = session_of(pilot).run.experiment.training.optimizer
        assert f"optimizer        {optimizer} (default)" in words(pilot, "fields")
        assert f"the default suits the {data} data" in " ".join(words(pilot, "about").split())


async def test_no_value_by_default_is_cut_at_80_24() -> None:
    async with shown(assembled("digits"), size=(80, 24)) as pilot:
        await pilot.press("e")
        await until(lambda: "validation part  0 (default)" in words(pilot, "fields"), pilot)
        assert "…" not in words(pilot, "fields")
        # the last field
        await pilot.press("up")
        await until(lambda: "optimizer        sgd (default)" in words(pilot, "fields"), pilot)
        assert "cross_entropy" in words(pilot, "fields")
        assert "…" not in words(pilot, "fields")
