"""Writes a script that trains the same network with PyTorch."""

from gradstep.core.network.activations import Step
from gradstep.core.network.loss import LossOfLogits
from gradstep.data.script.data_blocks import (
    write_class_weights,
    write_hits,
    write_imports,
    write_loading,
    write_scaling,
    write_targets,
)
from gradstep.data.script.new_rows import write_both_classes, write_prediction
from gradstep.data.script.plan import ScriptPlan, find_code, find_initializer_code
from gradstep.data.script.python_text import (
    indent_lines,
    join_blocks,
    write_array,
    write_docstring,
    write_function,
    write_list,
)
from gradstep.data.script.training_loop import (
    write_duration,
    write_epochs,
    write_last_scores,
    write_progress,
    write_rates,
)

LIBRARY = "PyTorch"

STEP_MODULE = """class Step(nn.Module):
    \"\"\"1 if z ≥ 0, else 0. Its gradient is 0 everywhere.\"\"\"

    def forward(self, z):
        return (z >= 0).to(z.dtype) + 0 * z"""


def write_pytorch_script(plan: ScriptPlan) -> str:
    """Return the script; raises GradstepError for an operation without code for PyTorch."""
    loss = _write_loss(plan)
    return join_blocks(
        [
            write_docstring(
                f"{plan.title}, in PyTorch.",
                f"It begins with the weights that gradstep begins with, and makes the same steps.{plan.needs}",
            ),
            *write_imports(
                plan,
                "import torch",
                *(["import torch.nn.functional as F"] if "F." in loss else []),
                "from torch import nn",
            ),
            "\n".join([*write_duration(plan), f"LEARNING_RATE = {plan.learning_rate!r}", *write_rates(plan)]),
            f"torch.set_default_dtype(torch.{plan.run.network.dtype})",
            write_loading(plan),
            *write_scaling(plan),
            *write_class_weights(plan),
            _write_tensors(plan),
            *([STEP_MODULE] if any(isinstance(each, Step) for each in plan.activations) else []),
            _write_model(plan),
            _write_start(plan),
            _write_optimizer(plan),
            loss,
            _write_score(plan),
            _write_training(plan),
            write_last_scores(plan),
            *write_prediction(plan, _write_outputs(plan), "@torch.no_grad()"),
        ]
    )


def _reads_logits(plan: ScriptPlan) -> bool:
    return isinstance(plan.loss, LossOfLogits)


def _write_tensors(plan: ScriptPlan) -> str:
    dtype = plan.run.network.dtype
    weights = [] if plan.class_weights is None else ["c = torch.tensor(c)"]
    targets = f"y = torch.tensor({write_targets(plan)}, dtype=torch.{dtype})"
    return "\n".join([f"x = torch.tensor(x, dtype=torch.{dtype})", targets, *weights])


def _write_model(plan: ScriptPlan) -> str:
    network = plan.run.network
    modules = []
    for layer, activation in zip(network.layers, plan.activations, strict=True):
        modules.append(f"nn.Linear({layer.inputs}, {layer.units})")
        modules.append(find_code(activation, "pytorch_code", LIBRARY))
    if _reads_logits(plan) or plan.activations[-1].is_identity:
        del modules[-1]
    note = ["# it gives logits: the loss has the softmax or the sigmoid in it"] if _reads_logits(plan) else []
    if len(modules) == 1:
        return "\n".join([*note, f"model = {modules[0]}"])
    return "\n".join([*note, "model = nn.Sequential(", *(f"    {module}," for module in modules), ")"])


def _write_start(plan: ScriptPlan) -> str:
    settings = plan.run.experiment.network
    lines = ["layers = [module for module in model.modules() if isinstance(module, nn.Linear)]"]
    if plan.has_given_weights:
        names = [name for name in plan.arrays if name.startswith("weights")]
        given = [write_array(plan.arrays[name]) if plan.is_inline else f'data["{name}"]' for name in names]
        lines += [
            "# the first weights, with the biases as the last column",
            write_list("weights", given),
            "for layer, w in zip(layers, weights):",
            "    layer.weight.data = torch.tensor(w[:, :-1], dtype=x.dtype)",
            "    layer.bias.data = torch.tensor(w[:, -1], dtype=x.dtype)",
        ]
    else:
        *before, last = find_initializer_code(settings.init, LIBRARY).split("\n")
        lines += [
            f"# {settings.init}: each layer from the same random numbers as in gradstep; biases start at 0",
            f"rng = np.random.default_rng([{settings.seed}, 3])",
            "for layer in layers:",
            "    units, inputs = layer.weight.shape",
            *(f"    {line}" for line in before),
            f"    w = {last}",
            "    layer.weight.data = torch.tensor(w, dtype=x.dtype)",
            "    nn.init.zeros_(layer.bias)",
        ]
    if not settings.train_biases:
        lines.append("    layer.bias.requires_grad = False")
    return "\n".join(lines)


def _write_optimizer(plan: ScriptPlan) -> str:
    optimizer = plan.run.trainer.optimizer
    name, *arguments = find_code(optimizer, "pytorch_code", LIBRARY)
    parameters = ["model.parameters()", "lr=LEARNING_RATE", *arguments]
    line = f"optimizer = torch.optim.{name}({', '.join(parameters)})"
    if len(line) <= 88:
        return line
    return f"optimizer = torch.optim.{name}(\n    {', '.join(parameters)}\n)"


def _write_loss(plan: ScriptPlan) -> str:
    output = "z" if _reads_logits(plan) else "y_hat"
    if plan.class_weights is None:
        code = find_code(plan.loss, "pytorch_code", LIBRARY)
        return write_function(f"mean_loss({output}, y)", f"The mean over the rows of {plan.loss.formula}.", code)
    # not every loss of PyTorch takes weights, and those that do differ in what they divide by
    code = f"e = {find_code(plan.loss, 'pytorch_rows_code', LIBRARY)}\n(c * e).mean()"
    return write_function(
        f"mean_loss({output}, y, c)", f"The mean over the rows of c·E, where E = {plan.loss.formula}", code
    )


def _write_call_of_loss(plan: ScriptPlan, output: str) -> str:
    return f"mean_loss({output}, y[rows]{'' if plan.class_weights is None else ', c[rows]'})"


def _write_score(plan: ScriptPlan) -> str:
    classification = plan.run.trainer.classification
    words = ", and the share of them that is right" if classification else ""
    output = "z" if _reads_logits(plan) else "y_hat"
    loss = _write_call_of_loss(plan, output)
    body = [
        "@torch.no_grad()",
        "def score(rows):",
        f'    """Return the mean loss of these rows{words}."""',
        f"    {output} = model(x[rows])",
    ]
    if classification:
        if _reads_logits(plan) and plan.run.network.sizes[-1] > 1:
            right = "z.argmax(dim=1) == y[rows].argmax(dim=1)"
        else:
            body += ["    y_hat = torch.sigmoid(z)"] if _reads_logits(plan) else []
            right = write_hits(plan, "y[rows]", "dim=1")
        body += [
            f"    right = ({right}).double().mean()",
            f"    return {loss}.item(), right.item()",
        ]
    else:
        body.append(f"    return {loss}.item()")
    return "\n".join(body)


def _write_outputs(plan: ScriptPlan) -> list[str]:
    """Return the lines that compute y_hat (rows, outputs) of the scaled inputs of new rows."""
    lines = ["y_hat = model(torch.tensor(inputs, dtype=x.dtype))"]
    if _reads_logits(plan):
        lines += [
            "y_hat = torch.sigmoid(y_hat)" if plan.activations[-1].is_elementwise else "y_hat = y_hat.softmax(dim=1)"
        ]
    return [*lines, "y_hat = y_hat.numpy()", *write_both_classes(plan)]


def _write_training(plan: ScriptPlan) -> str:
    training = plan.run.experiment.training
    counts = not plan.ends_with_an_epoch or len(plan.rates) > 1
    step = [
        *(
            [
                "for group in optimizer.param_groups:",
                '    group["lr"] = NEW_RATES.get(updates, group["lr"])',
            ]
            if len(plan.rates) > 1
            else []
        ),
        *(["updates += 1"] if counts else []),
        "optimizer.zero_grad()",
        f"loss = {_write_call_of_loss(plan, 'model(x[rows])')}",
        *([f"loss += {training.l1!r} * sum(layer.weight.abs().sum() for layer in layers)"] if training.l1 else []),
        *([f"loss += {training.l2!r} / 2 * sum((layer.weight**2).sum() for layer in layers)"] if training.l2 else []),
        "loss.backward()",
        "optimizer.step()",
    ]
    return "\n".join([*write_epochs(plan, step, counts), indent_lines(write_progress(plan))])
