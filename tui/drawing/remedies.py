"""The sentence for each remedy, with the keys that apply it."""

import re
from collections.abc import Mapping

from gradstep.core.observation.finding import Remedy
from gradstep.tui.screen_keys import name_key

RESET, EXPERIMENT, BACK = name_key("reset"), name_key("experiment"), name_key("slower_back")
PAUSE, RACE, COURSE = name_key("pause"), name_key("race"), name_key("course")
RATE_UP, RATE_DOWN = name_key("rate_up"), name_key("rate_down")

APPLIED: dict[Remedy, tuple[str, str]] = {
    Remedy.BACK_TO_A_RATE_THAT_HOLDS: ("try a smaller learning rate", f"{BACK} finds one that holds"),
    Remedy.SMALLER_RATE: ("try about a tenth of the learning rate", f"{RATE_DOWN} three times"),
    Remedy.LARGER_RATE: ("try about ten times the learning rate", f"{RATE_UP} three times"),
    Remedy.RESTART_WITH_SMALLER_RATE: (
        "try a smaller rate from the start",
        f"{RESET}, then {RATE_DOWN} three times",
    ),
    Remedy.RESTART_WITH_MUCH_SMALLER_RATE: (
        "try a start at, say, 1% of the rate",
        f"{RESET}, then {RATE_DOWN} six times",
    ),
    Remedy.RESTART_WITH_FIRST_RATE: ("try again with the rate of the start", RESET),
    Remedy.TRAIN_LONGER: ("try more steps", f"{PAUSE} goes on"),
    Remedy.RELU: ("try the activation relu", EXPERIMENT),
    Remedy.LINEAR_OUTPUT: ("try a linear output and a tenth of the rate", EXPERIMENT),
    Remedy.FEWER_LAYERS: ("try fewer layers", EXPERIMENT),
    Remedy.MORE_NEURONS: ("try more hidden neurons", EXPERIMENT),
    Remedy.OTHER_INITIALIZER: ("try init he or xavier", EXPERIMENT),
    Remedy.SMALLER_INITIAL_WEIGHTS: ("try smaller starting weights, as of init xavier", EXPERIMENT),
    Remedy.CROSS_ENTROPY: ("try the loss cross_entropy", EXPERIMENT),
    Remedy.SMALLER_PENALTY: ("try a smaller l1 or l2", EXPERIMENT),
    Remedy.CLASS_WEIGHTS: ("try class_weights balanced", EXPERIMENT),
    Remedy.SCALED_INPUTS: ("try scale standard", EXPERIMENT),
    Remedy.OTHER_INPUTS: ("try data whose inputs differ", EXPERIMENT),
    Remedy.STOP_EARLIER_OR_L2: ("try patience with a validation part, or l2", EXPERIMENT),
    Remedy.PATIENCE_OR_L2: ("try patience, or l2", EXPERIMENT),
}
"""What to try, and the keys that apply it. Three notches of the learning rate are a factor of ten from a rate of 1, 2
or 5, and of at least five from any other."""

FIELDS: dict[Remedy, str] = {
    Remedy.RELU: "network.activation",
    Remedy.LINEAR_OUTPUT: "network.output",
    Remedy.FEWER_LAYERS: "network.hidden",
    Remedy.MORE_NEURONS: "network.hidden",
    Remedy.OTHER_INITIALIZER: "network.init",
    Remedy.SMALLER_INITIAL_WEIGHTS: "network.init",
    Remedy.CROSS_ENTROPY: "training.loss",
    Remedy.SMALLER_PENALTY: "training.l2",
    Remedy.CLASS_WEIGHTS: "training.class_weights",
    Remedy.SCALED_INPUTS: "data.scale",
    Remedy.OTHER_INPUTS: "data.name",
    Remedy.STOP_EARLIER_OR_L2: "training.patience",
    Remedy.PATIENCE_OR_L2: "training.patience",
}
"""The field of the experiment that a remedy is about. The experiment screen opens there."""

REMEDIES_IN_WORDS = {remedy: words for remedy, (words, _) in APPLIED.items()}
"""What to try, for where no key acts."""

REMEDIES = {remedy: f"{words}: {keys}" for remedy, (words, keys) in APPLIED.items()}
"""The sentence for each remedy on the training screen."""

AT_REST = {
    Remedy.SMALLER_RATE: f"try about a tenth of the rate: {RATE_DOWN} three times, then {PAUSE}",
    Remedy.LARGER_RATE: f"try about ten times the rate: {RATE_UP} three times, then {PAUSE}",
}
"""The sentences for remedies that only the next step shows: a training that rests has to go on for it."""

NEXT_STEPS = {COURSE: "learn", RACE: "race", EXPERIMENT: "setup", PAUSE: "go on", RESET: "restart"}
"""What else can be done at the end of a run, by its key."""


def write_remedy(remedy: Remedy, rests: bool) -> str:
    """Return the sentence for a remedy, for a training that runs or that rests."""
    return AT_REST.get(remedy, REMEDIES[remedy]) if rests else REMEDIES[remedy]


def choose_next_steps(remedy: Remedy | None, count: int, offered: Mapping[str, str] = NEXT_STEPS) -> list[str]:
    """Return so many things to do at the end of a run: first the remedy, if one is asked for.

    `offered` are the others by their key, in their order.
    """
    asked = [write_remedy(remedy, rests=True)] if remedy else []
    used = re.split("[ ,]+", APPLIED[remedy][1]) if remedy else []
    others = [f"{key}: {words}" for key, words in offered.items() if key not in used]
    return [*asked, *others][:count]
