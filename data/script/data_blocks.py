"""The blocks of a script that read the data, split and scale them."""

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import RawInputs
from gradstep.data.script.new_rows import import_for_rows
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.python_text import WIDTH, write_array, write_list, write_string
from gradstep.data.split import Scaling

WORDS_OF_SCALING = {
    "standard": "mean 0 and standard deviation 1 on the training part",
    "minmax": "from 0 to 1 on the training part",
}


def write_imports(plan: ScriptPlan, *more: str) -> list[str]:
    """Import numpy and `more`, pathlib for a file beside the script, and what new rows are read with."""
    paths = [] if plan.is_inline or plan.data_file.is_absolute() else ["from pathlib import Path"]
    own = [*import_for_rows(plan), *paths]
    return [*(["\n".join(own)] if own else []), "\n".join(["import numpy as np", *more])]


def write_loading(plan: ScriptPlan) -> str:
    """Read x and y, and the indices of the parts."""
    names = [name for name in plan.arrays if not name.startswith("weights")]
    if plan.is_inline:
        lines = [f"{name} = {write_array(plan.arrays[name])}" for name in names]
    else:
        lines = [_write_opening(plan), *(_read(plan, name) for name in names)]
    if not plan.held_out:
        lines.append("train = np.arange(len(x))  # nothing is held out")
    return "\n".join([*_describe_arrays(plan), *lines])


def _write_opening(plan: ScriptPlan) -> str:
    name = write_string(str(plan.data_file))
    if not plan.data_file.is_absolute():
        name = f"Path(__file__).with_name({name})"
    line = f"data = np.load({name})"
    return line if len(line) <= WIDTH else f"data = np.load(\n    {name}\n)"


def _read(plan: ScriptPlan, name: str) -> str:
    # bytes would wrap around below 0
    cast = ".astype(float)" if name == "x" and plan.arrays[name].dtype != np.float64 else ""
    return f'{name} = data["{name}"]{cast}'


def _describe_arrays(plan: ScriptPlan) -> list[str]:
    rows, inputs = plan.arrays["x"].shape
    targets = "the class of each row, from 0" if plan.run.dataset.labels is not None else "the targets"
    lines = [f"# x ({rows}, {inputs}) are the inputs, y {targets}"]
    parts = ", ".join(["train", *plan.held_out])
    return [*lines, f"# {parts} are the row numbers of the parts"] if plan.held_out else lines


def write_scaling(plan: ScriptPlan) -> list[str]:
    """Scale x, and the targets of a regression where they are scaled; nothing for data that are read as they are."""
    run = plan.run
    blocks = [_write_scaling_of(plan, "x", plan.arrays["x"], run.split.scaling)]
    if run.dataset.targets is not None:
        blocks.append(_write_scaling_of(plan, "y", run.dataset.targets, run.split.target_scaling))
    return [block for block in blocks if block]


def _write_scaling_of(plan: ScriptPlan, name: str, values: RawInputs, scaling: Scaling) -> str:
    if scaling.kind == "none":
        return ""
    fit = _write_fit(scaling, values[plan.run.split.train_rows], name)
    words = f"# {name}: {WORDS_OF_SCALING[scaling.kind]}"
    return "\n".join([words, *fit, f"{name} = ({name} - {name}_shift) / {name}_scale"])


def _write_fit(scaling: Scaling, rows: RawInputs, name: str) -> list[str]:
    """Return the lines that find shift and scale from the training rows."""
    shift, scale, train = f"{name}_shift", f"{name}_scale", f"{name}[train]"
    found = []
    if scaling.kind == "standard":
        found.append((rows.mean(axis=0), rows.std(axis=0), f"{train}.mean(axis=0), {train}.std(axis=0)"))
    else:
        for axis in (0, None):
            low, high = (np.asarray(limit(axis=axis), np.float64) for limit in (rows.min, rows.max))
            code = f"{train}.min(axis={axis}), np.ptp({train}, axis={axis})"
            found.append((low, high - low, code.replace("(axis=None)", "()").replace(", axis=None", "")))
    for low, spread, code in found:
        if _is_same(scaling, low, spread):
            lines = [f"{shift}, {scale} = {code}"]
            if not np.all(spread):
                lines.append(f"{scale} = np.where({scale} == 0, 1, {scale})  # a constant column is only shifted")
            return lines
    return [f"{shift} = {write_array(scaling.shift)}", f"{scale} = {write_array(scaling.scale)}"]


def _is_same(scaling: Scaling, shift: Floats, spread: Floats) -> bool:
    """Whether a scaling is that of this shift and spread, with a spread of 1 for constant columns."""
    return bool((scaling.shift == shift).all() and (scaling.scale == np.where(spread == 0, 1.0, spread)).all())


def write_class_weights(plan: ScriptPlan) -> list[str]:
    """Give c, the weight of the class of each row, from y as it was loaded; nothing without class weights."""
    if plan.class_weights is None:
        return []
    cast = ".astype(np.float32)" if plan.run.network.dtype == "float32" else ""
    words = ["# what the loss of an example is multiplied by, for each class"]
    if plan.run.experiment.training.class_weights == "balanced":
        words.append("# balanced: N / (K n) for a class of n of the N rows of train, in K classes")
    weights = write_list("CLASS_WEIGHTS", [repr(weight) for weight in plan.class_weights.tolist()])
    return ["\n".join([*words, weights, f"c = np.array(CLASS_WEIGHTS)[y]{cast}  # of each row"])]


def write_targets(plan: ScriptPlan) -> str:
    """Return the code of the targets (rows, outputs) as the network is to give them, from y as it was loaded."""
    run = plan.run
    if run.dataset.labels is None:
        return "y"
    outputs = run.network.sizes[-1]
    ones = f"np.eye({outputs})[y]" if outputs > 1 else "np.eye(2)[y, 1:]"
    # the threshold of a single column, and what a column gives for another class, are set by the output's range
    low = 2 * run.split.threshold - 1
    return ones if low == 0 else f"np.where({ones} == 1, 1.0, {low})"


def write_hits(plan: ScriptPlan, y: str, axis: str) -> str:
    """Return the code of which answers are right, from y_hat and the targets, whose code is `y`."""
    if plan.run.network.sizes[-1] == 1:
        threshold = plan.run.split.threshold
        return f"(y_hat > {threshold}) == ({y} > {threshold})"
    return f"y_hat.argmax({axis}) == {y}.argmax({axis})"
