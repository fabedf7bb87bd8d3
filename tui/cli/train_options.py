"""The types of the options of `gradstep train`; most of them set the field of the experiment with their name."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

ExperimentFile = Annotated[
    Path | None, Argument(metavar="FILE", help="An experiment file (TOML).", show_default="digits")
]

Data = Annotated[
    str | None,
    Option(metavar="NAME|PATH", help="A built-in data set, a CSV or NPZ file, or a folder with MNIST's files."),
]

Noise = Annotated[float | None, Option(help="Noise of a generated built-in set, 0 to 0.5.")]

Target = Annotated[
    str | None,
    Option(metavar="NAME|N", help="The CSV column to learn: its name, or its number from 1; by default the last."),
]

Task = Annotated[str | None, Option(help="What to learn from a file: auto, classification, regression.")]

Drop = Annotated[
    str | None, Option(metavar="COL,COL", help="Columns of the file that are left out, by name or number.")
]

Columns = Annotated[
    str | None,
    Option(metavar="COL,COL", help="The columns of the file that are inputs; by default all but the target."),
]

Categories = Annotated[
    str | None, Option(metavar="COL,COL", help="Columns of the file that hold words, even if they look like numbers.")
]

Missing = Annotated[
    str | None,
    Option(
        metavar="HOW",
        help="Missing values: refuse, drop (leave their rows out), mean (fill it in), own-category; by default refuse.",
    ),
]

Dates = Annotated[
    str | None,
    Option(metavar="HOW", help="Dates: refuse, number (of days), parts (year, month, day); by default refuse."),
]

Header = Annotated[
    str | None, Option(metavar="YES|NO", help="Whether the first line of the file names the columns: yes, no, auto.")
]

Delimiter = Annotated[
    str | None,
    Option(metavar="CHAR", help="What separates values: a character, or comma, semicolon, tab, pipe, spaces; or auto."),
]

Transposed = Annotated[bool | None, Option(help="Turn images over their diagonal, as those of EMNIST need it.")]

Decimal = Annotated[str | None, Option(metavar=".|,|auto", help="The decimal mark in the file; found by default.")]

TestFraction = Annotated[float | None, Option(help="Share of the rows held out for testing.")]

Features = Annotated[
    str | None,
    Option(
        metavar="F,F", help='What is read of two inputs: x1, x2, x1^2, x2^2, x1*x2, sin x1, sin x2, as in "x1^2,x2^2".'
    ),
]

Scale = Annotated[str | None, Option(help="How inputs are scaled: auto, none, standard, minmax.")]

Hidden = Annotated[
    str | None,
    Option(metavar="N,N", help="Neurons per hidden layer, as in 16,16; or none; by default what suits the data."),
]

Activation = Annotated[
    str | None,
    Option(
        help="step, linear, sigmoid, tanh, relu, leaky_relu; one per hidden layer as in relu,tanh; by default what "
        "suits the data."
    ),
]

Output = Annotated[str | None, Option(help="softmax, or one of the above; by default what suits the data.")]

Init = Annotated[
    str | None,
    Option(help="How the weights start: uniform, normal, xavier, he, zeros; by default what suits the data."),
]

Start = Annotated[
    str | None,
    Option(
        "--from",
        "--start",
        metavar="FILE",
        help="Begin with the weights of a model file, or of a PyTorch Sequential of Linear layers (safetensors).",
    ),
]

Dtype = Annotated[str | None, Option(help="Precision: float64, float32.")]

TrainBiases = Annotated[bool | None, Option(help="Train the biases, or keep their first values.")]

Loss = Annotated[
    str | None, Option(help="cross_entropy, binary_cross_entropy, mse, half_sse; by default what suits the data.")
]

Optimizer = Annotated[
    str | None, Option(help="sgd, momentum, nesterov, rmsprop, adam; by default what suits the data.")
]

LearningRate = Annotated[
    float | None,
    Option(help="How far one step goes against the gradient; by default what suits the optimizer and the data."),
]

BatchSize = Annotated[str | None, Option(metavar="N|full", help="Examples per step; full: all of them.")]

L1 = Annotated[float | None, Option(help="Adds l1·Σ|w| to the loss.")]

L2 = Annotated[float | None, Option(help="Adds (l2 / 2)·Σw² to the loss.")]

Shuffle = Annotated[bool | None, Option(help="Shuffle the examples in every epoch, or keep their order.")]

TargetLoss = Annotated[float | None, Option(help="Stop after an epoch with at most this loss on the test part.")]

TargetAccuracy = Annotated[
    float | None, Option(help="Stop after an epoch with at least this accuracy, 0 to 1, on the test part.")
]

Patience = Annotated[
    int | None, Option(metavar="N", help="Stop after N epochs without a new lowest loss on the test part.")
]

MaxEpochs = Annotated[int | None, Option(help="Stop after this many passes over the training part.")]

MaxSteps = Annotated[int | None, Option(help="Stop after this many steps.")]

Seed = Annotated[int | None, Option(help="Every seed: of the data, the first weights and the shuffling.")]

Plain = Annotated[bool, Option("--plain", help="Print lines of text, at full speed, instead of drawing a screen.")]

SummaryFile = Annotated[Path | None, Option(metavar="FILE", help="Write the figures of the whole run as JSON.")]

LogFile = Annotated[
    Path | None,
    Option("--log", metavar="FILE", help="Append the history to a .csv or .jsonl file while the run trains."),
]
