"""How well each class is predicted: precision, recall and F1."""

from dataclasses import dataclass

from gradstep.core.network.arrays import Indices


@dataclass(frozen=True, slots=True)
class ClassScore:
    """The scores of one class; None where they divide by 0.

    `precision` is the share of the class among the rows that were predicted as it, `recall` the share of its rows that
    were predicted right, and `f1` their harmonic mean.
    """

    precision: float | None
    recall: float | None
    f1: float | None


def measure_classes(confusion: Indices) -> tuple[ClassScore, ...]:
    """Return the scores of every class, for counts of rows (target, predicted)."""
    right = confusion.diagonal().tolist()
    predicted, targets = confusion.sum(axis=0).tolist(), confusion.sum(axis=1).tolist()
    return tuple(
        ClassScore(_divide(hits, said), _divide(hits, rows), _divide(2 * hits, said + rows))
        for hits, said, rows in zip(right, predicted, targets, strict=True)
    )


def _divide(part: int, whole: int) -> float | None:
    return part / whole if whole else None
