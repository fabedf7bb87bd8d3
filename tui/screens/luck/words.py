"""What the luck screen says of its networks, in words."""

from collections.abc import Sequence

from gradstep.core.observation.outcome import MEAN_GUESS, SHARES_GUESS
from gradstep.core.observation.population_verdict import MemberVerdict
from gradstep.data.luck_groups import starts_from_seed
from gradstep.tui.numbers import format_count, format_number, format_share, typeset_minus
from gradstep.tui.screen_keys import name_key
from gradstep.tui.session.luck_view import LuckView, count_in

EARLY = 0.1
"""Before this share of the steps no learning rate is called too small or too large."""

SAME = "Only the first weights differ: the data, the split and the order of the rows are the same."

ONE_NETWORK = "Nothing differs: zeros draws no numbers, so that all of them are one and the same network."
"""The same of an initializer that draws nothing."""

COLUMNS = {"seeds": "", "initializers": "initializer", "depths": "layers", "rates": "rate"}
"""What the groups of a variation are called at the head of their column."""


def name_measure(view: LuckView) -> str:
    """Return which loss the networks are compared by."""
    return f"{view.part_name} loss"


def describe_difference(view: LuckView) -> str:
    """Say what differs between the seeds."""
    drawn = view.run.experiment.network.init != "zeros" or not starts_from_seed(view.run)
    return SAME if drawn else ONE_NETWORK


def list_titles(view: LuckView) -> list[str]:
    """Return the title of the screen, the longest first."""
    starts = count_seeds(len(view.find_members(0)))
    match view.variation:
        case "seeds":
            others = f"{starts} beside yours" if view.own is not None else starts
            return [f"Luck: {others}", f"Luck: {starts}", "Luck"]
        case "initializers":
            return [f"Initializers, {starts} each", "Initializers", "Luck"]
        case "depths":
            return [f"Depths, {starts} each", "Depths", "Luck"]
        case "rates":
            return [f"Learning rates, {starts} each", "Learning rates", "Luck"]


def count_seeds(number: int) -> str:
    """Return a number of seeds with its noun."""
    return f"{format_count(number)} seed{'' if number == 1 else 's'}"


def name_member(view: LuckView, index: int) -> str:
    """Return the seed of a member as a sentence names it, between learning rates with its rate."""
    member = view.members[index]
    seed = "your start" if member.seed is None else f"seed {member.seed}"
    rate = f"rate {typeset_minus(view.groups[member.group].label)}, " if view.variation == "rates" else ""
    return rate + seed


def describe_counts(view: LuckView, members: Sequence[int]) -> list[str]:
    """Say how many of these members are better than a constant guess, are no better, and have diverged.

    The longest form comes first.
    """
    no_better, diverged = view.count_no_better(members), count_in(view.diverged, members)
    better = len(members) - no_better - diverged
    if not view.has_yardstick:
        return [f"{len(members) - diverged} have not diverged, {diverged} have."] * 2
    rest = f"{no_better} no better, {diverged} diverged."
    loss = f"loss {format_number(view.guess, 0)}"
    return [
        f"{better} better than a constant guess ({explain_guess(view)}: {loss}), {rest}",
        f"{better} better than a constant guess, {rest}",
    ]


def explain_guess(view: LuckView) -> str:
    """Say what a constant guess is."""
    return MEAN_GUESS if view.accuracies is None else SHARES_GUESS


def describe_progress(view: LuckView, members: Sequence[int]) -> str:
    """Say how many of these members are done."""
    if view.phase == "finished":
        return "All are done."
    stopped, diverged = count_in(view.stopped, members), count_in(view.diverged, members)
    training = len(members) - stopped - diverged
    if training == len(members):
        return "None is done yet."
    return f"{len(members) - training} are done, {training} not yet."


def describe_memory(view: LuckView) -> list[str]:
    """Say how many networks there are, where there is no memory for all; else nothing."""
    if len(view.members) == view.wanted:
        return []
    number = format_count(len(view.members))
    return [f"{number} networks instead of {view.wanted}, because of the memory that this size needs."]


def describe_own(view: LuckView) -> str:
    """Say how many of the others the run's own network is better than; empty where there is none."""
    own = view.own
    if own is None or view.variation != "seeds":
        return ""
    if view.diverged[own]:
        return "diverged"
    others = view.find_members(0)
    worse = sum(bool(view.diverged[index]) or not view.losses[index] <= view.losses[own] for index in others)
    return f"better than {worse} of {len(others)} other{'' if len(others) == 1 else 's'}"


def describe_choice(view: LuckView) -> list[str]:
    """Say what the keys do with the chosen network, the longest form first."""
    index = view.choices[view.chosen]
    if not view.has_living:
        return describe_failure(view)
    if index is None:
        forms = ["None of them has a finite loss, so that none can go on."]
        if len(view.choices) > 1:
            forms.insert(0, f"{forms[0]} {name_key('luck_up')} {name_key('luck_down')} choose others.")
    elif view.diverged[index]:
        forms = [f"It has diverged and cannot go on: {name_key('luck_up')} {name_key('luck_down')} choose another."]
    else:
        name, key = name_member(view, index), name_key("luck_pick")
        which = "its median network, " if view.variation in ("initializers", "depths") else ""
        on = f"{key} goes on with {which}{name}"
        stays = f"{name_key('luck_leave')} goes back to your run, which waits."
        forms = [f"{on}, which is then trained alone to the same step; {stays}", f"{on}.", f"{key}: {name}"]
    if view.phase == "finished" and not (view.diverged | view.stopped).all():
        forms = [f"{forms[0]} {name_key('luck_pause')} trains on, as far again.", *forms]
    return forms


def describe_failure(view: LuckView) -> list[str]:
    """Say what may help where no network has a finite loss."""
    leave, lower = name_key("luck_leave"), name_key("rate_down")
    smaller = "even smaller" if view.variation == "rates" else "smaller"
    none = "None of them has a finite loss, so that none can go on"
    return [
        f"{none}. A {smaller} learning rate may help: {leave} goes back to your run, where {lower} lowers it.",
        f"{none}: {leave}, then {lower} lowers the learning rate, which may help.",
    ]


def describe_group(view: LuckView, group: int) -> str:
    """Return the chosen initializer or depth with the number of its seeds."""
    label = typeset_minus(view.groups[group].label)
    return f"{label}, {count_seeds(len(view.find_members(group)))}"


def describe_spread(view: LuckView, group: int) -> list[str]:
    """Say between which losses half of a group is, and what its networks have in common."""
    members, said = view.find_members(group), []
    order = view.sort_members(members)
    if len(order) >= 4:
        low, high = (format_number(float(view.losses[order[(len(order) - 1) * share // 4]]), 0) for share in (1, 3))
        loss, step = name_measure(view), format_count(view.scored_step)
        said.append(f"Half of them have a {loss} between {low} and {high} after step {step}.")
    if view.groups[group].label == "zeros" and len(members) > 1:
        equal = " Its neurons in a layer all begin equal." if view.run.network.sizes[1:-1] else ""
        said.append(f"zeros draws nothing: the {len(members)} are one and the same network.{equal}")
    return said


def describe_cell(view: LuckView) -> str:
    """Say how the chosen network of the heat map stands."""
    member, name = view.members[view.chosen], name_member(view, view.chosen)
    if member.is_own and member.seed is not None:
        name += " (your start)"
    if view.diverged[view.chosen]:
        return f"{name}: diverged."
    accuracy = "" if view.accuracies is None else f", accuracy {format_share(float(view.accuracies[view.chosen]))}"
    loss, step = format_number(float(view.losses[view.chosen]), 0), format_count(view.scored_step)
    return f"{name}: {LONG_NAMES[view.verdicts[view.chosen]]}; {name_measure(view)} {loss}{accuracy} after step {step}."


LONG_NAMES: dict[MemberVerdict, str] = {
    "diverged": "diverged",
    "no better": "no better than a constant guess",
    "flat": "not near the lowest, and with no clear fall",
    "falling": "not near the lowest yet, and still falling",
    "good": "good, near the lowest of all",
}
"""The verdicts on a network in words."""

SHORT_NAMES: dict[MemberVerdict, str] = {
    "diverged": "diverged",
    "no better": "no better",
    "flat": "flat",
    "falling": "still falling",
    "good": "good",
}
"""The same after a number of networks."""


def describe_rate(view: LuckView, group: int) -> list[str]:
    """Say how a learning rate does, the longest form first: too small, too large, or how many are good."""
    verdicts = [view.verdicts[index] for index in view.find_members(group)]
    counts = {kind: verdicts.count(kind) for kind in SHORT_NAMES if kind in verdicts}
    shown = ", ".join(_count(kind, number) for kind, number in counts.items())
    most = max(counts, key=lambda kind: counts[kind])
    if view.step < EARLY * view.end:
        return [f"too early to say: {shown}", "too early to say", "early", ""]
    best, size = find_best_rate(view), ""
    if best is not None and 2 * counts.get("good", 0) < len(verdicts) and group != best:
        fails = counts.get("diverged", 0) + counts.get("no better", 0)
        # a larger rate whose networks have learnt may only have passed their lowest loss
        larger = "too large" if 2 * fails >= len(verdicts) else "larger than the best"
        size = "too small so far" if group < best else larger
    most_words = _count(most, counts[most])
    return [f"{size}: {shown}", f"{size}: {most_words}", size, ""] if size else [shown, most_words, ""]


def _count(kind: MemberVerdict, number: int) -> str:
    return f"{number} {SHORT_NAMES[kind]}"


def find_best_rate(view: LuckView) -> int | None:
    """Return the group with the lowest median loss among those of which at least half have a finite loss."""
    medians = {}
    for group in range(len(view.groups)):
        members = view.find_members(group)
        order = view.sort_members(members)
        if 2 * len(order) >= len(members):
            medians[group] = float(view.losses[order[(len(order) - 1) // 2]])
    return min(medians, key=lambda group: medians[group]) if medians else None
