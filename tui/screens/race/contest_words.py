"""What each contest of the race is called, and what its lanes teach, in words."""

from dataclasses import dataclass

from gradstep.core.training.race import LaneStanding
from gradstep.data.race_contest import Contest
from gradstep.data.run import Run
from gradstep.tui.drawing.batch_words import count_updates, describe_cost, describe_descent, name_descent
from gradstep.tui.numbers import format_chosen, format_count, format_number, typeset_minus
from gradstep.tui.session.race_loop import RaceView


@dataclass(frozen=True, slots=True)
class ContestWords:
    """The titles of a contest, the longest first, and the head of the column that tells its lanes apart."""

    titles: tuple[str, ...]
    column: str


CLEARLY = 1.1
"""A loss is clearly above another from so many times it on."""

SIZE = "n"
"""How the number of hidden neurons is called where it stands for that of every lane."""

WORDS: dict[Contest, ContestWords] = {
    "rates": ContestWords(("Learning-rate race", "Rate race", "Race"), "rate"),
    "batches": ContestWords(("Batch-size race", "Race"), "batch"),
    "sizes": ContestWords(("Race of network sizes", "Size race", "Race"), f"{SIZE} neurons"),
    "initializers": ContestWords(("Race of initializers", "Race"), "first weights"),
}

LANES: dict[Contest, str] = {"rates": "rate", "batches": "batch size", "initializers": "first weights"}
"""What stands before the name of a lane."""

YOURS = " · yours"
"""Stands after the name of the lane that goes on as the run would, in a table with room."""

INITIALIZERS_IN_WORDS = {
    "uniform": "Each weight is drawn between −½ and ½, however many inputs a neuron has.",
    "normal": "Each weight is drawn with a spread of 1: with many inputs the sums z are large, and sigmoid and tanh "
    "saturate from the start.",
    "xavier": "The more inputs and neurons a layer has, the smaller its first weights. Made for tanh and sigmoid.",
    "he": "The more inputs a neuron has, the smaller its first weights. Made for relu.",
    "zeros": "All weights begin at 0: the neurons of a hidden layer get the same gradient, and stay alike.",
}
"""What each initializer does, in a sentence or two."""

SHORT_INITIALIZERS = {
    "uniform": "Each weight is drawn between −½ and ½.",
    "normal": "Each weight is drawn with a spread of 1: with many inputs the sums z are large.",
    "xavier": "The more inputs and neurons a layer has, the smaller its first weights.",
    "he": "The more inputs a neuron has, the smaller its first weights.",
    "zeros": "All weights begin at 0: the neurons of a hidden layer stay alike.",
}
"""The same in a line."""


def name_lane(view: RaceView, standing: LaneStanding) -> str:
    """Return what tells a lane from the others, with what it is."""
    label = typeset_minus(standing.label)
    if view.contest == "sizes":
        return f"{label} neuron" if label == "1" else f"{label} neurons"
    return f"{LANES[view.contest]} {label}"


def write_label(view: RaceView, index: int, wide: bool, run: Run) -> str:
    """Return how a lane is called in the table, in a wide one with the name of its descent, and whether it is `run`."""
    label = typeset_minus(view.standings[index].label)
    if not wide:
        return label
    descent = f" {name_descent(*find_batch(view, index))}" if view.contest == "batches" else ""
    return label + descent + (YOURS if is_own(view, index, run) else "")


def find_batch(view: RaceView, index: int) -> tuple[int, int]:
    """Return the batch size of a lane, and the number of training rows."""
    return view.runs[index].trainer.batch_size, view.rows


def list_headlines(view: RaceView) -> list[str]:
    """Return the x axis of the plot of losses, and what is the same for all lanes, the longest form first."""
    if view.contest == "rates":
        loss = format_number(view.start_loss, 0)
        return [
            f"{name_line(view)} for each learning rate, over the steps · all began with the same weights: loss {loss}",
            f"over the steps · all began at {loss}",
            "over the steps",
        ]
    if view.contest == "sizes":
        line = "a line for each number of neurons in one hidden layer, over the steps"
        return [f"{line} · the same data, seed and training", line, "over the steps"]
    if view.contest == "initializers":
        line = "a line for each way to draw the first weights, over the steps"
        return [f"{line} · the same data, network, seed and training", line, "over the steps"]
    return _list_batch_headlines(view)


def name_line(view: RaceView) -> str:
    """Return what a lane has on the plot. Where all batches are the whole training part nothing is smoothed."""
    return "a smoothed line" if is_smoothed(view) else "a line"


def is_smoothed(view: RaceView) -> bool:
    """Whether the losses of any lane are means over its newest points."""
    return any(standing.is_smoothed for standing in view.standings)


def _list_batch_headlines(view: RaceView) -> list[str]:
    """The same between batch sizes: the examples seen, the one rate of all lanes, and whether it is too large for one.

    What holds at this moment alone comes before what always holds.
    """
    seen, epoch = "over the examples seen", f"{format_count(view.rows)} are an epoch"
    rate = f"rate {format_chosen(view.runs[0].trainer.learning_rate)}"
    if _is_too_fast_for_one(view):
        return [
            f"{seen} · {epoch} · all at {rate}: one example at a time needs a smaller rate",
            f"{seen} · all at {rate}: one at a time needs a smaller rate",
            f"all at {rate}: too large for one at a time",
            f"{rate}: too large for one at a time",
            rate,
        ]
    line = f"{name_line(view)} for each batch size, {seen}"
    same = "the same number for every lane"
    return [
        f"{line}, {same} · {epoch} · all at {rate}",
        f"{line}, {same} · all at {rate}",
        f"{seen}, {same} · all at {rate}",
        f"{seen} · all at {rate}",
        f"{seen} · {rate}",
        seen,
    ]


def _is_too_fast_for_one(view: RaceView) -> bool:
    """Whether the lane of one example a step overshoots or diverges now, and another lane is below it."""
    lane = view.standings[0]
    losses = [each.loss for each in view.standings if each.loss is not None]
    lowest = lane.loss is not None and lane.verdict.kind != "diverged" and lane.loss <= min(losses)
    too_fast = lane.verdict.kind in ("overshoots", "diverging", "diverged")
    return too_fast and not lowest and find_batch(view, 0)[0] == 1


def list_lessons(view: RaceView) -> list[str]:
    """Return what the chosen lane teaches, in sentences; none between learning rates."""
    if view.contest == "batches":
        batch = find_batch(view, view.chosen)
        measured = _describe_seconds(view.standings[view.chosen].seconds_per_epoch, count_updates(*batch))
        return [describe_descent(*batch), " ".join([describe_cost(*batch), *measured])]
    if view.contest == "sizes":
        return [describe_approximation(view.runs[view.chosen]), *describe_reversal(view)]
    if view.contest == "initializers":
        return [INITIALIZERS_IN_WORDS[view.runs[view.chosen].experiment.network.init or ""]]
    return []


def list_first_lesson(view: RaceView) -> list[str]:
    """Return the sentence that stays where not all have room: what holds at this moment before what always holds."""
    lessons = list_lessons(view)
    return lessons[-1:] if view.contest == "sizes" else lessons[:1]


def list_short_lessons(view: RaceView) -> list[str]:
    """Return the same in a line, where there is such a form."""
    if view.contest == "initializers":
        return [SHORT_INITIALIZERS[view.runs[view.chosen].experiment.network.init or ""]]
    return []


def is_own(view: RaceView, index: int, run: Run) -> bool:
    """Whether a lane trains as this run would: with its rate, batch size and network, from weights drawn as its own."""
    lane = view.runs[index]
    if index != view.own_index or lane.trainer.learning_rate != run.trainer.learning_rate:
        return False
    if lane.trainer.options.batch_size != run.trainer.options.batch_size:
        return False
    drawn = view.contest in ("rates", "batches") or run.experiment.network.weights is None
    own, other = lane.experiment.network, run.experiment.network
    return drawn and (own.init, own.hidden, own.hidden_activations) == (
        other.init,
        other.hidden,
        other.hidden_activations,
    )


def _describe_seconds(seconds: float | None, updates: int) -> list[str]:
    """Say how long the fastest epoch took, and an update of it."""
    if seconds is None:
        return []
    each = f", {format_seconds(seconds / updates)} an update" if updates > 1 else ""
    return [f"The fastest epoch took {format_seconds(seconds)} seconds here{each}."]


def format_seconds(seconds: float | None) -> str:
    """Write a measured time to the hundredth of a millisecond; nothing if there is none."""
    return "" if seconds is None else f"{seconds:.5f}"


def describe_approximation(run: Run) -> str:
    """Say what a network with one hidden layer of this kind can come close to, whatever its training does.

    The theorem holds for every activation but polynomials (Leshno, Lin, Pinkus and Schocken 1993).
    """
    hidden, output = run.network.layers[0].activation, run.network.layers[-1].activation
    if not hidden.bends:
        return "Linear neurons add up to one linear function, however many there are."
    reach = "" if output.is_identity else f", if its values are ones that the output can have ({output.range})"
    what, where = ("curve", "x") if run.network.sizes[0] == 1 else ("function", "the inputs")
    return (
        f"With enough neurons, one hidden layer can follow any {what} without jumps as closely as one likes, over a "
        f"limited range of {where}{reach}. Whether training finds the way there is another matter."
    )


def describe_reversal(view: RaceView) -> list[str]:
    """Say of the first lane that is clearly higher than one with fewer neurons that it need not be; else nothing."""
    losses = [standing.loss for standing in view.standings]
    for index, loss in enumerate(losses):
        fewer = [other for other in range(index) if _is_clearly_above(loss, losses[other])]
        if fewer:
            more, less = (view.standings[lane].label for lane in (index, fewer[0]))
            return [
                f"{more} neurons can do all that {less} can; their higher loss so far comes from where they began and "
                "how they were trained."
            ]
    return []


def _is_clearly_above(loss: float | None, other: float | None) -> bool:
    return loss is not None and other is not None and loss > CLEARLY * other
