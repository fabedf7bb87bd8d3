"""The blocks of a script that go through epochs and batches, and print the scores."""

from collections.abc import Sequence

from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.python_text import indent_lines, write_list


def write_duration(plan: ScriptPlan) -> list[str]:
    """Return the settings that say how long the training is, and how large a batch."""
    lines = [f"EPOCHS = {plan.epochs}"]
    if not plan.ends_with_an_epoch:
        lines.append(f"STEPS = {plan.steps}  # they end in the last epoch")
    if not plan.is_full_batch:
        lines.append(f"BATCH_SIZE = {plan.run.trainer.batch_size}")
    return lines


def write_rates(plan: ScriptPlan) -> list[str]:
    """Return the table of the learning rates that a person set during the run; nothing where it stayed."""
    later = [f"{step}: {rate!r}" for step, rate in plan.rates.items() if step]
    note = "# the learning rate was changed after so many steps"
    return [note, write_list("NEW_RATES", later, "{}")] if later else []


def write_epochs(plan: ScriptPlan, step: Sequence[str], counts: bool) -> list[str]:
    """Return the loop over epochs and batches, with the lines of one step on `rows`; `counts` numbers the steps."""
    training = plan.run.experiment.training
    lines = [
        *([f"shuffle = np.random.default_rng({plan.run.experiment.data.seed})"] if training.shuffle else []),
        *(["updates = 0"] if counts else []),
        "for epoch in range(1, EPOCHS + 1):",
    ]
    if plan.is_full_batch:
        rows = "shuffle.permutation(train)" if training.shuffle else "train"
        return [*lines, f"    rows = {rows}", indent_lines("\n".join(step))]
    starts = "range(0, len(train), BATCH_SIZE)"
    return [
        *lines,
        *(["    order = shuffle.permutation(train)"] if training.shuffle else []),
        f"    for start in {starts}:" if plan.ends_with_an_epoch else f"    for start in {starts}[: STEPS - updates]:",
        f"        rows = {'order' if training.shuffle else 'train'}[start : start + BATCH_SIZE]",
        indent_lines("\n".join(step), 2),
    ]


def write_progress(plan: ScriptPlan) -> str:
    """Return the lines that print the training loss after some of the epochs."""
    loss = "score(train)[0]" if plan.run.trainer.classification else "score(train)"
    line = f'print(f"epoch {{epoch}}: loss {{{loss}:.6f}}")'
    each = plan.epochs_between_lines
    return line if each == 1 else f"if epoch % {each} == 0:\n    {line}"


def write_last_scores(plan: ScriptPlan) -> str:
    """Return the lines that print the scores on each part with all their digits."""
    scores, text = "loss", "loss {loss}"
    if plan.run.trainer.classification:
        scores, text = "loss, accuracy", "loss {loss}, accuracy {accuracy}"
    if not plan.held_out:
        return f'{scores} = score(train)\nprint(f"train: {text}")'
    parts = ", ".join(f'("{name}", {name})' for name in ("train", *plan.held_out))
    return f'for name, rows in [{parts}]:\n    {scores} = score(rows)\n    print(f"{{name}}: {text}")'
