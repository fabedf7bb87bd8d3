"""What the importance screen draws."""

from dataclasses import dataclass, field

from gradstep.core.observation.importance import Importance
from gradstep.core.training.parts import PartName
from gradstep.data.feature_groups import FeatureGroup


@dataclass(frozen=True, slots=True)
class MeasuredOn:
    """So many `rows` of the `total` rows of a part, after `step` steps."""

    part: PartName
    rows: int
    total: int
    step: int


@dataclass(frozen=True, slots=True, eq=False)
class ImportanceView:
    """The columns of the data, and how important those are that have been measured, by the index of the column.

    `measured_on` is None until the measurement begins. `first` is the first line that is shown.
    """

    groups: tuple[FeatureGroup, ...]
    measured_on: MeasuredOn | None = None
    found: dict[int, Importance] = field(default_factory=dict)
    first: int = 0

    @property
    def ranking(self) -> list[tuple[str, Importance]]:
        """The measured columns, the most important first."""
        ordered = sorted(self.found.items(), key=lambda item: (-item[1].rise, item[0]))
        return [(self.groups[index].name, importance) for index, importance in ordered]
