"""The form as data: its fields, the edits that keys make, and the command line of the edited experiment."""

import os
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble, make_training_options
from gradstep.data.command_line import write_command_line
from gradstep.data.experiment import Experiment, load_experiment, make_experiment, save_experiment, to_toml
from gradstep.data.parse_toml import parse_toml
from gradstep.data.run import Run
from gradstep.data.validation_message import find_tables
from gradstep.tui.screens.experiment.field_help import FIELD_HELP
from gradstep.tui.screens.experiment.field_steps import step_value, with_layer
from gradstep.tui.screens.experiment.fields import (
    FIELDS,
    ONLY_IN_A_FILE,
    ONLY_WITH_A_FILE,
    FormField,
    can_change_live,
    find_changed_fields,
    format_displayed,
    format_editable,
    list_fields,
    parse_typed,
    with_value,
)
from gradstep.tui.screens.experiment.panels import describe_batch


def field(dotted: str) -> FormField:
    return next(each for each in FIELDS if each.dotted == dotted)


def value(experiment: Experiment, dotted: str) -> Any:
    return field(dotted).value(experiment)


def walk(
    dotted: str, direction: int, times: int, start: Experiment | None = None, rows: int | None = None
) -> list[Any]:
    """The values that a key goes through."""
    experiment, seen = start or Experiment(), []
    for _ in range(times):
        experiment = step_value(experiment, field(dotted), direction, rows)
        seen.append(value(experiment, dotted))
    return seen


def test_every_field_of_the_file_is_a_line_of_the_form() -> None:
    models = find_tables(Experiment)
    assert {each.dotted for each in FIELDS} == {
        f"{table}.{name}" for table in models for name in models[table].model_fields
    }


def test_every_field_has_a_description_and_its_allowed_values() -> None:
    for each in FIELDS:
        assert each.dotted in FIELD_HELP and each.allowed


def test_fields_that_only_a_file_can_hold_are_shown_if_a_file_gives_them() -> None:
    rows = make_experiment({"data": {"x": [[1.0], [2.0]], "y": [0, 1]}})
    assert {each.name for each in list_fields(rows)} - {each.name for each in list_fields(Experiment())} == {"x", "y"}
    assert format_displayed(field("data.x"), rows) == "2 given"


def test_a_number_is_shown_with_the_minus_of_the_screen_and_typed_with_that_of_the_keyboard() -> None:
    experiment = make_experiment({"training": {"learning_rate": 1e-5}})
    assert format_displayed(field("training.learning_rate"), experiment) == "1e−05"
    assert format_editable(field("training.learning_rate"), experiment) == "1e-05"


# --- keys


@pytest.mark.parametrize(
    ("dotted", "direction", "expected"),
    [
        ("data.name", 1, ["iris"]),
        ("data.test_fraction", 1, [0.25, 0.3]),
        ("data.test_fraction", -1, [0.15, 0.1, 0.05, 0.0, 0.0]),
        ("data.seed", 1, [1, 2]),
        ("data.seed", -1, [0]),
        ("data.path", 1, [None]),
        ("network.hidden", 1, [(16, 32), (16, 64)]),
        ("network.hidden", -1, [(16, 8), (16, 4), (16, 2), (16, 1), (16, 1)]),
        ("network.activation", 1, ["step", "linear", "sigmoid"]),
        ("network.output", 1, ["step"]),
        ("network.train_biases", 1, [False, True]),
        ("network.dtype", -1, ["float32", "float64"]),
        ("training.optimizer", -1, ["adam", "rmsprop"]),
        ("training.learning_rate", 1, [0.2, 0.5, 1.0]),
        ("training.learning_rate", -1, [0.05, 0.02, 0.01]),
        ("training.batch_size", 1, [50, 100, 200, 500, 1000, "full", "full"]),
        ("training.batch_size", -1, [20, 10, 5, 2, 1, 1]),
        ("training.l2", 1, [1e-5, 2e-5]),
        ("training.l2", -1, [0.0]),
        ("training.max_steps", 1, [10, 20]),
        ("training.max_steps", -1, [None]),
        ("training.max_epochs", -1, [20, 10, 5, 2, 1]),
    ],
)  # fmt: skip
def test_a_key_goes_to_the_next_sensible_value(dotted: str, direction: int, expected: list[Any]) -> None:
    assert walk(dotted, direction, len(expected), rows=1437) == expected


def test_from_the_full_batch_a_key_goes_back_to_a_number() -> None:
    full = make_experiment({"training": {"batch_size": "full"}})
    assert walk("training.batch_size", -1, 2, full, rows=120) == [100, 50]


def test_a_learning_rate_goes_down_without_end() -> None:
    small = make_experiment({"training": {"learning_rate": 2e-5}})
    assert walk("training.learning_rate", -1, 2, small) == [1e-5, 5e-6]


def test_below_the_smallest_number_a_limit_is_left_open() -> None:
    limited = make_experiment({"training": {"max_steps": 1, "max_epochs": 5}})
    assert walk("training.max_steps", -1, 1, limited) == [None]


def test_softmax_is_left_out_where_it_is_not_allowed() -> None:
    assert "softmax" not in walk("network.activation", 1, 12)


def test_choices_that_do_not_go_together_are_left_out() -> None:
    probabilities = make_experiment({"network": {"output": "softmax"}, "training": {"loss": "cross_entropy"}})
    assert set(walk("network.output", 1, 6, probabilities)) == {None, "softmax", "sigmoid"}


def test_layers_are_added_like_the_last_one_and_removed() -> None:
    more = with_layer(Experiment(), 1)
    assert more.network.hidden == (16, 16, 16)
    none = with_layer(with_layer(Experiment(), -1), -1)
    assert none.network.hidden == () and with_layer(none, -1) == none
    assert with_layer(none, 1).network.hidden == (8,)


def test_activations_that_differ_follow_the_layers() -> None:
    two = parse_typed(Experiment(), field("network.activation"), "relu,tanh")
    assert with_layer(two, 1).network.activation == ("relu", "tanh", "tanh")
    assert with_layer(two, -1).network.activation == ("relu",)


# --- typing


@pytest.mark.parametrize(
    ("dotted", "text", "expected"),
    [
        ("data.test_fraction", " .3 ", 0.3),
        ("network.hidden", "8,4", (8, 4)),
        ("network.hidden", "none", ()),
        ("network.activation", "tanh", "tanh"),
        ("network.activation", "relu,tanh", ("relu", "tanh")),
        ("network.train_biases", "no", False),
        ("training.learning_rate", "1e-3", 1e-3),
        ("training.learning_rate", "1e−3", 1e-3),
        ("training.batch_size", "full", "full"),
        ("training.batch_size", "7", 7),
        ("training.max_steps", "1000", 1000),
        ("training.loss", "mse", "mse"),
        ("training.loss", "", None),
    ],
)
def test_values_are_typed_as_on_the_command_line(dotted: str, text: str, expected: Any) -> None:
    assert value(parse_typed(Experiment(), field(dotted), text), dotted) == expected


@pytest.mark.parametrize(
    ("dotted", "text", "message"),
    [
        ("training.learning_rate", "-1", "training.learning_rate = -1: must be a finite number above 0"),
        ("training.learning_rate", "fast", 'training.learning_rate = "fast": must be a finite number above 0'),
        ("network.hidden", "4,0", "network.hidden[1] = 0: "),
        ("network.init", "zero", 'did you mean "zeros"?'),
        ("training.max_steps", "1.5", 'training.max_steps = "1.5": must be a whole number from 1'),
        ("data.target", "species", "only a file has columns"),
        ("data.x", "[[1]]", "data.x: cannot be typed here"),
    ],
)
def test_a_value_that_is_not_allowed_gets_the_message_of_the_file(dotted: str, text: str, message: str) -> None:
    with pytest.raises(GradstepError) as error:
        parse_typed(Experiment(), field(dotted), text)
    assert message in str(error.value)


def test_a_path_takes_the_place_of_the_name_and_the_name_that_of_the_path() -> None:
    with_path = parse_typed(Experiment(), field("data.path"), "flowers.csv")
    with_target = parse_typed(with_path, field("data.target"), "species")
    assert (with_target.data.name, with_target.data.path) == (None, "flowers.csv")
    named = parse_typed(with_target, field("data.name"), "iris")
    assert (named.data.name, named.data.path, named.data.target) == ("iris", None, None)
    assert parse_typed(with_target, field("data.path"), "").data.name == "digits"


@pytest.mark.parametrize(
    ("batch_size", "rows", "words"),
    [
        ("full", 120, "Each step uses all 120 examples."),
        (500, 120, "Each step uses all 120 examples."),
        (1, 120, "Each step uses 1 example of 120; 120 steps an epoch."),
        (32, 1437, "Each step uses 32 examples of 1,437; 45 steps an epoch."),
        (32, None, "Each step uses 32 examples."),
    ],
)
def test_the_form_shows_how_many_examples_one_step_uses(batch_size: int | str, rows: int | None, words: str) -> None:
    assert describe_batch(batch_size, rows) == words


# --- every valid change reaches the file, the command line and the training

TYPED: dict[str, st.SearchStrategy[str]] = {
    "data.path": st.sampled_from(["flowers.csv", "./iris", "a b/c.csv", "-x.csv"]),
    "data.target": st.sampled_from(["species", "a b", "-y"]),
    "network.hidden": st.lists(st.integers(1, 40), max_size=3).map(lambda sizes: ",".join(map(str, sizes)) or "none"),
    "network.activation": st.lists(st.sampled_from(["relu", "tanh", "step", "softmax"]), min_size=1).map(",".join),
}
numbers = st.integers(-1, 5000).map(str) | st.floats(1e-9, 10).map(repr)


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, str | int]]:
    """Fields, and what is done with each: a key to one side, or a text."""
    names = draw(st.lists(st.sampled_from([each.dotted for each in FIELDS]), min_size=1, max_size=12))
    return [(name, draw(st.sampled_from([-1, 1]) | _texts(field(name)))) for name in names]


def _texts(each: FormField) -> st.SearchStrategy[str]:
    if each.dotted in TYPED:
        return TYPED[each.dotted]
    choices = [st.sampled_from(each.choices)] if each.choices else []
    kinds = [st.sampled_from(["true", "false"])] if bool in each.types else [numbers]
    return st.one_of(st.just(""), *choices, *kinds)


def apply_edits(keys: list[tuple[str, str | int]], start: Experiment) -> Experiment:
    """The experiment that these edits end with; one that is not allowed changes nothing."""
    experiment = start
    for dotted, edit in keys:
        try:
            if isinstance(edit, int):
                experiment = step_value(experiment, field(dotted), edit, 100)
            else:
                experiment = parse_typed(experiment, field(dotted), edit)
        except GradstepError:
            continue
    return experiment


@given(edits())
def test_every_change_goes_through_the_file(keys: list[tuple[str, str | int]]) -> None:
    experiment = apply_edits(keys, Experiment())
    assert make_experiment(parse_toml(to_toml(experiment), "the text")) == experiment


@given(edits())
def test_a_displayed_value_can_be_typed_again(keys: list[tuple[str, str | int]]) -> None:
    experiment = apply_edits(keys, Experiment())
    for each in list_fields(experiment):
        again = parse_typed(experiment, each, format_editable(each, experiment))
        if each.dotted == "network.activation":
            assert again.network.hidden_activations == experiment.network.hidden_activations
        else:
            assert again == experiment


def read_as_a_command(words: list[str], monkeypatch: pytest.MonkeyPatch) -> Experiment:
    """The experiment that the program makes of a command line."""
    made: list[Experiment] = []

    def stop(experiment: Experiment) -> Run:
        made.append(experiment)
        raise GradstepError("seen")

    monkeypatch.setattr("gradstep.data.assemble.assemble", stop)
    from gradstep.tui.cli.main import app

    CliRunner().invoke(app, [*words, "--plain"])
    return made[0]


@settings(max_examples=60)
@given(edits(), st.integers(0, 9))
def test_the_command_line_makes_the_same_experiment(keys: list[tuple[str, str | int]], seed: int) -> None:
    experiment = apply_edits(keys, Experiment())
    for table in ("data", "network"):
        experiment = with_value(experiment, field(f"{table}.seed"), seed)
    command = write_command_line(experiment)
    assert command is not None
    program, *words = shlex.split(command)
    with pytest.MonkeyPatch.context() as patch:
        again = read_as_a_command(words, patch)
    assert program == "gradstep"
    assert again.network.hidden_activations == experiment.network.hidden_activations
    assert {each.dotted for each in find_changed_fields(experiment, again)} <= {"network.activation", "data.path"}
    assert Path(again.data.path or "") == Path(experiment.data.path or "")


def test_only_what_differs_from_the_defaults_is_on_the_command_line() -> None:
    assert write_command_line(Experiment()) == "gradstep train"
    tables = {"data": {"name": "iris", "seed": 3}, "network": {"hidden": [], "seed": 3}, "training": {"shuffle": False}}
    assert (
        write_command_line(make_experiment(tables)) == "gradstep train --data iris --hidden none --no-shuffle --seed 3"
    )


@pytest.mark.parametrize(
    "tables",
    [
        {"data": {"seed": 1}},
        {"data": {"x": [[1.0]], "y": [[1.0]]}},
        {"network": {"hidden": [], "weights": [[[1.0]]]}},
    ],
)
def test_an_experiment_that_options_cannot_express_has_no_command_line(tables: dict[str, Any]) -> None:
    assert write_command_line(make_experiment(tables)) is None


@settings(max_examples=30)
@given(edits())
def test_every_change_reaches_the_training(keys: list[tuple[str, str | int]]) -> None:
    start = make_experiment({"data": {"name": "iris"}, "network": {"hidden": [4]}})
    small = [(name, edit) for name, edit in keys if name not in ("data.path", "data.name", *ONLY_IN_A_FILE)]
    experiment = apply_edits(small, start)
    try:
        run = assemble(experiment)
    except GradstepError:
        return
    for each in FIELDS:
        asked = each.value(experiment)
        assert asked is None or each.value(run.experiment) == asked
    options, network, training = make_training_options(run.experiment), run.experiment.network, run.experiment.training
    assert run.trainer.options == options
    for name in ("optimizer", "learning_rate", "batch_size", "l1", "l2", "shuffle"):
        assert getattr(run.trainer.options, name) == getattr(training, name)
    assert run.network.sizes[1:-1] == network.hidden
    assert [layer.activation.name for layer in run.network.layers[:-1]] == list(network.hidden_activations)
    assert run.network.dtype == network.dtype
    assert run.trainer.options.train_biases == network.train_biases
    assert len(run.trainer.training_part) + len(run.split.validation_x) + len(run.split.test_x) == 150


def test_a_file_that_is_saved_opens_as_the_same_experiment(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    experiment = parse_typed(Experiment(), field("training.learning_rate"), "0.03")
    save_experiment(path, experiment)
    assert load_experiment(path, {}) == experiment


def test_a_saved_path_starts_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course, data = tmp_path / "course", tmp_path / "data"
    data.mkdir()
    (course / "week").mkdir(parents=True)
    monkeypatch.chdir(data)
    experiment = parse_typed(Experiment(), field("data.path"), "flowers.csv")
    for folder, path in ((data, "flowers.csv"), (tmp_path, "data/flowers.csv"), (course, "../data/flowers.csv")):
        save_experiment(folder / "run.toml", experiment)
        assert tomllib.loads((folder / "run.toml").read_text())["data"]["path"] == path
        opened = load_experiment(folder / "run.toml", {}).data.path
        assert opened and os.path.realpath(opened) == str(data / "flowers.csv")
    # ".." leads from where a link leads to, and both can be moved together
    (tmp_path / "link").symlink_to(course / "week")
    save_experiment(tmp_path / "link" / "run.toml", experiment)
    opened = load_experiment(tmp_path / "link" / "run.toml", {}).data.path
    assert opened and os.path.realpath(opened) == str(data / "flowers.csv")
    # what has only the root in common is not moved together
    save_experiment(tmp_path / "run.toml", parse_typed(Experiment(), field("data.path"), "/far/away.csv"))
    assert load_experiment(tmp_path / "run.toml", {}).data.path == "/far/away.csv"


@pytest.mark.parametrize("name", ["learning_rate", "batch_size", "l1", "l2", "optimizer", "max_steps", "max_epochs"])
def test_fields_that_can_change_live(name: str) -> None:
    assert can_change_live(field(f"training.{name}"))


@pytest.mark.parametrize("dotted", ["data.seed", "network.hidden", "network.seed", "training.loss", "training.shuffle"])
def test_fields_that_need_a_new_start(dotted: str) -> None:
    assert not can_change_live(field(dotted))


def test_fields_about_a_file_are_shown_with_a_file_alone() -> None:
    names = [field.name for field in list_fields(make_experiment({"data": {"name": "iris"}}))]
    of_a_file = [field.name for field in list_fields(make_experiment({"data": {"path": "a.csv"}}))]
    assert [name for name in of_a_file if name not in names] == list(ONLY_WITH_A_FILE)


def test_columns_are_typed_as_on_the_command_line() -> None:
    field = next(field for field in FIELDS if field.dotted == "data.drop")
    experiment = parse_typed(make_experiment({"data": {"path": "a.csv"}}), field, 'id, "size, in cm"')
    assert experiment.data.drop == ("id", "size, in cm")
    assert format_editable(field, experiment) == 'id,"size, in cm"'
    assert step_value(experiment, field, 1) == experiment


def test_for_data_from_a_file_the_form_begins_with_its_path_and_its_target() -> None:
    of_file = make_experiment({"data": {"path": "flowers.csv", "target": "species"}})
    assert [each.dotted for each in list_fields(of_file)][:3] == ["data.path", "data.target", "data.name"]
    assert [each.dotted for each in list_fields(make_experiment({}))][:2] == ["data.name", "data.path"]
