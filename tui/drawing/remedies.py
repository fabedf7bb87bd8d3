"""The sentence for each remedy, with the keys that apply it."""

from gradstep.core.observation.finding import Remedy
from gradstep.tui.keymap import KEYS


def _find_key(command: str) -> str:
    """Return the first key of a command of the training screen as it is written in a sentence."""
    key = next(key.shown.split()[0] for key in KEYS if key.id == command)
    return "−" if key == "-" else key


RESET, EXPERIMENT, BACK = _find_key("reset"), _find_key("experiment"), _find_key("slower_back")
RATE_UP, RATE_DOWN = _find_key("rate_up"), _find_key("rate_down")

REMEDIES: dict[Remedy, str] = {
    Remedy.BACK_TO_A_RATE_THAT_HOLDS: f"try the last good step with a smaller learning rate: {BACK}",
    Remedy.SMALLER_RATE: f"try a tenth of the learning rate: {RATE_DOWN} three times",
    Remedy.LARGER_RATE: f"try ten times the learning rate: {RATE_UP} three times",
    Remedy.RESTART_WITH_SMALLER_RATE: f"try a smaller rate from the start: {RESET}, then {RATE_DOWN} three times",
    Remedy.RESTART_WITH_MUCH_SMALLER_RATE: f"try a smaller rate from the start: {RESET}, then {RATE_DOWN} six times",
    Remedy.RELU: f"try the activation relu: {EXPERIMENT}",
    Remedy.LINEAR_OUTPUT: f"try a linear output: {EXPERIMENT}",
    Remedy.FEWER_LAYERS: f"try fewer layers: {EXPERIMENT}",
    Remedy.MORE_NEURONS: f"try more neurons: {EXPERIMENT}, hidden",
    Remedy.OTHER_INITIALIZER: f"try init he or xavier: {EXPERIMENT}",
    Remedy.SMALLER_INITIAL_WEIGHTS: f"try smaller starting weights: {EXPERIMENT}, init xavier",
    Remedy.CROSS_ENTROPY: f"try the loss cross_entropy: {EXPERIMENT}",
    Remedy.SCALED_INPUTS: f"try scale standard: {EXPERIMENT}",
    Remedy.OTHER_INPUTS: f"try data whose inputs differ: {EXPERIMENT}",
    Remedy.STOP_EARLIER_OR_L2: f"try patience, or l2: {EXPERIMENT}",
}
"""The sentence for each remedy. Three steps of the learning rate are a factor of ten."""
