"""The words of the gradients panel that stand for a limit, explained with the limits that the findings use."""

from gradstep.core.observation.limits import (
    DEAD,
    HEALTHY,
    LONG_STEP,
    SATURATED_LAYER_SHARE,
    SATURATED_RANGE_SHARE,
    TOO_FAST,
    TOO_SLOW,
)

LIMIT_WORDS = (
    ("‖ΔW‖/‖W‖", f"how far the last step moved the weights, relative to their size; about {HEALTHY:g} is usual"),
    ("long steps", f"‖ΔW‖/‖W‖ from {LONG_STEP:g}; very long from {TOO_FAST:g}, tiny below {TOO_SLOW:g}"),
    ("silent", "neurons that gave 0 for every example of the batch, and so learn nothing from it"),
    ("dying, dead", f"a layer of which {DEAD:.0%} of the neurons are silent for all examples, or all neurons are"),
    ("saturated", f"activations past {SATURATED_RANGE_SHARE:.0%} of the way from the middle of their range to an end"),
    (
        "a saturated layer",
        f"{SATURATED_LAYER_SHARE:.0%} of its activations are, and its steps are below {HEALTHY:g} of its weights",
    ),
)
"""The words, and what they mean."""
