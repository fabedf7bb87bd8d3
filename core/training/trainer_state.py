"""What a training goes on from, and whether it fits a trainer."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from gradstep.core.errors import GradstepError


@dataclass(frozen=True, slots=True)
class TrainerState:
    """Everything that training goes on from: numpy arrays, and values that JSON can hold."""

    arrays: dict[str, NDArray[Any]]
    values: dict[str, Any]

    def check_fits(self, identity: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        """Raise GradstepError unless the state has these values, and arrays of these names and shapes."""
        for name, own in identity.items():
            saved = self.values.get(name)
            if saved != own:
                raise GradstepError(f"the saved state does not fit: its {name} is {saved}, here it is {own}")
        for name, array in arrays.items():
            if name not in self.arrays or self.arrays[name].shape != array.shape:
                raise GradstepError(f"the saved state does not fit this network: {name} is missing or of another shape")

    def arrays_of(self, part: str) -> dict[str, NDArray[Any]]:
        """Return the arrays whose names begin with `part` and a dot, by the rest of their names."""
        return {
            name.removeprefix(f"{part}."): array for name, array in self.arrays.items() if name.startswith(f"{part}.")
        }
