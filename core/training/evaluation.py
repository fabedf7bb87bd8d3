"""Scores of a network on the parts of the data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """How the network does on one part: mean loss (data term alone), and the share of right answers."""

    loss: float
    accuracy: float | None
    rows: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores on both parts after `step` updates; `test` is None where nothing is held out."""

    step: int
    train: Score
    test: Score | None
