"""Scripts that repeat an experiment: their numbers are those of the run, and their text is as a person writes it."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.arrays import Floats
from gradstep.core.network.cross_entropy import CrossEntropy
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.optimizers import OPTIMIZERS, Momentum
from gradstep.data.assemble import assemble
from gradstep.data.change_training import change_training
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.script.new_rows import COMMENT
from gradstep.data.script.numpy_script import write_numpy_script
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.write_script import WRITERS, plan_checkpoint, plan_experiment, write_data_file
from tests.data.script_cases import CASES, MAZUR, Tables, find_last_score, make_plan, measured_scores
from tests.test_new_operations import Adagrad, LogCosh, Softplus

RUFF = Path(sys.executable).with_name("ruff")


def execute(plan: ScriptPlan, folder: Path) -> dict[str, Any]:
    """Run the numpy script in this process, and return its variables."""
    plan = replace(plan, data_file=folder / "data.npz")
    plan.data_file.write_bytes(write_data_file(plan))
    printed: list[str] = []
    variables: dict[str, Any] = {"__name__": "__main__", "print": printed.append}
    with patch.object(sys, "argv", ["script.py"]):
        exec(compile(write_numpy_script(plan), "script.py", "exec"), variables)
    if not plan.is_inline:
        variables["data"].close()
    return variables | {"printed": printed}


def assert_same_numbers(plan: ScriptPlan, variables: dict) -> None:
    """The same parameters, and the same scores on every part."""
    run = plan.run
    for matrix, layer in zip(variables["weights"], run.network.layers, strict=True):
        assert matrix.dtype == run.network.dtype
        np.testing.assert_allclose(matrix, layer.matrix, rtol=0, atol=1e-12)
    # the mean of losses in float32 is no more exact
    tolerance = 1e-12 if run.network.dtype == np.float64 else 1e-6
    for part, expected in measured_scores(plan).items():
        assert find_last_score(variables["printed"], part) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("name", CASES)
def test_the_numpy_script_comes_to_the_numbers_of_the_run(name: str, tmp_path: Path) -> None:
    plan = make_plan(CASES[name])
    assert_same_numbers(plan, execute(plan, tmp_path))


def test_every_operation_has_its_code() -> None:
    for activation in ACTIVATIONS.values():
        assert activation.numpy_code and activation.pytorch_code
        assert activation.slope_code or not activation.is_elementwise
    for loss in LOSSES.values():
        assert loss.numpy_code and loss.gradient_code
        assert loss.pytorch_code and loss.pytorch_rows_code
    for optimizer in OPTIMIZERS.values():
        assert optimizer.numpy_code and optimizer.pytorch_code


def test_the_script_needs_numpy_and_its_data_alone(tmp_path: Path) -> None:
    plan = replace(make_plan({"data": {"name": "iris"}, "training": {"max_steps": 30}}), data_file=Path("iris.npz"))
    (tmp_path / "iris.npz").write_bytes(write_data_file(plan))
    (tmp_path / "iris.py").write_text(write_numpy_script(plan), encoding="utf-8")
    # gradstep cannot be imported there, and neither can anything else that is not numpy
    program = (
        "import runpy, sys, numpy\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] not in {'numpy', *sys.stdlib_module_names}: raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        f"runpy.run_path({str(tmp_path / 'iris.py')!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", cwd="/")
    assert done.returncode == 0 and not done.stderr
    scores = measured_scores(plan)
    assert {*scores} == {"train", "test"}
    for part, expected in scores.items():
        assert find_last_score(done.stdout.splitlines(), part) == pytest.approx(expected, abs=1e-12)


def test_the_scripts_are_laid_out_as_formatters_leave_them(tmp_path: Path) -> None:
    for number, tables in enumerate(CASES.values()):
        plan = replace(plan_experiment(make_experiment(tables)), data_file=Path("data.npz"))
        for library, write in WRITERS.items():
            try:
                text = write(plan)
            except GradstepError as error:
                assert library == "sklearn" and "scikit-learn" in str(error)
                continue
            (tmp_path / f"{library}_{number}.py").write_text(text, encoding="utf-8")
    for command in (
        ["check", "--isolated", "--select", "E,F,W,I", "--line-length", "88"],
        ["format", "--isolated", "--check"],
    ):
        done = subprocess.run([RUFF, *command, tmp_path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_a_script_has_some_sixty_lines_of_code() -> None:
    plan = plan_experiment(make_experiment({"data": {"name": "iris"}}))
    training, comment, _ = write_numpy_script(plan).partition('"""\n\n')[2].partition(COMMENT)
    lines = training.splitlines()
    assert comment
    assert 50 <= len([line for line in lines if line.strip() and line.strip()[0] not in '#"']) <= 70


def saved(run: Run) -> Checkpoint:
    return run.checkpoint(1.0)


def small_run(**training: object) -> Run:
    tables: Tables = {"data": {"name": "iris"}, "network": {"hidden": [3]}, "training": training}
    return assemble(make_experiment(tables))


def test_the_script_of_a_run_changes_the_learning_rate_where_a_person_did(tmp_path: Path) -> None:
    run = small_run(optimizer="momentum")
    for end, rate in ((11, 0.03), (25, 0.1), (26, 0.05)):
        run.trainer.run(lambda: False, until=end)
        run.trainer.learning_rate = rate
    plan = plan_checkpoint(saved(run))
    assert plan.rates == {0: 0.03, 25: 0.1} and plan.steps == 26
    assert_same_numbers(replace(plan, run=run), execute(plan, tmp_path))
    assert "NEW_RATES = {25: 0.1}" in write_numpy_script(plan)


def test_the_script_of_a_run_that_patience_ended_goes_to_its_best_step(tmp_path: Path) -> None:
    tables: Tables = {
        "data": {"name": "moons", "noise": 0.4, "validation_fraction": 0.2},
        "network": {"hidden": [16]},
        "training": {"patience": 2, "batch_size": 1, "learning_rate": 0.3, "class_weights": [1, 3]},
    }
    run = assemble(make_experiment(tables))
    trainer = run.trainer
    trainer.run(lambda: False, until=5)
    trainer.learning_rate = 0.2
    trainer.run(lambda: trainer.stop_reason is not None)
    last, best = trainer.step, trainer.best
    assert trainer.stop_reason == "patience" and best is not None and 5 < best.step < last
    trainer.restore(best.as_present())
    trainer.end_at_best()
    plan = plan_checkpoint(saved(run))
    # this best step is in the middle of an epoch
    assert plan.steps == best.step and not plan.ends_with_an_epoch and plan.rates == {0: 0.3, 5: 0.2}
    same = replace(plan, run=run)
    assert {*measured_scores(same)} == {"train", "validation", "test"}
    assert_same_numbers(same, execute(plan, tmp_path))


def test_a_run_that_was_changed_by_hand_is_refused() -> None:
    edited, other = small_run(), small_run()
    for run in (edited, other):
        run.trainer.run(lambda: False, until=5)
    edited.network.set_parameter(1, 0, 0, 2.0)
    other = change_training(
        other, make_experiment({"data": {"name": "iris"}, "network": {"hidden": [3]}, "training": {"batch_size": 8}})
    )
    for run in (edited, other):
        run.trainer.run(lambda: False, until=10)
        why = "changed by hand" if run is edited else "its settings were changed at step 5"
        with pytest.raises(GradstepError, match=f"{why}; gradstep train --data iris .*--hidden 3 .*from the start"):
            plan_checkpoint(saved(run))
    # a run that is resumed remembers it
    with pytest.raises(GradstepError, match=r"changed at step 5; gradstep train .* --batch-size 8"):
        plan_checkpoint(saved(resume_run(saved(other))))
    with pytest.raises(GradstepError, match="no step yet"):
        plan_checkpoint(saved(small_run()))


def test_an_experiment_that_ends_by_what_it_has_learnt_is_refused() -> None:
    with pytest.raises(GradstepError, match=r"training.patience = 3: .*train the experiment"):
        plan_experiment(make_experiment({"training": {"patience": 3}}))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"training": {"optimizer": "rmsprop"}}, "rmsprop"),
        ({"training": {"l1": 0.1}}, "no l1"),
        ({"training": {"loss": "mse"}}, "cross-entropy only"),
        ({"network": {"output": "sigmoid"}}, "softmax"),
        ({"network": {"activation": "step"}}, "step"),
        ({"network": {"activation": ["relu", "tanh"]}}, "relu, tanh"),
        ({"network": {"train_biases": False}}, "always trained"),
        (MAZUR, "sigmoid with half_sse"),
    ],
)
def test_what_scikit_learn_cannot_express_is_refused_with_the_reason(changed: Tables, reason: str) -> None:
    plan = plan_experiment(make_experiment({"data": {"name": "iris"}} | changed))
    with pytest.raises(GradstepError, match=f"scikit-learn.*{re.escape(reason)}"):
        WRITERS["sklearn"](plan)


def test_an_operation_without_code_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "softplus", Softplus())
    monkeypatch.setitem(LOSSES, "log_cosh", LogCosh)
    monkeypatch.setitem(OPTIMIZERS, "adagrad", Adagrad)
    for table, field, name in (
        ("network", "activation", "softplus"),
        ("training", "optimizer", "adagrad"),
        ("training", "loss", "log_cosh"),
    ):
        tables = {"data": {"name": "sine"}, table: {field: name}}
        for library in ("numpy", "pytorch"):
            with pytest.raises(GradstepError, match=name):
                WRITERS[library](plan_experiment(make_experiment(tables)))


def test_an_operation_does_not_inherit_the_code_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    class Weighted(CrossEntropy):
        formula = "2·(−Σᵢ yᵢ ln ŷᵢ)"

        def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
            return 2 * super().per_example(z, a, y)

    class Faster(Momentum):
        momentum = 0.5

    monkeypatch.setitem(LOSSES, "cross_entropy", Weighted)
    plan = plan_experiment(make_experiment({"data": {"name": "iris"}}))
    monkeypatch.undo()
    monkeypatch.setitem(OPTIMIZERS, "momentum", Faster)
    faster = plan_experiment(make_experiment({"data": {"name": "iris"}, "training": {"optimizer": "momentum"}}))
    for write in WRITERS.values():
        for each in (plan, faster):
            with pytest.raises(GradstepError, match="cannot"):
                write(each)


def test_names_of_data_cannot_break_the_script(tmp_path: Path) -> None:
    file = tmp_path / 'a"""b\\x\n\'c.csv'
    file.write_text("size,kind\n" + "1,a\n2,b\n3,a\n4,b\n" * 20)
    plan = make_plan({"data": {"path": str(file)}, "training": {"max_steps": 3}})
    assert_same_numbers(plan, execute(plan, tmp_path))
