"""The experiment and its file."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.experiment import Experiment, load_experiment, make_experiment, to_toml
from gradstep.data.field_types import find_choices
from gradstep.data.file_options import DATE_CHOICES, HEADER_CHOICES, MISSING_CHOICES
from gradstep.data.formats.targets import TASKS
from gradstep.data.parse_toml import parse_toml
from gradstep.data.registry import BUILT_IN, GENERATED
from gradstep.data.table.delimiter import DELIMITER_WORDS
from gradstep.data.validation_message import find_tables

Tables = dict[str, dict[str, Any]]


def complaint_about(tables: dict[str, Any]) -> str:
    with pytest.raises(GradstepError) as error:
        make_experiment(tables)
    return str(error.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.toml"


# --- defaults


def test_an_empty_experiment_is_the_digits() -> None:
    experiment = make_experiment({})
    data, network, training = experiment.data, experiment.network, experiment.training
    assert (data.name, data.test_fraction, data.scale, data.seed) == ("digits", 0.2, "auto", 0)
    assert (network.seed, network.train_biases, network.dtype) == (0, True, "float64")
    assert (training.l1, training.l2, training.shuffle) == (0, 0, True)


def test_what_follows_the_data_is_left_open() -> None:
    experiment = make_experiment({})
    network, training = experiment.network, experiment.training
    assert {network.hidden, network.activation, network.output, network.init} == {None}
    assert {training.loss, training.optimizer, training.learning_rate, training.batch_size} == {None}
    assert training.max_epochs is None


def test_rows_given_in_the_file_are_all_trained_on() -> None:
    data = make_experiment({"data": {"x": [[1], [2]], "y": [0, 1]}}).data
    assert data.test_fraction == 0 and data.name is None


def test_none_is_the_same_as_a_field_that_is_not_given() -> None:
    assert make_experiment({"training": {"max_epochs": None}, "network": {"hidden": None}}) == Experiment()


def test_one_activation_stands_for_every_hidden_layer() -> None:
    network = make_experiment({"network": {"hidden": [3, 4], "activation": "tanh"}}).network
    assert network.hidden_activations == ("tanh", "tanh")


# --- errors

HIDDEN = 'must be "step", "linear", "sigmoid", "tanh", "relu" or "leaky_relu"'
ACTIVATION = 'must be "step", "linear", "sigmoid", "tanh", "relu", "leaky_relu" or "softmax"'


@pytest.mark.parametrize(
    ("table", "field", "value", "message"),
    [
        ("data", "name", "digts", '"digts": must be "circle", "xor", '),
        ("data", "path", 3, "3: must be the path of a file"),
        ("data", "path", "", '"": must be the path of a file'),
        ("data", "target", 0, "0: must be the name of a column of the file, or its number from 1"),
        ("data", "noise", 0.6, "0.6: must be a number from 0 to 0.5"),
        ("data", "task", "classify", '"classify": must be "auto", "classification" or "regression"'),
        ("data", "decimal", ";", '";": must be "auto", "." or ","'),
        ("data", "x", [], "[]: must be rows of finite numbers, at least one: [[...], ...]"),
        ("data", "y", ["a", 1], '["a", 1]: must be rows of finite numbers, or one class a row'),
        ("data", "test_fraction", 1, "1: must be a number from 0 to below 1"),
        ("data", "test_fraction", -0.1, "-0.1: must be a number from 0 to below 1"),
        ("data", "scale", "max", '"max": must be "auto", "none", "standard" or "minmax"; did you mean "minmax"?'),
        ("data", "seed", -1, "-1: must be a whole number from 0"),
        ("data", "seed", True, "true: must be a whole number from 0"),
        ("network", "hidden", "16", '"16": must be a list of whole numbers from 1 to 1000000, or []'),
        ("network", "hidden", [10**30], "network.hidden must be a list of whole numbers from 1 to 1000000, or []"),
        ("network", "activation", "rellu", f'"rellu": {HIDDEN}; did you mean "relu"?'),
        ("network", "activation", "softmax", '"softmax": softmax is for the output only'),
        ("network", "activation", ["relu", "softmax"], '["relu", "softmax"]: softmax is for the output only'),
        ("network", "activation", "sofmax", f'"sofmax": {HIDDEN}'),
        ("network", "activation", ["tanh", "rely"], f'"rely": {HIDDEN}; did you mean "relu"?'),
        ("network", "output", "sofmax", f'"sofmax": {ACTIVATION}; did you mean "softmax"?'),
        ("network", "output", ["relu"], f'["relu"]: {ACTIVATION}'),
        ("network", "init", "zero", 'must be "uniform", "normal", "xavier", "he" or "zeros"; did you mean "zeros"?'),
        ("network", "seed", 0.5, "0.5: must be a whole number from 0"),
        ("network", "train_biases", 0, "0: must be true or false"),
        ("network", "dtype", "float16", '"float16": must be "float64" or "float32"'),
        ("network", "weights", 3, "3: must be a matrix of finite numbers for each layer"),
        ("network", "biases", [[1]], "network.biases: must come with network.weights"),
        ("training", "loss", "mae", '"mae": must be "cross_entropy", "binary_cross_entropy", "mse" or "half_sse"'),
        ("training", "optimizer", 3, '3: must be "sgd", "momentum", "nesterov", "rmsprop" or "adam"'),
        ("training", "learning_rate", -0.1, "-0.1: must be a finite number above 0"),
        ("training", "learning_rate", float("nan"), "nan: must be a finite number above 0"),
        ("training", "learning_rate", float("inf"), "inf: must be a finite number above 0"),
        ("training", "learning_rate", "fast", '"fast": must be a finite number above 0'),
        ("training", "batch_size", 0, '0: must be "full" or a whole number from 1'),
        ("training", "batch_size", "half", '"half": must be "full" or a whole number from 1'),
        ("training", "l1", -1, "-1: must be a finite number from 0"),
        ("training", "l2", float("inf"), "inf: must be a finite number from 0"),
        ("training", "shuffle", "yes", '"yes": must be true or false'),
        ("training", "target_loss", -0.1, "-0.1: must be a finite number from 0"),
        ("training", "target_accuracy", 97, "97: must be a number from 0 to 1"),
        ("training", "patience", 0, "0: must be a whole number from 1"),
        ("training", "max_epochs", 0, "0: must be a whole number from 1"),
        ("training", "max_steps", 1.5, "1.5: must be a whole number from 1"),
    ],
)  # fmt: skip
def test_an_error_names_the_field_its_value_and_what_is_allowed(
    table: str, field: str, value: object, message: str
) -> None:
    line = complaint_about({table: {field: value}})
    assert line.startswith(f"{table}.{field}") and message in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {"data": {"path": "a.csv", "task": "classify"}},
            'must be "auto", "classification" or "regression"; did you mean "classification"?',
        ),
        ({"data": {"name": "iri", "noise": 0.1}}, 'data.name = "iri": must be'),
        ({"data": {"name": "iri"}}, 'did you mean "iris"?'),
        ({"network": {"output": "linea"}, "training": {"loss": "cross_entropy"}}, ACTIVATION),
        (
            {"network": {"output": "softmax"}, "training": {"loss": "binary_cross_entropi"}},
            'must be "cross_entropy", "binary_cross_entropy", "mse" or "half_sse"; did you mean "cross_entropy"?',
        ),
    ],
)
def test_names_that_do_not_go_with_the_other_fields_are_not_suggested(tables: Tables, message: str) -> None:
    line = complaint_about(tables)
    assert message in line and ("did you mean" in line) == ("did you mean" in message)


CHOICES = [
    (table, field, name)
    for table, model in find_tables(Experiment).items()
    for field in model.model_fields
    for name in {*find_choices(field), *ACTIVATIONS, *LOSSES, *OPTIMIZERS}
    if find_choices(field)
]


@pytest.mark.parametrize("beside", [{}, {"data": {"path": "a.csv"}}, {"network": {"output": "linear"}}])
def test_what_is_suggested_is_allowed_in_every_field(beside: dict[str, dict[str, str]]) -> None:
    suggested = 0
    for table, field, name in CHOICES:
        if field in beside.get(table, {}):
            continue

        def put(value: str, table: str = table, field: str = field) -> Tables:
            return {**beside, table: {**beside.get(table, {}), field: value}}

        try:
            make_experiment(put(name[:-1]))
        except GradstepError as error:
            if found := re.search(r'did you mean "(.+)"\?', str(error)):
                make_experiment(put(found[1]))
                suggested += 1
    assert suggested > 20


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"network": {"hidden": [4, 0]}}, "network.hidden[1] = 0: network.hidden must be a list of"),
        ({"network": {"activation": ["relu", "tan"]}}, 'network.activation[1] = "tan": '),
        ({"network": {"weights": [[[1, float("nan")]]]}}, "network.weights[0][0][1] = nan: "),
        ({"data": {"x": [[1], ["2"]], "y": [0, 1]}}, 'data.x[1][0] = "2": '),
        ({"data": {"x": [[1], [2]], "y": [[1], [True]]}}, "data.y[1][0] = true: "),
    ],
)  # fmt: skip
def test_an_error_inside_a_list_says_where(tables: Tables, message: str) -> None:
    assert message in complaint_about(tables)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"training": {"lerning_rate": 1}}, "training.lerning_rate: unknown key; did you mean learning_rate?"),
        ({"training": {"hidden": [3]}}, "training.hidden: unknown key; did you mean network.hidden?"),
        ({"network": {"qqq": 1}}, "network.qqq: unknown key; known here are hidden, activation, output"),
        ({"trainig": {}}, "trainig: unknown table or key; did you mean training?"),
        ({"learning_rate": 1}, "learning_rate: unknown table or key; did you mean training.learning_rate?"),
        ({"training": 3}, "training = 3: must be a table, [training]"),
    ],
)
def test_an_unknown_key_gets_the_nearest_known_one(tables: dict[str, Any], message: str) -> None:
    assert complaint_about(tables).startswith(message)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "iris", "path": "a.csv"}, "data.name and data.path: only one of them"),
        ({"name": "iris", "x": [[1]], "y": [1]}, "data.name and data.x: only one of them"),
        ({"path": "a.csv", "x": [[1]], "y": [1]}, "data.path and data.x: only one of them"),
        ({"x": [[1]]}, "data.x: the targets data.y are missing"),
        ({"y": [[1]]}, "data.y: the rows data.x that it belongs to are missing"),
        ({"x": [[1], [2]], "y": [[1]]}, "data.y has 1 rows, but data.x has 2"),
        ({"x": [[1], [2, 3]], "y": [0, 1]}, "data.x[1] is 2 long, but data.x[0] is 1"),
        ({"x": [[1], [2]], "y": [[0, 1], [1]]}, "data.y[1] is 1 long, but data.y[0] is 2"),
        ({"name": "iris", "target": "species"}, 'data.target = "species": only a file has columns'),
        (
            {"name": "iris", "task": "regression"},
            'data.task = "regression": is about a file, and the data are not from one',
        ),
        ({"name": "iris", "decimal": ","}, 'data.decimal = ",": is about a file, and the data are not from one'),
        ({"name": "iris", "noise": 0.1}, "data.noise = 0.1: only circle, xor, gauss, spiral, plane, "),
    ],
)
def test_the_source_of_the_data_must_make_sense(data: dict[str, Any], message: str) -> None:
    assert complaint_about({"data": data}).startswith(message)


def test_activations_are_as_many_as_the_hidden_layers() -> None:
    line = complaint_about({"network": {"hidden": [4, 2], "activation": ["relu"]}})
    assert line == 'network.activation = ["relu"]: must be one name, or one for each of the 2 hidden layers'


def test_softmax_does_not_go_with_binary_cross_entropy() -> None:
    line = complaint_about({"network": {"output": "softmax"}, "training": {"loss": "binary_cross_entropy"}})
    assert line.startswith('training.loss = "binary_cross_entropy": ') and "softmax" in line


# --- the file


def test_a_file_is_read_with_integers_where_numbers_are_meant(file: Path) -> None:
    file.write_text("[training]\nlearning_rate = 1\n")
    assert load_experiment(file, {}).training.learning_rate == 1.0


def test_an_override_wins_over_the_file(file: Path) -> None:
    file.write_text("[training]\nlearning_rate = 1.0\nbatch_size = 8\n")
    training = load_experiment(file, {"training.learning_rate": 0.5, "training.batch_size": None}).training
    assert (training.learning_rate, training.batch_size) == (0.5, 8)


@pytest.mark.parametrize("source", ['path = "a.csv"\ntarget = "kind"', "x = [[1], [2]]\ny = [0, 1]"])
def test_another_data_set_replaces_the_one_of_the_file(file: Path, source: str) -> None:
    file.write_text(f"[data]\n{source}\nseed = 3\n")
    data = load_experiment(file, {"data.name": "iris"}).data
    assert (data.name, data.path, data.x, data.seed) == ("iris", None, None, 3)


def test_an_unknown_override_is_an_error(file: Path) -> None:
    file.write_text("")
    with pytest.raises(GradstepError, match=r"training\.speed: unknown key"):
        load_experiment(file, {"training.speed": 1})


def test_a_path_in_the_file_starts_from_its_folder(file: Path) -> None:
    file.write_text('[data]\npath = "flowers.csv"\n')
    assert load_experiment(file, {}).data.path == str(file.parent / "flowers.csv")


def test_a_path_on_the_command_line_starts_from_here(file: Path) -> None:
    file.write_text('[data]\npath = "flowers.csv"\n')
    assert load_experiment(file, {"data.path": "other.csv"}).data.path == "other.csv"


def test_what_is_not_toml_is_located(file: Path) -> None:
    file.write_text("[training]\nbatch_size 32\n")
    with pytest.raises(GradstepError, match=r"run\.toml: Expected '=' .*\(at line 2, column 12\)") as error:
        load_experiment(file, {})
    assert "\n" not in str(error.value)


def test_lists_nested_too_deeply_are_an_error(file: Path) -> None:
    file.write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(GradstepError, match=r"run\.toml: lists are nested too deeply"):
        load_experiment(file, {})


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(GradstepError, match=r"run\.toml: no such file"):
        load_experiment(file, {})


def test_the_written_file_is_made_for_reading() -> None:
    text = to_toml(make_experiment({"data": {"name": "iris"}, "network": {"hidden": [4], "activation": ["tanh"]}}))
    assert text.startswith('[data]\nname = "iris"\nnoise = 0.0\n')
    assert "\nseed = 0\n\n[network]\n" in text
    assert 'hidden = [4]\nactivation = ["tanh"]\n' in text


def test_a_long_list_is_written_one_item_a_line() -> None:
    rows = [[float(number), 0.5] for number in range(30)]
    text = to_toml(make_experiment({"data": {"x": rows, "y": list(range(30))}}))
    assert "x = [\n    [0.0, 0.5],\n    [1.0, 0.5],\n" in text


finite = st.floats(allow_nan=False, allow_infinity=False)
seeds = st.integers(0, 2**63)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
hidden_names = st.sampled_from(["step", "linear", "sigmoid", "tanh", "relu", "leaky_relu"])


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    rows, width = draw(st.integers(1, 5)), draw(st.integers(1, 3))

    def matrix() -> st.SearchStrategy[list[list[float]]]:
        return st.lists(st.lists(finite, min_size=width, max_size=width), min_size=rows, max_size=rows)

    def column(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
        return st.lists(values, min_size=rows, max_size=rows)

    return draw(
        st.one_of(
            st.fixed_dictionaries({"name": st.sampled_from(list(BUILT_IN))}),
            st.fixed_dictionaries({"name": st.sampled_from(list(GENERATED)), "noise": st.floats(0, 0.5)}),
            st.fixed_dictionaries(
                {"path": words},
                optional={
                    "target": words | st.integers(1),
                    "task": st.sampled_from(TASKS),
                    "decimal": st.sampled_from(["auto", ".", ","]),
                    "drop": st.lists(words, min_size=1, max_size=3),
                    "columns": st.lists(words, min_size=1, max_size=3),
                    "categories": st.lists(words, min_size=1, max_size=3),
                    "missing": st.sampled_from(MISSING_CHOICES),
                    "dates": st.sampled_from(DATE_CHOICES),
                    "header": st.sampled_from(HEADER_CHOICES),
                    "delimiter": st.sampled_from(["auto", *DELIMITER_WORDS, ";", ":", "-"]),
                },
            ),
            st.fixed_dictionaries({"x": matrix(), "y": st.one_of(matrix(), column(words), column(st.integers(-9, 9)))}),
        )
    )


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    hidden = draw(st.lists(st.integers(1, 1000), max_size=4))
    several = st.lists(hidden_names, min_size=len(hidden), max_size=len(hidden))
    network: dict[str, Any] = {"hidden": hidden, "activation": draw(st.one_of(hidden_names, several))}
    if draw(st.booleans()):
        network["weights"] = draw(st.lists(st.lists(st.lists(finite, max_size=3), max_size=3), max_size=3))
        network["biases"] = draw(st.none() | st.lists(st.lists(finite, max_size=3), max_size=3))
    network |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "output": st.just("sigmoid"),
                "init": st.sampled_from(list(INITIALIZERS)),
                "seed": seeds,
                "train_biases": st.booleans(),
                "dtype": st.sampled_from(["float64", "float32"]),
            },
        )
    )
    return network


settings_of_data = st.fixed_dictionaries(
    {},
    optional={
        "test_fraction": st.floats(0, 1, exclude_max=True),
        "scale": st.sampled_from(["auto", "none", "standard", "minmax"]),
        "seed": seeds,
    },
)
trainings = st.fixed_dictionaries(
    {},
    optional={
        "loss": st.sampled_from(list(LOSSES)),
        "optimizer": st.sampled_from(list(OPTIMIZERS)),
        "learning_rate": st.floats(0, exclude_min=True, allow_infinity=False),
        "batch_size": st.just("full") | st.integers(1),
        "l1": st.floats(0, allow_infinity=False),
        "l2": st.floats(0, allow_infinity=False),
        "shuffle": st.booleans(),
        "target_loss": st.floats(0, allow_infinity=False),
        "target_accuracy": st.floats(0, 1),
        "patience": st.integers(1),
        "max_epochs": st.integers(1),
        "max_steps": st.integers(1),
    },
)


@given(sources(), settings_of_data, networks(), trainings)
def test_every_field_is_written_and_read_back(
    source: dict[str, Any], data: dict[str, Any], network: dict[str, Any], training: dict[str, Any]
) -> None:
    experiment = make_experiment({"data": source | data, "network": network, "training": training})
    again = make_experiment(parse_toml(to_toml(experiment), "the text"))
    assert again == experiment
    # the values given are the values kept, not only the same ones twice
    kept = again.model_dump(mode="json", exclude_none=True)
    for table, fields in {"data": source | data, "network": network, "training": training}.items():
        for field, value in fields.items():
            assert value is None or kept[table][field] == value
