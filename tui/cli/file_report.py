"""What was found out about a file, as lines of text."""

from gradstep.data.dataset import Dataset


def describe_file(dataset: Dataset) -> list[str]:
    """Return what was decided about a file, and what should be known before training."""
    labels = ("file", "columns")
    lines = [f"{label:<10}{line}" for label, line in zip(labels, dataset.decided, strict=False)]
    return [*lines, *(f"warning   {line}" for line in dataset.warnings)]
