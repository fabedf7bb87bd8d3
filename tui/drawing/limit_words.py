"""The words on the screen that stand for a limit, explained with the limits that findings and verdicts use."""

from gradstep.core.observation.limits import (
    DEAD,
    HEALTHY,
    LONG_STEP,
    SATURATED_LAYER_SHARE,
    SATURATED_RANGE_SHARE,
    TOO_FAST,
    TOO_SLOW,
)
from gradstep.core.observation.outcome import LEAST_GAIN, MEAN_GUESS, SHARES_GUESS
from gradstep.core.observation.population_verdict import LEAST_FALL, NEWEST
from gradstep.core.training.race_verdict import (
    BETTER,
    CLOSE,
    DIVERGING,
    DOWN,
    FAR,
    GOOD,
    JUMPS,
    LEAPT,
    NEARBY,
    PLOT_TOP,
    ROSE,
    TWICE,
)

LIMIT_WORDS = (
    (
        "‖ΔW‖/‖W‖",
        f"how far the last step moved the weights, relative to their size; mostly {HEALTHY:g} to {LONG_STEP:g}, at "
        "first more",
    ),
    (
        "long steps",
        f"‖ΔW‖/‖W‖ from {LONG_STEP:g}, as in the first epochs of a run that learns well: no fault by themselves; very "
        f"long from {TOO_FAST:g}, tiny below {TOO_SLOW:g}",
    ),
    ("silent", "neurons that gave 0 for every example of the batch, and so learn nothing from it"),
    ("dying, dead", f"a layer is dying when more than {DEAD:.0%} of its neurons are silent, dead when all of them are"),
    (
        "saturated",
        f"activations past {SATURATED_RANGE_SHARE:.0%} of the way from the middle of their range to an end",
    ),
    (
        "a saturated layer",
        f"{SATURATED_LAYER_SHARE:.0%} of its activations are, and its steps are below {HEALTHY:g} of its weights",
    ),
)
"""The words of the gradients panel, and what they mean."""

RACE_WORDS = (
    (
        "good",
        f"in a race: {GOOD:.0%} of the way from the starting loss down to the lowest lane, and at most {TWICE:g} times "
        "its loss or within the noise",
    ),
    (
        "behind",
        f"in a race: as far down as a good lane, but above {TWICE:g} and up to {FAR:g} times the lowest loss; or down "
        f"to {100 * DOWN:g}% of its start",
    ),
    (
        "within the noise",
        f"in a race: the loss is within {CLOSE:g} standard errors of the lowest, so it may be as low but for the noise "
        f"of the batch losses; up to {NEARBY:g} times the lowest it is called close behind",
    ),
    (
        "overshoots",
        f"in a race: the steps are too large; the loss leapt above {LEAPT:g} times the starting loss, jumps by "
        f"{JUMPS:.0%} of it, left the plot at {PLOT_TOP:g} times, or rose again by {ROSE:.0%} of the way it had come "
        f"down; or a smaller rate does better, by {BETTER - 1:.0%}",
    ),
    ("diverging", f"in a race: the loss is above {DIVERGING:g} times the starting loss, and rises"),
)
"""The words of the verdicts in a race, and what they mean."""

LUCK_WORDS = (
    (
        "good, flat",
        f"of many networks at once: {GOOD:.0%} of the way from a constant guess down to the lowest of all; not there, "
        f"and its newest {NEWEST:.0%} are not clearly below as many points before, by {100 * LEAST_FALL:g}%",
    ),
    (
        "no better",
        f"than a constant guess, which is {MEAN_GUESS}, or {SHARES_GUESS}: not below its loss by {LEAST_GAIN:.0%}",
    ),
)
"""The words of the verdicts on the luck screen, and what they mean."""
