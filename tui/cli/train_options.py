"""The types of the options of `gradstep train`; most of them set the field of the experiment with their name.

Each stands in the help under the heading that its panel names.
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from gradstep.tui.cli.completions import (
    complete_batch_size,
    complete_features,
    complete_field,
    complete_source,
)

DATA, NETWORK, TRAINING, STOPPING, OUTPUT = "Data", "Network", "Training", "Stopping", "What is printed and written"
"""The headings of the help."""

SUITS_DATA = "what suits the data"

ExperimentFile = Annotated[
    Path | None,
    Argument(
        metavar="FILE",
        help="An experiment file (TOML), a data file or folder, or a built-in data set.",
        show_default="digits",
        autocompletion=complete_source,
    ),
]

Data = Annotated[
    str | None,
    Option(
        metavar="NAME|PATH",
        help="A built-in data set, a CSV or NPZ file, or a folder with MNIST's files.",
        rich_help_panel=DATA,
        autocompletion=complete_source,
    ),
]

Noise = Annotated[
    float | None,
    Option(help="Noise of a generated built-in set, 0 to 0.5.", rich_help_panel=DATA, show_default="0"),
]

Target = Annotated[
    str | None,
    Option(
        metavar="NAME|N",
        help="The CSV column to learn: its name, or its number from 1.",
        rich_help_panel=DATA,
        show_default="the last",
    ),
]

Task = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="What to learn from a file: auto, classification, regression.",
        rich_help_panel=DATA,
        show_default="auto",
        autocompletion=complete_field("task"),
    ),
]

Drop = Annotated[
    str | None,
    Option(
        metavar="COL,COL",
        help="Columns of the file that are left out, by name or number.",
        rich_help_panel=DATA,
        show_default="none",
    ),
]

Columns = Annotated[
    str | None,
    Option(
        metavar="COL,COL",
        help="The columns of the file that are inputs.",
        rich_help_panel=DATA,
        show_default="all but the target",
    ),
]

Categories = Annotated[
    str | None,
    Option(
        metavar="COL,COL",
        help="Columns of the file that hold words, even if they look like numbers.",
        rich_help_panel=DATA,
        show_default="none",
    ),
]

Missing = Annotated[
    str | None,
    Option(
        metavar="HOW",
        help="Missing values: refuse, drop (leave their rows out), mean (fill it in), own-category.",
        rich_help_panel=DATA,
        show_default="refuse",
        autocompletion=complete_field("missing"),
    ),
]

Dates = Annotated[
    str | None,
    Option(
        metavar="HOW",
        help="Dates: refuse, number (of days), parts (year, month, day).",
        rich_help_panel=DATA,
        show_default="refuse",
        autocompletion=complete_field("dates"),
    ),
]

Header = Annotated[
    str | None,
    Option(
        metavar="YES|NO",
        help="Whether the first line of the file names the columns: yes, no, auto.",
        rich_help_panel=DATA,
        show_default="auto",
        autocompletion=complete_field("header"),
    ),
]

Delimiter = Annotated[
    str | None,
    Option(
        metavar="CHAR",
        help="What separates values: a character, or comma, semicolon, tab, pipe, spaces; or auto.",
        rich_help_panel=DATA,
        show_default="auto",
    ),
]

Transposed = Annotated[
    bool | None,
    Option(
        help="Turn images over their diagonal, as those of EMNIST need it.",
        rich_help_panel=DATA,
        show_default="they stay as they are",
    ),
]

Decimal = Annotated[
    str | None,
    Option(
        metavar=".|,|auto",
        help="The decimal mark in the file.",
        rich_help_panel=DATA,
        show_default="auto",
        autocompletion=complete_field("decimal"),
    ),
]

TestFraction = Annotated[
    float | None, Option(help="Share of the rows held out for testing.", rich_help_panel=DATA, show_default="0.2")
]

ValidationFraction = Annotated[
    float | None,
    Option(
        help="Share of the rows held out to decide by: when to stop and which weights are best.",
        rich_help_panel=DATA,
        show_default="what suits the data and how the run is to end",
    ),
]

Stratify = Annotated[
    bool | None,
    Option(
        help="Give each part the same share of every class, or draw the rows whatever their class.",
        rich_help_panel=DATA,
        show_default="what suits the data",
    ),
]

Features = Annotated[
    str | None,
    Option(
        metavar="F,F",
        help='What is read of two inputs: x1, x2, x1^2, x2^2, x1*x2, sin x1, sin x2, as in "x1^2,x2^2".',
        rich_help_panel=DATA,
        show_default="x1,x2",
        autocompletion=complete_features,
    ),
]

Scale = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="How inputs are scaled: auto, none, standard, minmax.",
        rich_help_panel=DATA,
        show_default="auto",
        autocompletion=complete_field("scale"),
    ),
]

Hidden = Annotated[
    str | None,
    Option(
        metavar="N,N",
        help="Neurons per hidden layer, as in 16,16; or none.",
        rich_help_panel=NETWORK,
        show_default=SUITS_DATA,
    ),
]

Activation = Annotated[
    str | None,
    Option(
        metavar="NAME,NAME",
        help="step, linear, sigmoid, tanh, relu, leaky_relu; one per hidden layer as in relu,tanh.",
        rich_help_panel=NETWORK,
        show_default=SUITS_DATA,
        autocompletion=complete_field("activation", is_list=True),
    ),
]

Output = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="softmax, or one of the above.",
        rich_help_panel=NETWORK,
        show_default=SUITS_DATA,
        autocompletion=complete_field("output"),
    ),
]

Init = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="How the weights start: uniform, normal, xavier, he, zeros.",
        rich_help_panel=NETWORK,
        show_default=SUITS_DATA,
        autocompletion=complete_field("init"),
    ),
]

Start = Annotated[
    str | None,
    Option(
        "--from",
        "--start",
        metavar="FILE",
        help="Begin with the weights of a model file, or of a PyTorch Sequential of Linear layers (safetensors).",
        rich_help_panel=NETWORK,
    ),
]

Dtype = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="Precision: float64, float32.",
        rich_help_panel=NETWORK,
        show_default="float64",
        autocompletion=complete_field("dtype"),
    ),
]

TrainBiases = Annotated[
    bool | None,
    Option(
        help="Train the biases, or keep their first values.", rich_help_panel=NETWORK, show_default="they are trained"
    ),
]

Loss = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="cross_entropy, binary_cross_entropy, mse, half_sse.",
        rich_help_panel=TRAINING,
        show_default=SUITS_DATA,
        autocompletion=complete_field("loss"),
    ),
]

Optimizer = Annotated[
    str | None,
    Option(
        metavar="NAME",
        help="sgd, momentum, nesterov, rmsprop, adam.",
        rich_help_panel=TRAINING,
        show_default=SUITS_DATA,
        autocompletion=complete_field("optimizer"),
    ),
]

LearningRate = Annotated[
    float | None,
    Option(
        help="How far one step goes against the gradient.",
        rich_help_panel=TRAINING,
        show_default="what suits the optimizer and the data",
    ),
]

BatchSize = Annotated[
    str | None,
    Option(
        metavar="N|full",
        help="Examples per step; full: all of them.",
        rich_help_panel=TRAINING,
        show_default=SUITS_DATA,
        autocompletion=complete_batch_size,
    ),
]

L1 = Annotated[float | None, Option(help="Adds l1·Σ|w| to the loss.", rich_help_panel=TRAINING, show_default="0")]

L2 = Annotated[float | None, Option(help="Adds (l2 / 2)·Σw² to the loss.", rich_help_panel=TRAINING, show_default="0")]

ClassWeights = Annotated[
    str | None,
    Option(
        metavar="balanced|N,N",
        help="How much an example of each class counts; balanced: all classes alike, however rare.",
        rich_help_panel=TRAINING,
        show_default="all alike",
    ),
]

Shuffle = Annotated[
    bool | None,
    Option(
        help="Shuffle the examples in every epoch, or keep their order.",
        rich_help_panel=TRAINING,
        show_default="they are shuffled",
    ),
]

Seed = Annotated[
    int | None,
    Option(
        help="Every seed: of the data, the first weights and the shuffling.",
        rich_help_panel=TRAINING,
        show_default="0",
    ),
]

TargetLoss = Annotated[
    float | None,
    Option(help="Stop after an epoch with at most this loss on the validation part.", rich_help_panel=STOPPING),
]

TargetAccuracy = Annotated[
    float | None,
    Option(
        help="Stop after an epoch with at least this accuracy, 0 to 1, on the validation part.",
        rich_help_panel=STOPPING,
    ),
]

Patience = Annotated[
    int | None,
    Option(
        metavar="N",
        help="Stop after N epochs without a new lowest loss on the validation part, and go back to the best weights.",
        rich_help_panel=STOPPING,
    ),
]

MaxEpochs = Annotated[
    int | None,
    Option(
        help="Stop after this many passes over the training part.",
        rich_help_panel=STOPPING,
        show_default="what suits the data; none with --max-steps alone",
    ),
]

MaxSteps = Annotated[int | None, Option(help="Stop after this many steps.", rich_help_panel=STOPPING)]

Plain = Annotated[
    bool,
    Option("--plain", help="Print lines of text, at full speed, instead of drawing a screen.", rich_help_panel=OUTPUT),
]

SummaryFile = Annotated[
    Path | None,
    Option(metavar="FILE", help="Write the figures of the whole run as JSON.", rich_help_panel=OUTPUT),
]

LogFile = Annotated[
    Path | None,
    Option(
        "--log",
        metavar="FILE",
        help="Append the history to a .csv or .jsonl file while the run trains.",
        rich_help_panel=OUTPUT,
    ),
]
