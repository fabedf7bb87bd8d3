"""Experiments that between them have every operation and every kind of data, for the scripts that repeat them."""

from typing import Any

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.losses import LOSSES
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.experiment import make_experiment
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.write_script import plan_experiment

Tables = dict[str, dict[str, Any]]

ELEMENTWISE = [name for name, activation in ACTIVATIONS.items() if activation.is_elementwise]
SQUARED = [name for name, loss in LOSSES.items() if not loss.needs_probabilities]

MAZUR = {
    "data": {"x": [[0.05, 0.1]], "y": [[0.01, 0.99]]},
    "network": {
        "hidden": [2],
        "activation": "sigmoid",
        "output": "sigmoid",
        "weights": [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        "biases": [[0.35, 0.35], [0.60, 0.60]],
        "train_biases": False,
    },
    "training": {"loss": "half_sse", "learning_rate": 0.5, "max_steps": 10},
}

CASES: dict[str, Tables] = {
    **{
        f"hidden {name}": {
            "data": {"name": "iris"},
            "network": {"hidden": [5, 4], "activation": name},
            "training": {"max_steps": 23},
        }
        for name in ELEMENTWISE
    },
    **{
        f"{data} output {output} {loss}": {
            "data": {"name": data},
            "network": {"hidden": [5], "activation": "tanh", "output": output},
            "training": {"max_steps": 23, "loss": loss, "batch_size": batch_size},
        }
        for data, batch_size in (("iris", 7), ("moons", "full"))
        for output in ELEMENTWISE
        for loss in SQUARED
    },
    **{
        f"softmax {loss}": {
            "data": {"name": "iris"},
            "network": {"hidden": [], "output": "softmax"},
            "training": {"max_epochs": 3, "loss": loss},
        }
        for loss in (*SQUARED, "cross_entropy")
    },
    **{
        f"sigmoid {loss}": {
            "data": {"name": "iris", "test_fraction": 0.0},
            "network": {"activation": ["relu", "tanh"], "output": "sigmoid"},
            "training": {"max_epochs": 3, "loss": loss, "shuffle": False},
        }
        for loss in ("cross_entropy", "binary_cross_entropy")
    },
    **{
        f"{optimizer} {dtype}": {
            "data": {"name": "digits"},
            "network": {"hidden": [8], "dtype": dtype},
            "training": {"optimizer": optimizer, "max_epochs": 2, "l2": 0.01},
        }
        for optimizer in OPTIMIZERS
        for dtype in ("float64", "float32")
    },
    **{
        f"init {init}": {
            "data": {"name": "sine"},
            "network": {"init": init},
            "training": {"l1": 0.001, "l2": 0.01, "max_steps": 50, "batch_size": 7},
        }
        for init in INITIALIZERS
    },
    **{
        f"class weights {output} {loss} {dtype}": {
            "data": {"name": "iris", "validation_fraction": 0.2, "seed": 5, "stratify": False},
            "network": {"hidden": [5], "output": output, "dtype": dtype},
            "training": {"max_steps": 23, "loss": loss, "class_weights": "balanced", "batch_size": 7, "l2": 0.01},
        }
        for output, loss, dtype in (
            ("softmax", "cross_entropy", "float64"),
            ("softmax", "cross_entropy", "float32"),
            ("softmax", "mse", "float64"),
            ("sigmoid", "cross_entropy", "float64"),
            ("tanh", "half_sse", "float64"),
        )
    },
    **{
        f"class weights of two classes, {output} {loss}": {
            "data": {"name": "moons", "validation_fraction": 0.2},
            "network": {"hidden": [4], "output": output},
            "training": {"max_epochs": 3, "loss": loss, "class_weights": [1, 20], "learning_rate": 0.01},
        }
        for output, loss in (("sigmoid", "binary_cross_entropy"), ("tanh", "mse"))
    },
    "class weights of ten classes": {
        "data": {"name": "digits"},
        "network": {"hidden": [4]},
        "training": {"max_steps": 3, "class_weights": "balanced"},
    },
    "class weights of rows": {
        "data": {"x": [[0, 7], [1, 7], [2, 7], [3, 7]], "y": ["a", "b", "b", "a"], "test_fraction": 0.0},
        "network": {"hidden": [2]},
        "training": {"max_steps": 5, "class_weights": [0.5, 3]},
    },
    "two classes": {"data": {"name": "moons"}, "training": {"max_epochs": 3}},
    "frozen biases": {
        "data": {"name": "plane", "scale": "standard"},
        "network": {"train_biases": False},
        "training": {"max_steps": 50},
    },
    "features": {
        "data": {"name": "circle", "features": ["x1^2", "x2^2"], "scale": "minmax", "seed": 3},
        "network": {"seed": 4},
        "training": {"max_steps": 50, "batch_size": 1},
    },
    "rows with a constant column": {
        "data": {"x": [[0, 7], [1, 7], [2, 7], [3, 7]], "y": ["a", "b", "b", "a"], "scale": "standard"},
        "network": {"hidden": [2]},
        "training": {"max_epochs": 100},
    },
    "given weights": MAZUR,
}


def make_plan(tables: Tables) -> ScriptPlan:
    """Plan the script, and train the run to its end."""
    plan = plan_experiment(make_experiment(tables))
    plan.run.trainer.run(lambda: False, until=plan.steps)
    return plan


def measured_scores(plan: ScriptPlan) -> dict[str, list[float]]:
    """The loss and the accuracy, if there is one, of the run on each part that has rows."""
    evaluation = plan.run.trainer.evaluate()
    scores = {"train": evaluation.train, "validation": evaluation.validation, "test": evaluation.test}
    return {
        part: [score.loss] if score.accuracy is None else [score.loss, score.accuracy]
        for part, score in scores.items()
        if score is not None
    }


def find_last_score(printed: list[str], part: str) -> list[float]:
    """Return the loss and the accuracy, if there is one, that a script printed for this part."""
    line = next(line for line in printed if line.startswith(f"{part}: "))
    return [float(words.split()[1]) for words in line.split(": ")[1].split(", ")]
