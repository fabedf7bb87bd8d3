"""How many examples vote in a step, and what kind of descent that is, in words."""

from typing import Literal

from gradstep.tui.numbers import format_count

BatchSize = int | Literal["full"]


def describe_votes(batch_size: BatchSize, rows: int) -> list[str]:
    """Return how many of so many training rows a step looks at, the longest form first."""
    if rows == 1:
        return ["each step: the only example", "a step: the only one"]
    if batch_size == "full" or batch_size >= rows:
        return [
            f"each step: the mean of all {format_count(rows)} examples",
            f"a step: the mean of all {format_count(rows)}",
        ]
    count, rest = format_count(batch_size), rows % batch_size
    whole = "1 example" if batch_size == 1 else f"the mean of {count} examples"
    last = [f"each step: {whole} of {format_count(rows)}; the last one of an epoch: {rest}"] if rest else []
    short = "1" if batch_size == 1 else f"the mean of {count}"
    return [*last, f"each step: {whole} of {format_count(rows)}", f"a step: {short} of {format_count(rows)}"]


def name_descent(batch_size: BatchSize, rows: int) -> str:
    """Return the name of the descent with batches of this size."""
    if batch_size == "full" or batch_size >= rows:
        return "batch"
    return "stochastic" if batch_size == 1 else "mini-batch"


def describe_descent(batch_size: BatchSize, rows: int) -> str:
    """Return what the size of the batches does to the steps: what is so by construction."""
    return {
        "stochastic": "Stochastic descent: each step follows one example alone, so the steps are noisy.",
        "mini-batch": "Mini-batch descent: each step follows the mean of some examples, so the steps are less noisy.",
        "batch": "Batch descent: each step follows the mean of all examples, so the steps have no noise.",
    }[name_descent(batch_size, rows)]


def count_updates(batch_size: BatchSize, rows: int) -> int:
    """Return the number of updates of an epoch."""
    return 1 if batch_size == "full" else -(-rows // min(batch_size, rows))


def describe_cost(batch_size: BatchSize, rows: int) -> str:
    """Return what an epoch costs: its updates, and the examples that each of them computes."""
    size = rows if batch_size == "full" else min(batch_size, rows)
    updates = count_updates(batch_size, rows)
    of = "1 example" if size == 1 else f"{'up to ' if rows % size else ''}{format_count(size)} examples"
    return f"An epoch costs {'1 update' if updates == 1 else f'{format_count(updates)} updates'} of {of}."
