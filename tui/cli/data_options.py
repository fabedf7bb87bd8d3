"""The types of the options that say what is learnt, and how its file is read. Each sets the field with its name."""

from typing import Annotated

from typer import Option

from gradstep.tui.cli.completions import complete_features, complete_field, complete_source

DATA = "Data"
"""The heading of the help."""

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
