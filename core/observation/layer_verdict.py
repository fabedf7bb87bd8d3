"""The verdict on a layer in a few words: its finding if there is one, else how far its last step went.

What is wrong is judged in `findings` alone, from many snapshots. Without a finding the verdict is a description.
"""

from collections.abc import Collection
from dataclasses import dataclass

from gradstep.core.observation.finding import Finding
from gradstep.core.observation.layer_statistics import LayerStatistics
from gradstep.core.observation.limits import LONG_STEP, TOO_FAST, TOO_SLOW


@dataclass(frozen=True, slots=True)
class LayerVerdict:
    """The verdict in words; `healthy` says whether they praise (True) or blame (False), None for a mere description."""

    words: str
    healthy: bool | None


def judge_layer(layer_number: int, statistics: LayerStatistics, findings: Collection[Finding]) -> LayerVerdict:
    """Judge the layer from its last update and the findings about the training.

    Only steps of the usual size are healthy, and only while no finding concerns the whole network. Longer and shorter
    steps are no fault by themselves: on the digits all layers learn well with long ones.
    """
    for finding in findings:
        if finding.layer_number == layer_number:
            return LayerVerdict(finding.label, False)
    if not statistics.is_finite:
        return LayerVerdict("no finite number", False)
    ratio = statistics.update_ratio
    if ratio is None:
        return LayerVerdict("all its weights are 0", None)
    if statistics.gradient_norm == 0:
        return LayerVerdict("∇W is 0", False if findings else None)  # a fault of another layer can be the reason
    usual = TOO_SLOW <= ratio < LONG_STEP
    concerned = any(finding.layer_number is None for finding in findings)
    return LayerVerdict(_describe_step(ratio), True if usual and not concerned else None)


def _describe_step(ratio: float) -> str:
    """Describe the length of a step, relative to the weights, with the limits that the help names."""
    for limit, words in ((TOO_SLOW, "tiny steps"), (LONG_STEP, "usual steps"), (TOO_FAST, "long steps")):
        if ratio < limit:
            return words
    return "very long steps"
