"""Writes a script that trains a like network with scikit-learn."""

from typing import NoReturn

from gradstep.core.errors import GradstepError
from gradstep.core.network.loss import LossOfLogits
from gradstep.core.network.losses import LOSSES, SquaredError
from gradstep.data.script.data_blocks import write_class_weights, write_imports, write_loading, write_scaling
from gradstep.data.script.new_rows import write_prediction
from gradstep.data.script.plan import ScriptPlan, find_code
from gradstep.data.script.python_text import indent_lines, join_blocks, write_docstring
from gradstep.data.script.training_loop import write_last_scores

LIBRARY = "scikit-learn"

NOT_THE_SAME = (
    "The settings are those of gradstep. The first weights and the order of the rows are not: scikit-learn draws its "
    "own, and its biases do not start at 0. So the numbers come close, and are not the same."
)


def write_sklearn_script(plan: ScriptPlan) -> str:
    """Return the script; raises GradstepError for what scikit-learn's networks do not have."""
    _check_known(plan)
    model = "MLPClassifier" if plan.run.trainer.classification else "MLPRegressor"
    classification = plan.run.trainer.classification
    return join_blocks(
        [
            write_docstring(f"{plan.title}, in scikit-learn.", f"{NOT_THE_SAME}{_say_dropped_start(plan)}{plan.needs}"),
            *write_imports(
                plan,
                *(["from sklearn.metrics import log_loss"] if classification else []),
                f"from sklearn.neural_network import {model}",
            ),
            write_loading(plan),
            *write_scaling(plan),
            *_write_dtype(plan),
            *write_class_weights(plan),
            _write_model(plan, model),
            _write_fit(plan),
            _write_score(plan),
            write_last_scores(plan),
            *write_prediction(plan, _write_outputs(plan)),
        ]
    )


def _say_dropped_start(plan: ScriptPlan) -> str:
    """Return a sentence on the model file that the run began with, if it did."""
    if plan.run.experiment.network.start is None:
        return ""
    return " The run began with the weights of a model file: this script leaves them out, and begins with random ones."


def _check_known(plan: ScriptPlan) -> None:
    """Raise GradstepError for what no argument of scikit-learn's networks stands for."""
    run = plan.run
    training, output, loss = run.experiment.training, plan.activations[-1], plan.loss
    hidden = {activation.name for activation in plan.activations[:-1]}
    if type(loss) not in LOSSES.values():
        _refuse(f"it has no such loss, {loss.formula}")
    if len(hidden) > 1:
        _refuse(f"its hidden layers have one activation, and these have {', '.join(sorted(hidden))}")
    if run.trainer.classification and not isinstance(loss, LossOfLogits):
        _refuse(f"it classifies by cross-entropy only, and the loss here is {loss.name}")
    if run.trainer.classification and run.network.sizes[-1] != (
        1 if len(run.dataset.class_names) == 2 else run.network.sizes[-1]
    ):
        _refuse(f"it tells two classes by one sigmoid output, and the output here is {output.name}")
    if run.trainer.classification and run.network.sizes[-1] > 1 and output.is_elementwise:
        _refuse(f"of more than two classes its output is softmax, and here it is {output.name}")
    if not run.trainer.classification and not (output.is_identity and isinstance(loss, SquaredError)):
        _refuse(
            f"its regression has a linear output and a squared error, and here it is {output.name} with {loss.name}"
        )
    if training.l1:
        _refuse("it has no l1")
    if not run.experiment.network.train_biases:
        _refuse("its biases are always trained")
    if len(plan.rates) > 1:
        _refuse("the learning rate was changed during the run, and its own stays as it is")


def _refuse(reason: str) -> NoReturn:
    raise GradstepError(f"{LIBRARY} cannot train this network: {reason}; --as numpy or pytorch can")


def _write_dtype(plan: ScriptPlan) -> list[str]:
    return ["x = x.astype(np.float32)"] if plan.run.network.dtype == "float32" else []


def _write_targets(plan: ScriptPlan, rows: str) -> str:
    single = plan.run.dataset.targets is not None and plan.run.network.sizes[-1] == 1
    return f"y[{rows}, 0]" if single else f"y[{rows}]"


def _write_model(plan: ScriptPlan, model: str) -> str:
    run = plan.run
    training, optimizer, loss = run.experiment.training, run.trainer.optimizer, plan.loss
    outputs = run.network.sizes[-1]
    # scikit-learn's squared error is half the mean over the outputs
    factor = 2 * loss.coefficient(outputs) * outputs if isinstance(loss, SquaredError) else 1.0
    solver = find_code(optimizer, "sklearn_code", LIBRARY)
    hidden = [str(size) for size in run.network.sizes[1:-1]]
    sizes = f"({', '.join(hidden)}{',' if len(hidden) == 1 else ''})"
    alpha = training.l2 * run.trainer.batch_size / factor
    alpha_note = "  # it divides alpha by the rows of a batch" if alpha else ""
    epochs_note = "" if plan.ends_with_an_epoch else f"  # gradstep stopped in the last, after {plan.steps} steps"
    arguments = [
        f"hidden_layer_sizes={sizes},",
        *([_write_activation(plan)] if hidden else []),
        *(f"{argument}," for argument in solver),
        _write_rate(plan, factor),
        f"batch_size={run.trainer.batch_size},",
        f"alpha={alpha!r},{alpha_note}",
        f"shuffle={training.shuffle},",
        f"max_iter={plan.epochs},{epochs_note}",
        f"n_iter_no_change={plan.epochs},  # it never stops early",
        f"random_state={run.experiment.network.seed},",
    ]
    return f"model = {model}(\n{indent_lines(chr(10).join(arguments))}\n)"


def _write_rate(plan: ScriptPlan, factor: float) -> str:
    """Return the argument of the learning rate; `factor` is what its loss is too small by."""
    if 'solver="sgd"' not in find_code(plan.run.trainer.optimizer, "sklearn_code", LIBRARY):
        return f"learning_rate_init={plan.learning_rate!r},"
    if plan.run.experiment.training.class_weights not in (None, "balanced"):
        return f"learning_rate_init={plan.learning_rate!r} * c[train].mean(),  # its mean loss is weighted"
    note = "" if factor == 1 else f"  # its loss is 1/{factor:g} of the one here"
    return f"learning_rate_init={plan.learning_rate * factor!r},{note}"


def _write_fit(plan: ScriptPlan) -> str:
    targets = _write_targets(plan, "train")
    if plan.class_weights is None:
        return f"model.fit(x[train], {targets})"
    return (
        "# sample_weight needs scikit-learn 1.7; the sum of the losses of a batch is divided by\n"
        "# that of their weights here, and by their number in gradstep\n"
        f"model.fit(x[train], {targets}, sample_weight=c[train])"
    )


def _write_activation(plan: ScriptPlan) -> str:
    activation = plan.activations[0]
    name = find_code(activation, "sklearn_name", LIBRARY)
    note = "" if activation.is_in_sklearn else f"  # it has no {activation.name}, which was trained"
    return f'activation="{name}",{note}'


def _write_outputs(plan: ScriptPlan) -> list[str]:
    """Return the lines that compute y_hat (rows, outputs) of the scaled inputs of new rows; of two classes both."""
    cast = ["inputs = inputs.astype(np.float32)"] if plan.run.network.dtype == "float32" else []
    if plan.run.trainer.classification:
        return [*cast, "y_hat = model.predict_proba(inputs)"]
    return [*cast, "y_hat = model.predict(inputs).reshape(len(inputs), -1)"]


def _write_score(plan: ScriptPlan) -> str:
    if plan.run.trainer.classification:
        # log_loss divides by the sum of the weights
        lines = (
            ["loss = log_loss(y[rows], model.predict_proba(x[rows]), labels=model.classes_)"]
            if plan.class_weights is None
            else [
                "p, w = model.predict_proba(x[rows]), c[rows]",
                "loss = log_loss(y[rows], p, labels=model.classes_, sample_weight=w) * w.mean()",
            ]
        )
        return (
            "def score(rows):\n"
            '    """Return the mean loss of these rows, and the share of them that is right."""\n'
            f"{indent_lines(chr(10).join(lines))}\n"
            "    return loss, model.score(x[rows], y[rows])"
        )
    outputs = plan.run.network.sizes[-1]
    loss = plan.loss
    assert isinstance(loss, SquaredError)
    coefficient = loss.coefficient(outputs) * outputs
    factor = "" if coefficient == 1 else f" * {coefficient!r}"
    return (
        "def score(rows):\n"
        '    """Return the mean loss of these rows, as gradstep measures it."""\n'
        f"    return ((model.predict(x[rows]) - {_write_targets(plan, 'rows')}) ** 2).mean(){factor}"
    )
