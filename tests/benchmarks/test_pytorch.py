"""Networks to and from PyTorch: the same outputs there and here, and a script that makes the same steps."""

import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from gradstep.core.network.passes import predict
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.model_file import write_model
from gradstep.data.script.pytorch_script import write_pytorch_script
from gradstep.data.script.write_script import write_data_file
from gradstep.data.trained_model import make_model
from tests.data.script_cases import CASES, find_last_score, make_plan, measured_scores
from tests.data.test_script_predictions import ALL, assert_predicted, run_script, write_plan

torch = pytest.importorskip("torch")
from safetensors.torch import load_file, save_file  # noqa: E402

CLOSE = {"float64": 1e-12, "float32": 1e-5}


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)


def sequential(sizes: tuple[int, ...], dtype: str) -> Any:
    """A Sequential of Linear layers with tanh between them."""
    layers = [module for shape in pairwise(sizes) for module in (torch.nn.Linear(*shape), torch.nn.Tanh())]
    return torch.nn.Sequential(*layers[:-1]).to(getattr(torch, dtype))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_exported_model_gives_the_same_outputs_in_pytorch(dtype: str, tmp_path: Path) -> None:
    run = assemble(make_experiment({"data": {"name": "iris"}, "network": {"activation": "tanh", "dtype": dtype}}))
    run.trainer.run(lambda: False, until=50)
    (tmp_path / "model.safetensors").write_bytes(write_model(make_model(run.checkpoint(1.0))))
    model = sequential(run.network.sizes, dtype)
    model.load_state_dict(load_file(tmp_path / "model.safetensors"))
    x = run.split.test_x.astype(dtype)
    theirs = torch.softmax(model(torch.from_numpy(x)), dim=1).detach().numpy()
    np.testing.assert_allclose(predict(run.network, x), theirs, rtol=0, atol=CLOSE[dtype])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_model_of_pytorch_gives_the_same_outputs_here(dtype: str, tmp_path: Path) -> None:
    model = sequential((4, 9, 7, 3), dtype)
    save_file(model.state_dict(), tmp_path / "torch.safetensors")
    network = {"start": str(tmp_path / "torch.safetensors"), "activation": "tanh", "dtype": dtype}
    run = assemble(make_experiment({"data": {"name": "iris"}, "network": network}))
    x = run.split.train_x.astype(dtype)
    theirs = torch.softmax(model(torch.from_numpy(x)), dim=1).detach().numpy()
    np.testing.assert_allclose(predict(run.network, x), theirs, rtol=0, atol=CLOSE[dtype])


def test_the_code_of_the_manual_reads_and_writes_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = assemble(make_experiment({"data": {"name": "iris"}}))
    Path("model.safetensors").write_bytes(content := write_model(make_model(run.checkpoint(1.0))))
    page = (Path(__file__).parents[2] / "docs" / "use.md").read_text(encoding="utf-8")
    variables: dict[str, Any] = {}
    for code in re.findall(r"^```python\n(.*?)^```", page, re.M | re.S):
        exec(code, variables)
    assert Path("model.safetensors").read_bytes() != content
    network = {"start": "model.safetensors"}
    again = assemble(make_experiment({"data": {"name": "iris"}, "network": network}))
    assert np.array_equal(again.network.parameters, run.network.parameters)


@pytest.mark.parametrize("name", CASES)
def test_the_pytorch_script_comes_to_the_numbers_of_the_run(name: str, tmp_path: Path) -> None:
    plan = make_plan(CASES[name])
    plan = replace(plan, data_file=tmp_path / "data.npz")
    plan.data_file.write_bytes(write_data_file(plan))
    printed: list[str] = []
    variables: dict[str, Any] = {"__name__": "__main__", "print": printed.append}
    with patch.object(sys, "argv", ["script.py"]):
        exec(compile(write_pytorch_script(plan), "script.py", "exec"), variables)
    if not plan.is_inline:
        variables["data"].close()
    exact = plan.run.network.dtype == np.float64
    for theirs, ours in zip(variables["layers"], plan.run.network.layers, strict=True):
        tolerance = 1e-9 if exact else 1e-5
        np.testing.assert_allclose(theirs.weight.detach().numpy(), ours.weights, rtol=0, atol=tolerance)
        np.testing.assert_allclose(theirs.bias.detach().numpy(), ours.biases, rtol=0, atol=tolerance)
    for part, expected in measured_scores(plan).items():
        assert find_last_score(printed, part) == pytest.approx(expected, abs=1e-9 if exact else 1e-6)


@pytest.mark.parametrize("name", ALL)
def test_the_pytorch_script_predicts_new_rows_as_gradstep_does(name: str, tmp_path: Path) -> None:
    plan, table = write_plan(name, tmp_path)
    printed, _ = run_script("pytorch", plan, table)
    assert_predicted(plan, table, printed, 1e-9 if plan.run.network.dtype == np.float64 else 1e-5)
