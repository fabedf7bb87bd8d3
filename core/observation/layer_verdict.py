"""The verdict on a layer in a few words: its finding if there is one, else how far its last step went.

What is wrong is judged in `findings` alone, from many snapshots. Without a finding the verdict is a plain description.
"""

from collections.abc import Collection
from dataclasses import dataclass

from gradstep.core.observation.finding import Finding
from gradstep.core.observation.layer_statistics import LayerStatistics
from gradstep.core.observation.limits import LONG_STEP, TOO_FAST, TOO_SLOW


@dataclass(frozen=True, slots=True)
class LayerVerdict:
    """The verdict in words, and whether nothing is wrong with the layer."""

    words: str
    healthy: bool


def judge_layer(layer_number: int, statistics: LayerStatistics, findings: Collection[Finding]) -> LayerVerdict:
    """Judge the layer from its last update and the findings about the training."""
    for finding in findings:
        if finding.layer_number == layer_number:
            return LayerVerdict(finding.label, False)
    if not statistics.is_finite:
        return LayerVerdict("no finite number", False)
    if statistics.update_ratio is not None and statistics.gradient_norm == 0:
        return LayerVerdict("no gradient", not findings)  # a fault of another layer can be the reason
    return LayerVerdict(_describe_step(statistics), True)


def _describe_step(statistics: LayerStatistics) -> str:
    ratio = statistics.update_ratio
    if ratio is None:
        return "all its weights are 0"
    for limit, words in ((TOO_SLOW, "tiny steps"), (LONG_STEP, "steps of the usual size"), (TOO_FAST, "long steps")):
        if ratio < limit:
            return words
    return "very long steps"
