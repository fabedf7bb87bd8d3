"""Scripts for scikit-learn: they run, and come close to the numbers of the run from other first weights."""

import sys
import warnings
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from gradstep.data.script.sklearn_script import write_sklearn_script
from gradstep.data.script.write_script import write_data_file
from tests.data.script_cases import find_last_score, make_plan
from tests.data.test_script_predictions import ALL, run_script, write_plan

pytest.importorskip("sklearn")


@pytest.mark.parametrize(
    "tables",
    [
        {"data": {"name": "iris"}},
        {"data": {"name": "moons"}, "training": {"optimizer": "nesterov", "l2": 0.001}},
        {"data": {"name": "moons"}, "training": {"class_weights": [1, 5]}},
        {"data": {"name": "iris"}, "training": {"class_weights": [2, 1, 4], "optimizer": "adam"}},
        {"data": {"name": "iris"}, "training": {"class_weights": "balanced", "optimizer": "momentum"}},
        {"data": {"name": "sine"}},
        {"data": {"name": "plane"}, "training": {"optimizer": "momentum", "loss": "half_sse"}},
    ],
)
def test_the_script_comes_close_to_the_run(tables: dict, tmp_path: Path) -> None:
    plan = make_plan(tables)
    plan = replace(plan, data_file=tmp_path / "data.npz")
    plan.data_file.write_bytes(write_data_file(plan))
    printed: list[str] = []
    variables = {"__name__": "__main__", "print": printed.append}
    with warnings.catch_warnings(), patch.object(sys, "argv", ["script.py"]):
        warnings.simplefilter("ignore")
        exec(compile(write_sklearn_script(plan), "script.py", "exec"), variables)
    variables["data"].close()  # type: ignore[attr-defined]
    evaluation = plan.run.trainer.evaluate()
    assert evaluation.test is not None
    loss, *accuracy = find_last_score(printed, "test")
    assert loss == pytest.approx(evaluation.test.loss, abs=0.05)
    assert accuracy == [] or accuracy[0] == pytest.approx(evaluation.test.accuracy, abs=0.05)


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("scores") and "softmax" not in name])
@pytest.mark.filterwarnings("ignore")
def test_the_script_predicts_new_rows_as_its_model_does(name: str, tmp_path: Path) -> None:
    plan, table = write_plan(name, tmp_path)
    printed, variables = run_script("sklearn", plan, table)
    x, model, count = variables["x"], variables["model"], len(plan.run.dataset.inputs)
    if plan.run.dataset.class_names:
        expected = model.predict_proba(x)
        named = [plan.run.dataset.class_names[row.argmax()] for row in expected]
        assert [line.rsplit(",", expected.shape[1])[0] for line in printed[-count:]] == named
    else:
        expected = plan.run.split.target_scaling.undo(model.predict(x)[:, None])
    numbers = [list(map(float, line.split(",")[-expected.shape[1] :])) for line in printed[-count:]]
    np.testing.assert_allclose(numbers, expected, rtol=1e-5 if x.dtype == np.float32 else 1e-9)
