"""What is said of the batch is true of its size."""

import pytest

from gradstep.tui.drawing.batch_words import count_updates, describe_cost, describe_votes, name_descent
from gradstep.tui.screens.training.gradients import GradientsPanel
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled


@pytest.mark.parametrize(
    ("size", "rows", "votes", "name", "cost"),
    [
        (32, 1438, "each step: the mean of 32 examples of 1,438", "mini-batch", "45 updates of up to 32 examples"),
        (32, 64, "each step: the mean of 32 examples of 64", "mini-batch", "2 updates of 32 examples"),
        (1, 1438, "each step: 1 example of 1,438", "stochastic", "1,438 updates of 1 example"),
        ("full", 1438, "each step: the mean of all 1,438 examples", "batch", "1 update of 1,438 examples"),
        ("full", 1, "each step: the only example", "batch", "1 update of 1 example"),
        (32, 20, "each step: the mean of all 20 examples", "batch", "1 update of 20 examples"),
    ],
)
def test_the_words_fit_the_numbers(size: int, rows: int, votes: str, name: str, cost: str) -> None:
    assert votes in describe_votes(size, rows)
    assert name_descent(size, rows) == name
    assert count_updates(size, rows) == int(cost.split()[0].replace(",", ""))
    assert describe_cost(size, rows) == f"An epoch costs {cost}."
    last = [form for form in describe_votes(size, rows) if "the last one" in form]
    assert last == ([f"{votes}; the last one of an epoch: 30"] if (size, rows) == (32, 1438) else [])


@pytest.mark.parametrize(
    ("batch_size", "votes"), [(32, "32 of 1,438"), (1, "1 example of 1,438"), ("full", "all 1,438")]
)
def test_the_training_screen_says_how_many_examples_vote_in_a_step(batch_size: int, votes: str) -> None:
    run = assembled("digits", batch_size=batch_size)
    view = TrainingSession(run, None, True).view
    first = [GradientsPanel(id="gradients").lines(view, *size)[0].text for size in ((39, 11), (59, 17), (90, 30))]
    assert first[0].endswith(votes)
    assert first[2].startswith("each step: ")
