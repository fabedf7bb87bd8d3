"""The types of the options of `gradstep train` but those of the data: network, training, its end, what is written.

Most of them set the field of the experiment with their name. Each stands in the help under the heading that its panel
names.
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from gradstep.tui.cli.completions import complete_batch_size, complete_field, complete_source

NETWORK, TRAINING, STOPPING, OUTPUT = "Network", "Training", "Stopping", "What is printed and written"
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
