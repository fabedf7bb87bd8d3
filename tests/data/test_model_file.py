"""Model files, and weights of other programs as a start."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from gradstep.core.errors import GradstepError
from gradstep.core.network.passes import predict
from gradstep.data.assemble import assemble, assemble_variant
from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.command_line import write_command_line
from gradstep.data.data_defaults import find_open_fields
from gradstep.data.experiment import load_experiment, make_experiment, save_experiment
from gradstep.data.find_model import find_model
from gradstep.data.model_file import read_model, write_model, write_model_as_npz
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.script.write_script import plan_checkpoint
from gradstep.data.trained_model import make_model


def trained(**tables: Any) -> Run:
    run = assemble(make_experiment({"data": {"name": "iris"}} | tables))
    run.trainer.run(lambda: False, until=20)
    return run


def layer(inputs: int, outputs: int, dtype: str = "float32") -> dict[str, np.ndarray]:
    rng = np.random.default_rng(inputs)
    return {"weight": rng.normal(size=(outputs, inputs)).astype(dtype), "bias": np.arange(outputs).astype(dtype)}


def state(*sizes: int, names: str = "{}.", dtype: str = "float32") -> dict[str, np.ndarray]:
    """What PyTorch saves of a Sequential of Linear layers with an activation between them."""
    return {
        f"{names.format(2 * index)}{name}": array
        for index, (inputs, outputs) in enumerate(pairwise(sizes))
        for name, array in layer(inputs, outputs, dtype).items()
    }


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_model_file_has_the_network_and_all_that_stands_around_it(tmp_path: Path, dtype: str) -> None:
    run = trained(network={"dtype": dtype})
    model, file = make_model(run.checkpoint(1.0)), tmp_path / "iris.safetensors"
    file.write_bytes(write_model(model))
    arrays = load_file(file)
    assert {name: array.shape for name, array in arrays.items()} == {
        "0.weight": (16, 4),
        "0.bias": (16,),
        "2.weight": (16, 16),
        "2.bias": (16,),
        "4.weight": (3, 16),
        "4.bias": (3,),
    }
    assert {array.dtype for array in arrays.values()} == {np.dtype(dtype)}
    again = read_model(file)
    assert np.array_equal(again.network.parameters, run.network.parameters) and again.step == 20
    assert again.experiment == run.experiment
    assert again.preprocessing.to_json() == model.preprocessing.to_json()
    assert again.preprocessing.class_names == run.dataset.class_names
    x = run.dataset.inputs[:9]
    assert again.compute_outputs(x).tobytes() == model.compute_outputs(x).tobytes()
    assert find_model(str(file)).step == 20


def test_an_npz_file_has_the_same_arrays(tmp_path: Path) -> None:
    run = trained()
    (tmp_path / "iris.npz").write_bytes(write_model_as_npz(make_model(run.checkpoint(1.0))))
    with np.load(tmp_path / "iris.npz") as arrays:
        a = (run.dataset.inputs - arrays["input_shift"]) / arrays["input_scale"]
        for index in (0, 2, 4):
            z = a @ arrays[f"{index}.weight"].T + arrays[f"{index}.bias"]
            a = np.maximum(z, 0)
        rows = run.split.scaling.apply(run.dataset.inputs)
        assert np.array_equal(z.argmax(axis=1), predict(run.network, rows).argmax(axis=1))
        assert arrays["class_names"].tolist() == list(run.dataset.class_names)
        assert arrays["activations"].tolist() == ["relu", "relu", "softmax"]


def test_a_checkpoint_of_an_earlier_version_needs_its_data(tmp_path: Path) -> None:
    data = tmp_path / "flowers.csv"
    data.write_text("size,kind\n" + "1,a\n2,b\n" * 20)
    run = trained(data={"path": str(data)})
    file = tmp_path / "old.safetensors"
    checkpoint = run.checkpoint(1.0)
    object.__setattr__(checkpoint, "preprocessing", None)
    write_checkpoint(file, checkpoint)
    x = np.array([[1.5]])
    old, new = find_model(str(file)), make_model(run.checkpoint(1.0))
    assert old.compute_outputs(x).tobytes() == new.compute_outputs(x).tobytes()
    data.unlink()
    with pytest.raises(GradstepError, match=r"earlier gradstep.*flowers.csv"):
        find_model(str(file))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "2"),
        ("experiment", "[network"),
        ("experiment", ""),
        ("step", "x"),
        ("preprocessing", "[]"),
        ("preprocessing", "{"),
        ("preprocessing", "{}"),
        ("class_names", ["a"]),
        ("scaling", {"kind": "standard", "shift": [1.0], "scale": [0.0]}),
        ("scaling", {"kind": "standard", "shift": [1.0, 2.0], "scale": [1.0, 2.0]}),
        ("threshold", None),
        ("features", ["x9"]),
        ("encoder", {"columns": 3}),
    ],
)
def test_a_damaged_model_file_is_refused_in_one_line(tmp_path: Path, field: str, value: object) -> None:
    file = tmp_path / "iris.safetensors"
    file.write_bytes(write_model(make_model(trained().checkpoint(1.0))))
    with safe_open(file, framework="numpy") as opened:
        metadata = opened.metadata()
    if field in metadata:
        metadata[field] = str(value)
    else:
        metadata["preprocessing"] = json.dumps(json.loads(metadata["preprocessing"]) | {field: value})
    save_file(load_file(file), file, metadata)
    with pytest.raises(GradstepError, match=r"iris.safetensors (is damaged|was written by another)") as error:
        find_model(str(file))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("names", ["{}.", "layers.{}.", "_orig_mod.module.3.net.{}.linear."])
def test_the_weights_of_a_sequential_are_a_start(tmp_path: Path, names: str, dtype: str) -> None:
    file = tmp_path / "torch.safetensors"
    sizes = (4, *range(5, 16), 3)
    save_file(arrays := state(*sizes, names=names, dtype=dtype), file)
    run = assemble(make_experiment({"data": {"name": "iris"}, "network": {"start": str(file)}}))
    assert run.network.sizes == sizes and run.experiment.network.hidden == sizes[1:-1]
    for index, each in enumerate(run.network.layers):
        assert np.array_equal(each.weights, arrays[f"{names.format(2 * index)}weight"])
        assert np.array_equal(each.biases, arrays[f"{names.format(2 * index)}bias"])


def test_a_single_layer_and_two_outputs_of_two_classes_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "torch.safetensors"
    save_file(layer(2, 2), file)
    run = assemble(make_experiment({"data": {"name": "moons"}, "network": {"start": str(file)}}))
    assert run.network.sizes == (2, 2) and run.network.layers[-1].activation.name == "softmax"
    save_file(layer(2, 1), file)
    run = assemble(make_experiment({"data": {"name": "moons"}, "network": {"start": str(file)}}))
    assert run.network.layers[-1].activation.name == "sigmoid"


def test_a_model_of_gradstep_brings_its_activations_with_it(tmp_path: Path) -> None:
    file = tmp_path / "own.safetensors"
    run = trained(network={"hidden": [5, 4], "activation": ["tanh", "sigmoid"], "output": "sigmoid"})
    file.write_bytes(write_model(make_model(run.checkpoint(1.0))))
    again = assemble(make_experiment({"data": {"name": "iris"}, "network": {"start": str(file)}}))
    assert [each.activation.name for each in again.network.layers] == ["tanh", "sigmoid", "sigmoid"]
    assert np.array_equal(again.network.parameters, run.network.parameters)


LEARNT = "a,b,c,d,kind,size\n" + "".join(f"{n % 7},{n % 5},{n % 4},{n % 3},{'xy'[n % 2]},{n / 4}\n" for n in range(60))


@pytest.mark.parametrize(
    ("header", "target", "said"),
    [
        ("a,b,c,d,kind,size", "kind", None),
        ("d,b,c,a,kind,size", "kind", "learnt from a, b, c, d, and data has d, b, c, a; .* the same columns"),
        ("a,b,c,e,kind,size", "kind", "learnt from a, b, c, d, and data has a, b, c, e; .* the same columns"),
        ("a,b,c,d,kind,size", "size", "learnt the classes x, y, and data has the number size; .* the same task"),
    ],
)
def test_the_weights_of_a_model_are_those_of_its_columns_and_task(
    tmp_path: Path, header: str, target: str, said: str | None
) -> None:
    data, start = tmp_path / "data.csv", tmp_path / "own.safetensors"
    data.write_text(LEARNT)
    columns = {"kind": ["size"], "size": ["kind"]}
    learnt = {"path": str(data), "target": "kind", "drop": ["size"]}
    start.write_bytes(write_model(make_model(assemble(make_experiment({"data": learnt})).checkpoint(1.0))))
    data.write_text(LEARNT.replace("a,b,c,d,kind,size", header))
    tables = {
        "data": {"path": str(data), "target": target, "drop": columns[target]},
        "network": {"start": str(start)},
    }
    if said is None:
        assert assemble(make_experiment(tables)).network.sizes[0] == 4
        return
    with pytest.raises(GradstepError, match=said) as error:
        assemble(make_experiment(tables))
    assert "\n" not in str(error.value)


def without(name: str) -> dict[str, np.ndarray]:
    return {key: array for key, array in state(4, 8, 3).items() if key != name}


@pytest.mark.parametrize(
    ("arrays", "network", "said"),
    [
        (without("0.bias"), {}, "0.bias is missing: each layer needs a bias, and 8 zeros do"),
        (without("2.weight"), {}, "2.weight is missing: 2.bias is there"),
        (
            state(4, 8, 3) | {"0.weight": np.zeros((8, 1, 3, 3))},
            {},
            "0.weight has the shape 8 × 1 × 3 × 3.*convolution",
        ),
        (
            state(4, 8, 3) | {"1.weight": np.ones(8), "1.bias": np.ones(8)},
            {},
            "1.weight has the shape 8.*normalization",
        ),
        (state(4, 8, 3) | {"1.running_mean": np.ones(8)}, {}, "1.running_mean belongs to no Linear layer"),
        (state(4, 8, 3) | {"0.bias": np.ones(7)}, {}, "0.bias has the shape 7, and 0.weight has 8 outputs"),
        (state(4, 8, 3) | {"0.bias": np.full(8, np.nan)}, {}, "0.bias holds a value that is not a finite"),
        (state(4, 8, 3) | {"0.bias": np.ones(8, np.int64)}, {}, "0.bias has the type I64"),
        (state(4, 8, 3, names="{}.") | {"2.weight": np.ones((3, 9))}, {}, "2.weight takes 9 inputs.*0.weight.*gives 8"),
        (
            {"fc.weight": np.ones((8, 4)), "fc.bias": np.ones(8), **layer(8, 3)},
            {},
            "the order of the layers , fc is not",
        ),
        (state(5, 8, 3), {}, "takes 5 inputs, and iris has 4"),
        (state(4, 8, 2), {}, "gives 2 outputs, and iris with softmax needs 3"),
        (state(4, 8, 3), {"hidden": [8, 8]}, r"network.hidden = \[8, 8\].*hidden layers \[8\]"),
        ({}, {}, "holds no weights"),
        (state(4, 8, 3), {"weights": [[[1.0]]]}, "network.weights and network.start: only one"),
    ],
)
def test_what_does_not_fit_is_told_exactly(tmp_path: Path, arrays: dict, network: dict, said: str) -> None:
    file = tmp_path / "torch.safetensors"
    save_file(arrays, file)
    with pytest.raises(GradstepError, match=said) as error:
        assemble(make_experiment({"data": {"name": "iris"}, "network": {"start": str(file), **network}}))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.pt", b"PK\x03\x04 a pickle in a zip", "torch.save.*safetensors.torch.save_file"),
        ("model.pkl", b"\x80\x04 a pickle", "torch.save"),
        ("model.npz", b"PK\x03\x04 arrays", "an NPZ file.*--format safetensors"),
        ("model.txt", b"hello", "not a safetensors file, or was cut short"),
        ("empty", b"", "not a safetensors file, or was cut short"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GradstepError, match=said):
        assemble(make_experiment({"data": {"name": "iris"}, "network": {"start": str(tmp_path / name)}}))
    with pytest.raises(GradstepError, match=said):
        find_model(str(tmp_path / name))


def test_a_run_goes_on_without_the_file_that_it_began_with(tmp_path: Path) -> None:
    file = tmp_path / "torch.safetensors"
    save_file(state(4, 8, 3), file)
    run = trained(network={"start": str(file)})
    write_checkpoint(tmp_path / "c", run.checkpoint(1.0))
    file.unlink()
    again = resume_run(read_checkpoint(tmp_path / "c"))
    assert np.array_equal(again.network.parameters, run.network.parameters)
    assert np.array_equal(again.start.arrays["parameters"], run.start.arrays["parameters"])
    for rate in (0.01, 0.2):
        lane = assemble_variant(run, {"learning_rate": rate})
        assert np.array_equal(lane.network.parameters, run.start.arrays["parameters"])
    assert plan_checkpoint(read_checkpoint(tmp_path / "c")).has_given_weights
    assert not {"network.hidden", "network.init"} & set(find_open_fields(again.experiment, again.dataset))


def test_the_file_is_a_field_of_the_experiment(tmp_path: Path) -> None:
    save_file(state(4, 8, 3), tmp_path / "torch.safetensors")
    file = tmp_path / "e.toml"
    file.write_text('[data]\nname = "iris"\n[network]\nstart = "torch.safetensors"\n')
    experiment = load_experiment(file, {})
    run = assemble(experiment)
    assert run.experiment.network.start == str(tmp_path / "torch.safetensors")
    save_experiment(tmp_path / "again.toml", run.experiment)
    assert load_experiment(tmp_path / "again.toml", {}) == run.experiment
    command = write_command_line(experiment)
    assert command == f"gradstep train --data iris --from {tmp_path / 'torch.safetensors'}"


def test_a_checkpoint_is_no_model_file(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", trained().checkpoint(1.0))
    with pytest.raises(GradstepError, match="is a checkpoint of gradstep; gradstep export writes a model file"):
        assemble(make_experiment({"data": {"name": "iris"}, "network": {"start": str(tmp_path / "c")}}))


def test_weights_without_their_data_cannot_predict(tmp_path: Path) -> None:
    save_file(state(4, 8, 3), tmp_path / "torch.safetensors")
    with pytest.raises(GradstepError, match=r"nothing on the data.*train --from"):
        find_model(str(tmp_path / "torch.safetensors"))
