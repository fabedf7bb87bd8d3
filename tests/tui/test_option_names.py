"""Messages name what was typed: an option, and not the field that it sets."""

import pytest

from gradstep.tui.cli.option_names import name_options


@pytest.mark.parametrize(
    ("arguments", "message", "said"),
    [
        (
            "--hidden 4,0",
            "network.hidden[1] = 0: network.hidden must be a list",
            "--hidden 4,0: 0 is wrong; must be a list",
        ),
        ("--features x9", 'data.features[0] = "x9": must be "x1"', '--features x9: "x9" is wrong; must be "x1"'),
        ("--l1=-1", "training.l1 = -1.0: must be from 0", "--l1 -1: must be from 0"),
        ("--data 'b", 'data.name = "\'b": must be "iris"', "--data ''\"'\"'b': must be \"iris\""),
        (
            "--seed 1 --test-fraction .6 --validation-fraction .5",
            "data.test_fraction = 0.6 and data.validation_fraction = 0.5: leave nothing",
            "--test-fraction .6 and --validation-fraction .5: leave nothing",
        ),
        (
            "--transposed a.csv",
            "data.transposed = true: only images, and a.csv",
            "--transposed: only images, and a.csv",
        ),
        ("--no-train-biases", "network.train_biases = false: not here", "--no-train-biases: not here"),
        ("--from a.npz --hidden 3", "network.hidden = [3]: leave network.hidden out", "--hidden 3: leave --hidden out"),
        # what is in a file has its name there
        ("e.toml --l2 1", "network.hidden[0] = 0: network.hidden must", "network.hidden[0] = 0: network.hidden must"),
        ("--path x", "mydata.path = 3 and data.csv, training.csv", "mydata.path = 3 and data.csv, training.csv"),
    ],
)
def test_an_option_that_was_typed_is_named(arguments: str, message: str, said: str) -> None:
    assert name_options(message, ["train", *arguments.split()]) == said
