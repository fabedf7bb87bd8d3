"""The blocks of a script that read the data, split and scale them."""

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import RawInputs
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.python_text import WIDTH, write_array, write_list, write_string
from gradstep.data.split import Scaling

WORDS_OF_SCALING = {
    "standard": "mean 0 and standard deviation 1 on the training part",
    "minmax": "from 0 to 1 on the training part",
}


def write_numpy_imports(plan: ScriptPlan, *more: str) -> list[str]:
    """Import numpy and `more`, and pathlib for a file beside the script."""
    paths = [] if plan.is_inline or plan.data_file.is_absolute() else ["from pathlib import Path"]
    return [*paths, "\n".join(["import numpy as np", *more])]


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
    rows = values[plan.run.split.train_rows]
    words = f"# {name}: {WORDS_OF_SCALING[scaling.kind]}"
    if scaling.kind == "standard" and _is_same(scaling, rows.mean(axis=0), rows.std(axis=0)):
        if rows.std(axis=0).all():
            return f"{words}\n{name} = ({name} - {name}[train].mean(axis=0)) / {name}[train].std(axis=0)"
        return (
            f"{words}\n# a constant column is only shifted\n"
            f"spread = {name}[train].std(axis=0)\n"
            f"{name} = ({name} - {name}[train].mean(axis=0)) / np.where(spread == 0, 1, spread)"
        )
    for axis in ("axis=0", ""):
        low, high = (np.asarray(limit(axis=0 if axis else None), np.float64) for limit in (rows.min, rows.max))
        if scaling.kind == "minmax" and _is_same(scaling, low, high - low):
            line = f"low, high = {name}[train].min({axis}), {name}[train].max({axis})"
            if (high > low).all():
                return f"{words}\n{line}\n{name} = ({name} - low) / (high - low)"
            return (
                f"{words}\n# a constant column is only shifted\n{line}\n"
                f"{name} = ({name} - low) / np.where(high == low, 1, high - low)"
            )
    return (
        f"{words}\nshift = {write_array(scaling.shift)}\nscale = {write_array(scaling.scale)}\n"
        f"{name} = ({name} - shift) / scale"
    )


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
