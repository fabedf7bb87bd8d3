"""What each contest of the race is called, and what its lanes teach, in words."""

from dataclasses import dataclass

from gradstep.core.network.activations import Linear
from gradstep.core.training.race import LaneStanding
from gradstep.data.race_setup import Contest
from gradstep.data.run import Run
from gradstep.tui.drawing.batch_words import describe_cost, describe_descent, name_descent
from gradstep.tui.numbers import format_count, format_number, typeset_minus
from gradstep.tui.session.race_loop import RaceView


@dataclass(frozen=True, slots=True)
class ContestWords:
    """The titles of a contest, the longest first, and the head of the column that tells its lanes apart."""

    titles: tuple[str, ...]
    column: str


SIZE = "n"
"""How the number of hidden neurons is called where it stands for that of every lane."""

WORDS: dict[Contest, ContestWords] = {
    "rates": ContestWords(("Learning-rate race", "Rate race", "Race"), "rate"),
    "batches": ContestWords(("Batch-size race", "Race"), "batch"),
    "sizes": ContestWords(("Race of network sizes", "Size race", "Race"), f"{SIZE} neurons"),
}


def name_lane(view: RaceView, standing: LaneStanding) -> str:
    """Return the learning rate, the batch size or the number of neurons of a lane, with what it is."""
    label = typeset_minus(standing.label)
    if view.contest == "sizes":
        return f"{label} neuron" if label == "1" else f"{label} neurons"
    return f"{'rate' if view.contest == 'rates' else 'batch size'} {label}"


def write_label(view: RaceView, index: int, wide: bool) -> str:
    """Return how a lane is called in the table, in a wide one a batch size with the name of its descent."""
    label = typeset_minus(view.standings[index].label)
    return f"{label} {name_descent(*find_batch(view, index))}" if wide and view.contest == "batches" else label


def find_batch(view: RaceView, index: int) -> tuple[int, int]:
    """Return the batch size of a lane, and the number of training rows."""
    return view.runs[index].trainer.batch_size, view.rows


def list_headlines(view: RaceView) -> list[str]:
    """Return the x axis of the plot of losses, and what is the same for all lanes, the longest form first."""
    if view.contest == "rates":
        loss = format_number(view.start_loss, 0)
        return [
            f"a smoothed line for each learning rate, over the steps · all began with the same weights: loss {loss}",
            f"over the steps · all began at {loss}",
            "over the steps",
        ]
    if view.contest == "sizes":
        line = "a line for each number of neurons in one hidden layer, over the steps"
        return [f"{line} · the same data, seed and training", line, "over the steps"]
    line = "a smoothed line for each batch size, over the examples seen, as many for all"
    return [
        f"{line} · {format_count(view.rows)} are an epoch",
        "over the examples seen, as many for all",
        "over the examples seen",
    ]


def list_lessons(view: RaceView) -> list[str]:
    """Return what the chosen lane teaches, in sentences; none between learning rates."""
    if view.contest == "batches":
        batch = find_batch(view, view.chosen)
        seconds = view.standings[view.chosen].seconds_per_epoch
        measured = [] if seconds is None else [f"One took {format_seconds(seconds)} seconds here, as a mean."]
        return [describe_descent(*batch), " ".join([describe_cost(*batch), *measured])]
    return [describe_approximation(view.runs[view.chosen])] if view.contest == "sizes" else []


def format_seconds(seconds: float | None) -> str:
    """Write a measured time to the hundredth of a millisecond; nothing if there is none."""
    return "" if seconds is None else f"{seconds:.5f}"


def describe_approximation(run: Run) -> str:
    """Say what a network with one hidden layer of this kind can come close to, whatever its training does.

    The theorem holds for every activation but polynomials (Leshno, Lin, Pinkus and Schocken 1993).
    """
    hidden, output = run.network.layers[0].activation, run.network.layers[-1].activation
    if isinstance(hidden, Linear):
        return "Linear neurons add up to one linear function, however many there are."
    reach = "" if isinstance(output, Linear) else f" with values in the output's range ({output.range})"
    where = "an interval with both its ends" if run.network.sizes[0] == 1 else "a closed, bounded region"
    return (
        "With enough neurons, a network with one hidden layer can come as close as one likes to any continuous "
        f"function on {where}{reach}. Whether training finds the way there is another matter."
    )
