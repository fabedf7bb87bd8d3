"""A data set: rows of inputs, and for each row a class or target numbers."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.table.encoder import Encoder
from gradstep.data.table.gaps import Gap

RawInputs = NDArray[np.floating | np.uint8]
Scale = Literal["none", "standard", "minmax"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows as they were read or made, not scaled.

    - `inputs` is (rows, features). Bytes stay bytes, which takes an eighth of the memory.
    - A classification has `labels` (rows,), indices into `class_names`.
    - A regression has `targets` (rows, outputs), whose columns `target_names` names.
    - `image_shape` is (height, width) if a row is an image.
    - `auto_scale` is the scaling that "auto" stands for.
    - The last `test_rows` rows are for testing only.
    - `features` are the names of what `inputs` were computed from two given inputs, `points_of_features` (rows, 2);
      none where `inputs` are those that were given.
    - `encoder` is how the columns of a file became inputs and target; None for what comes from no file.
    - `gaps` are the columns of a table with missing values, which are filled in by all rows until they are split.
    - `lines` (rows,) are the lines of a text file that the rows stand in, from 1; None for other data.
    - `decided` says in two lines what was found out about a file, and `warnings` what should be known before training.
    """

    name: str
    task: Literal["classification", "regression"]
    inputs: RawInputs
    labels: Indices | None
    targets: Floats | None
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    source: str = ""
    auto_scale: Scale = "standard"
    test_rows: int = 0
    features: tuple[str, ...] = ()
    points_of_features: RawInputs | None = None
    encoder: Encoder | None = None
    gaps: tuple[Gap, ...] = ()
    lines: Indices | None = None
    decided: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def points(self) -> RawInputs:
        """The inputs that were given (rows, given inputs), which `inputs` may be features of."""
        return self.inputs if self.points_of_features is None else self.points_of_features

    def encode(self, output: str) -> tuple[Floats, float]:
        """Return the targets (rows, outputs) for this output activation, and the class boundary of a single column.

        Two classes become one column 0 or 1, in the range of tanh −1 or 1; with softmax, or for more classes, one
        column for each class. Targets of a regression stay as they are.
        """
        if self.labels is None:
            assert self.targets is not None
            return self.targets, 0.5
        return encode_labels(self.labels, len(self.class_names), output)


def encode_labels(labels: Indices, classes: int, output: str) -> tuple[Floats, float]:
    """Return the targets (rows, outputs) of the labels (rows,) as `Dataset.encode` does."""
    activation = activation_named(output)
    low, _ = activation.limits or (0.0, 1.0)
    one_column = classes == 2 and activation.is_elementwise
    columns = np.array([1]) if one_column else np.arange(classes)
    return np.where(labels[:, None] == columns, 1.0, low), (low + 1) / 2
