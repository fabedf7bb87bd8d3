"""The update phase: the gradients of the examples are averaged, and the optimizer changes every parameter.

The micro-steps are, for each layer, `mean`; `penalty` with l1 or l2; the optimizer's memory, if it has one, under the
optimizer's name; and `new`.
"""

from gradstep.core.equation import write_equation
from gradstep.core.ledger.backward import example_gradient
from gradstep.core.ledger.forward import inputs_matrix, parameters_matrix
from gradstep.core.ledger.micro_step import Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.ledger.output_delta import delta_matrix
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import exact, factor, fold_sum, number
from gradstep.core.training.update import LayerUpdate, Update


def update_steps(update: Update) -> list[MicroStep]:
    """For each layer: the mean over the batch, the l1/l2 term, the optimizer's own terms, and old − change = new."""
    steps = []
    for layer_number in range(1, len(update.layers) + 1):
        steps.append(_average(update, layer_number))
        if update.l1 or update.l2:
            steps.append(_penalty(update, layer_number))
        if update.layers[layer_number - 1].memory:
            steps.append(_optimizer(update, layer_number))
        steps.append(_new_parameters(update, layer_number))
    return steps


def _matrix(name: str, values: Floats, layer_number: int) -> Matrix:
    return Matrix(
        f"{name}W{layer_number}|{name}b{layer_number}",
        values,
        Axis("neuron", layer_number),
        Axis("weight", layer_number),
    )


def _mean_gradient(layer_number: int, layer: LayerUpdate) -> Matrix:
    """g, the mean of ∂E/∂w over the batch."""
    return _matrix("g ", layer.data_gradient, layer_number)


def _gradient_with_penalty(update: Update, layer_number: int) -> Matrix:
    """g with the l1/l2 term if there is one."""
    terms = "".join(f"+{name}" for name, share in (("l2", update.l2), ("l1", update.l1)) if share)
    return _matrix(f"g{terms} ", update.layers[layer_number - 1].gradient, layer_number)


ALL_FROM_OLD = "Every gradient was computed with the old weights, before any weight changes."

ALONG_G = "moves along g, not against it: earlier gradients outweigh this one"

FROZEN = "the biases are frozen in this experiment"


def _average(update: Update, layer_number: int) -> MicroStep:
    layer = update.layers[layer_number - 1]

    def at(focus: Focus) -> WrittenOut:
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        each, result = example_gradient(layer, j, k), float(layer.data_gradient[j, k])
        gradients = fold_sum(each.tolist(), focus.example)

        def write_term(index: int) -> str:
            return number(each[index])

        def write() -> str:
            own = gradients.write(write_term) if layer.is_summed else gradients.write_divided(write_term, update.batch)
            return f"g = {own}" if layer.left_over is None else f"g = {own} + {factor(layer.left_over[j, k])}"

        return WrittenOut(write_equation(write, result).lines("  "), result)

    inputs = inputs_matrix(layer_number, layer)
    becomes, divided = "=" if layer.left_over is None else "+=", "" if layer.is_summed else " / N"
    return MicroStep(
        key=f"mean {layer_number}",
        phase="update",
        layer=layer_number,
        title=f"layer {layer_number}: the mean over the batch",
        formula="g = 1/N Σ ∂E/∂w",
        code=f"g {becomes} delta{layer_number}.T @ {inputs.name}{divided}",
        words=f"The update uses the mean of the examples' gradients. {ALL_FROM_OLD}"
        if update.passes_old_weights and layer.left_over is None
        else "The update uses the mean of the examples' gradients.",
        reads=(delta_matrix(update, layer_number), inputs),
        writes=(_mean_gradient(layer_number, layer),),
        at=at,
    )


def _penalty(update: Update, layer_number: int) -> MicroStep:
    layer = update.layers[layer_number - 1]

    def at(focus: Focus) -> WrittenOut:
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        g, w, result = layer.data_gradient[j, k], layer.old[j, k], float(layer.gradient[j, k])
        if k == layer.inputs.shape[1]:
            if not update.train_biases:
                return WrittenOut((FROZEN, f"g = {exact(result)}"), result)
            return WrittenOut(("a bias has no l1/l2 term", f"g = {exact(result)}"), result)

        def write() -> str:
            terms = [f"{number(update.l2)}·{factor(w)}"] if update.l2 else []
            terms += [f"{number(update.l1)}·sign({number(w)})"] if update.l1 else []
            return f"g = {' + '.join([number(g), *terms])}"

        return WrittenOut(write_equation(write, result).lines("  "), result)

    terms = " + ".join([*(["l2·w"] if update.l2 else []), *(["l1·sign(w)"] if update.l1 else [])])
    return MicroStep(
        key=f"penalty {layer_number}",
        phase="update",
        layer=layer_number,
        title=f"layer {layer_number}: the gradient of the l1/l2 term",
        formula=f"g ← g + {terms}",
        code="g = g + " + terms.replace("·", " * ").replace("sign", "np.sign"),
        words="The gradient of the l1/l2 term is added: it pulls every weight towards 0, and leaves the biases alone.",
        reads=(_mean_gradient(layer_number, layer), parameters_matrix(layer_number, layer)),
        writes=(_gradient_with_penalty(update, layer_number),),
        at=at,
    )


def _optimizer(update: Update, layer_number: int) -> MicroStep:
    layer, optimizer = update.layers[layer_number - 1], update.optimizer

    def at(focus: Focus) -> WrittenOut:
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        before, after = _entry(layer.memory_before, j, k), _entry(layer.memory, j, k)
        g, updates = float(layer.gradient[j, k]), update.optimizer_updates
        (*lines, _), result = optimizer.write_memory(g, before, after, updates)
        equation = write_equation(lambda: optimizer.write_memory(g, before, after, updates)[0][-1], result)
        frozen = [FROZEN] if k == layer.inputs.shape[1] and not update.train_biases else []
        return WrittenOut((*frozen, *lines, *equation.lines("  ")), result)

    return MicroStep(
        key=f"{optimizer.name} {layer_number}",
        phase="update",
        layer=layer_number,
        title=f"layer {layer_number}: what {optimizer.name} remembers",
        formula=optimizer.memory_formula,
        code=f"change = {optimizer.name}(g)",
        words=optimizer.words,
        reads=(_gradient_with_penalty(update, layer_number),),
        writes=tuple(
            _matrix(f"{optimizer.symbols.get(name, name)} ", values, layer_number)
            for name, values in layer.memory.items()
        ),
        at=at,
    )


def _entry(memory: dict[str, Floats], neuron: int, weight: int) -> dict[str, float]:
    """The optimizer's memory of one weight, by name."""
    return {name: float(values[neuron, weight]) for name, values in memory.items()}


def _new_parameters(update: Update, layer_number: int) -> MicroStep:
    layer, optimizer = update.layers[layer_number - 1], update.optimizer

    def at(focus: Focus) -> WrittenOut:
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        old, change, result = layer.old[j, k], layer.change[j, k], float(layer.new[j, k])
        name = "b" if k == layer.inputs.shape[1] else "w"
        if name == "b" and not update.train_biases:
            return WrittenOut((FROZEN, f"b = {exact(result)}"), result)
        memory = _entry(layer.memory, j, k)

        def write() -> str:
            direction = optimizer.write_direction(float(layer.gradient[j, k]), memory, update.optimizer_updates)
            return (
                f"{name} = {number(old)} − {number(update.learning_rate)}·{direction}\n"
                f"  = {number(old)} − {factor(change)}"
            )

        lines = write_equation(write, result).lines("  ")
        along = [f"{name} {ALONG_G}"] if layer.memory and layer.gradient[j, k] * change < 0 else []
        frozen = [] if update.train_biases else [f"nothing is subtracted from b: {FROZEN}"]
        return WrittenOut((*lines, *along, *frozen), result, answer=len(lines) - 1)

    return MicroStep(
        key=f"new {layer_number}",
        phase="update",
        layer=layer_number,
        title=f"layer {layer_number}: old − {optimizer.change_formula} = new",
        formula=optimizer.step_formula,
        code=f"W{layer_number} -= {optimizer.change_code}",
        words="Plain descent subtracts α·g: choose the optimizer sgd to see it. "
        f"{optimizer.name} subtracts α times what it makes of g and of earlier gradients."
        if layer.memory
        else "The gradient points in the direction in which the loss grows fastest, so each weight moves against it.",
        reads=(
            parameters_matrix(layer_number, layer),
            _matrix(f"{optimizer.change_formula} ", layer.change, layer_number),
        ),
        writes=(_matrix("new ", layer.new, layer_number),),
        at=at,
    )
