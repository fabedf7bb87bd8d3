"""The finding that l1 or l2 has drawn all weights to almost nothing, so that the network gives a constant guess."""

from gradstep.core.observation.evidence import Evidence
from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.limits import HARDLY_BETTER, NO_BETTER
from gradstep.core.observation.wording import write_number


def find_shrunk_weights(kind: str, evidence: Evidence, was_found: bool) -> Finding | None:
    """Return the finding where the weights have shrunk and the batches do no better than a constant guess."""
    share = evidence.share_of_guess
    if not evidence.has_shrunk or share is None or share < (HARDLY_BETTER if was_found else NO_BETTER):
        return None
    largest = max(layer.weight_size for layer in evidence.layers)
    words = f"the root mean square length of a neuron's weights is at most {write_number(largest)}"
    return Finding(kind, "the penalty holds all weights near 0", words, Remedy.SMALLER_PENALTY)
