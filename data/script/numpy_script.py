"""Writes a script that trains with numpy alone, with backpropagation written out."""

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

LIBRARY = "numpy"


def write_numpy_script(plan: ScriptPlan) -> str:
    """Return the script; raises GradstepError for an operation without numpy code."""
    return join_blocks(
        [
            write_docstring(
                f"{plan.title}, in plain numpy.",
                f"It comes to the numbers that gradstep comes to.{plan.needs}",
                "An example is a column here, as in the formulas z = W a, δ = W₊ᵀ δ₊ · f′(z) and ∂L/∂W = δ aᵀ. The "
                "biases are the last column of W, and what they are multiplied by is 1, the last row of a.",
            ),
            *write_imports(plan),
            _write_settings(plan),
            write_loading(plan),
            *write_scaling(plan),
            *write_class_weights(plan),
            _write_arrays(plan),
            _write_start(plan),
            *_write_activations(plan),
            *_write_forward(plan),
            *_write_backward(plan),
            _write_loss(plan),
            _write_output_delta(plan),
            _write_score(plan),
            _write_training(plan),
            write_last_scores(plan),
            *write_prediction(plan, _write_outputs(plan)),
        ]
    )


def _write_settings(plan: ScriptPlan) -> str:
    sizes = write_list("SIZES", [str(size) for size in plan.run.network.sizes], "()")
    lines = [sizes, *write_duration(plan), f"learning_rate = {plan.learning_rate!r}", *write_rates(plan)]
    overflows = [each.numpy_overflow for each in dict.fromkeys(plan.activations) if each.numpy_overflow]
    if overflows:
        lines.append(f'np.seterr(over="ignore")  # {"; ".join(overflows)}')
    return "\n".join(lines)


def _write_arrays(plan: ScriptPlan) -> str:
    """Bring x and y into the form that the network reads."""
    cast = ".astype(np.float32)" if plan.run.network.dtype == "float32" else ""
    return (
        "# a last column of ones for the biases; the targets are columns\n"
        f"x = np.column_stack([x, np.ones(len(x))]){cast}\ny = {write_targets(plan)}.T{cast}"
    )


def _write_start(plan: ScriptPlan) -> str:
    cast = ".astype(np.float32)" if plan.run.network.dtype == "float32" else ""
    if plan.has_given_weights:
        names = [name for name in plan.arrays if name.startswith("weights")]
        if plan.is_inline:
            return write_list("weights", [f"{write_array(plan.arrays[name])}{cast}" for name in names])
        return write_list("weights", [f'data["{name}"]' for name in names])
    init = plan.run.experiment.network.init
    *lines, last = find_initializer_code(init, LIBRARY).split("\n")
    inside = [*lines, f"w = {last}", f"weights.append(np.column_stack([w, np.zeros(units)]){cast})"]
    return "\n".join(
        [
            f"# {init}: each layer from the same random numbers as in gradstep; biases start at 0",
            f"rng = np.random.default_rng([{plan.run.experiment.network.seed}, 3])",
            "weights = []",
            "for inputs, units in zip(SIZES[:-1], SIZES[1:]):",
            indent_lines("\n".join(inside)),
        ]
    )


def _write_activations(plan: ScriptPlan) -> list[str]:
    """Define f of every layer, and f′ where the backward pass needs it."""
    *hidden, output = plan.activations
    slopes = {*hidden}
    if not isinstance(plan.loss, LossOfLogits) and not output.is_identity:
        slopes.add(output)
    blocks = []
    for activation in dict.fromkeys([*hidden, output]):
        code = find_code(activation, "numpy_code", LIBRARY)
        blocks.append(write_function(f"{activation.name}(z)", f"f(z) = {activation.formula}", code))
        if activation in slopes and activation.is_elementwise:
            slope = find_code(activation, "slope_code", LIBRARY)
            docstring = f"f′(z) = {activation.derivative_formula}"
            blocks.append(write_function(f"{activation.name}_slope(z, a)", docstring, slope))
    return blocks


def _hidden_layers_differ(plan: ScriptPlan) -> bool:
    return len({*plan.activations[:-1]}) > 1


def _write_forward(plan: ScriptPlan) -> list[str]:
    *hidden, output = plan.activations
    lines = ["def forward(x):", '    """Return z and the inputs a of every layer, and the outputs ŷ."""']
    if not hidden:
        lines += [
            "    inputs = x.T",
            "    z = weights[0] @ inputs",
            f"    return [z], [inputs], {output.name}(z)",
        ]
        return ["\n".join(lines)]
    lines.append("    zs, inputs = [], [x.T]")
    functions = []
    if _hidden_layers_differ(plan):
        functions = [write_list("HIDDEN", [each.name for each in hidden])]
        lines.append("    for W, f in zip(weights, HIDDEN):")
        activation = "f"
    else:
        lines.append("    for W in weights[:-1]:")
        activation = hidden[0].name
    lines += [
        "        z = W @ inputs[-1]",
        "        zs.append(z)",
        f"        inputs.append(np.vstack([{activation}(z), np.ones_like(z[:1])]))",
        "    z = weights[-1] @ inputs[-1]",
        f"    return [*zs, z], inputs, {output.name}(z)",
    ]
    return [*functions, "\n".join(lines)]


def _write_loss(plan: ScriptPlan) -> str:
    loss = plan.loss
    code = find_code(loss, "numpy_code", LIBRARY)
    return write_function(
        "losses(z, y_hat, y)", f"The loss of each example{_without_weights(plan)}, {loss.formula}", code
    )


def _write_output_delta(plan: ScriptPlan) -> str:
    loss, output = plan.loss, plan.activations[-1]
    gradient = loss.gradient_code if isinstance(loss, LossOfLogits) else find_code(loss, "gradient_code", LIBRARY)
    if isinstance(loss, LossOfLogits) or output.is_identity:
        code = gradient
    elif output.is_elementwise:
        code = f"gradient = {gradient}\ngradient * {output.name}_slope(z, y_hat)"
    else:
        code = f"gradient = {gradient}\n(gradient - (gradient * y_hat).sum(axis=0)) * y_hat"
    words = f"δ = ∂L/∂z of the output, where L is the mean loss of n examples{_without_weights(plan)}"
    return write_function("output_delta(z, y_hat, y)", words, f"n = y.shape[1]\n{code}")


def _without_weights(plan: ScriptPlan) -> str:
    return "" if plan.class_weights is None else " without c"


def _write_backward(plan: ScriptPlan) -> list[str]:
    *hidden, _ = plan.activations
    lines = [
        "def backward(zs, inputs, delta):",
        '    """Return ∂L/∂W of every layer, from δ of the output back to the first layer."""',
    ]
    if not hidden:
        return ["\n".join([*lines, "    return [delta @ inputs[0].T]"])]
    slope, slopes = f"{hidden[0].name}_slope", []
    if _hidden_layers_differ(plan):
        slope, slopes = "SLOPES[i]", [write_list("SLOPES", [f"{each.name}_slope" for each in hidden])]
    lines += [
        "    gradients = [delta @ inputs[-1].T]",
        "    for i in reversed(range(len(weights) - 1)):",
        "        a = inputs[i + 1][:-1]",
        f"        delta = (weights[i + 1].T @ delta)[:-1] * {slope}(zs[i], a)",
        "        gradients.insert(0, delta @ inputs[i].T)",
        "    return gradients",
    ]
    return [*slopes, "\n".join(lines)]


def _write_score(plan: ScriptPlan) -> str:
    classification = plan.run.trainer.classification
    words = ", and the share of them that is right" if classification else ""
    loss = "losses(zs[-1], y_hat, y[:, rows])"
    if plan.class_weights is not None:
        loss = f"(c[rows] * {loss})"
    body = [
        f'"""Return the mean loss of these rows{words}."""',
        "zs, _, y_hat = forward(x[rows])",
        f"loss = {loss}.mean()",
    ]
    if classification:
        body += [f"right = {write_hits(plan, 'y[:, rows]', 'axis=0')}", "return loss, right.mean()"]
    else:
        body.append("return loss")
    return "def score(rows):\n" + indent_lines("\n".join(body))


def _write_outputs(plan: ScriptPlan) -> list[str]:
    """Return the lines that compute y_hat (rows, outputs) of the scaled inputs of new rows."""
    cast = ".astype(np.float32)" if plan.run.network.dtype == "float32" else ""
    return [
        f"inputs = np.column_stack([inputs, np.ones(len(inputs))]){cast}",
        "y_hat = forward(inputs)[-1].T",
        *write_both_classes(plan),
    ]


def _write_training(plan: ScriptPlan) -> str:
    run = plan.run
    optimizer, training = run.trainer.optimizer, run.experiment.training
    update = find_code(optimizer, "numpy_code", LIBRARY)
    counts = not plan.ends_with_an_epoch or len(plan.rates) > 1 or "updates" in update
    delta = "output_delta(zs[-1], y_hat, y[:, rows])"
    if plan.class_weights is not None:
        delta = f"c[rows] * {delta}"
    step = [
        *(["learning_rate = NEW_RATES.get(updates, learning_rate)"] if len(plan.rates) > 1 else []),
        *(["updates += 1"] if counts else []),
        "zs, inputs, y_hat = forward(x[rows])",
        f"delta = {delta}",
        "for i, g in enumerate(backward(zs, inputs, delta)):",
        *([f"    g[:, :-1] += {training.l2!r} * weights[i][:, :-1]"] if training.l2 else []),
        *([f"    g[:, :-1] += {training.l1!r} * np.sign(weights[i][:, :-1])"] if training.l1 else []),
        *([] if run.experiment.network.train_biases else ["    g[:, -1] = 0  # the biases stay as they are"]),
        indent_lines(update),
    ]
    lines = [
        *(f"{name} = [np.zeros_like(W) for W in weights]" for name in optimizer.remembers),
        *write_epochs(plan, step, counts),
        indent_lines(write_progress(plan)),
    ]
    return "\n".join(lines)
