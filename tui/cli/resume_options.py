"""The types of the options of `gradstep resume`: what a run can go on with."""

from typing import Annotated

from typer import Option

Data = Annotated[
    str | None,
    Option(metavar="PATH", help="The file with the data of the run, if it was moved and is not found by itself."),
]

Optimizer = Annotated[str | None, Option(help="Go on with this optimizer.")]

LearningRate = Annotated[float | None, Option(help="Go on with this learning rate.")]

BatchSize = Annotated[str | None, Option(metavar="N|full", help="Go on with so many examples per step.")]

L1 = Annotated[float | None, Option(help="Go on with this factor of l1·Σ|w|.")]

L2 = Annotated[float | None, Option(help="Go on with this factor of (l2 / 2)·Σw².")]

TargetLoss = Annotated[float | None, Option(help="Stop after an epoch with at most this loss.")]

TargetAccuracy = Annotated[float | None, Option(help="Stop after an epoch with at least this accuracy, 0 to 1.")]

Patience = Annotated[int | None, Option(metavar="N", help="Stop after N epochs without a new lowest loss.")]

MaxEpochs = Annotated[int | None, Option(help="Stop after so many passes in all, the earlier ones counted.")]

MaxSteps = Annotated[int | None, Option(help="Stop after so many steps in all, the earlier ones counted.")]
