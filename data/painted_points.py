"""Points that a person paints on the plane: an experiment of given rows, and a CSV file."""

import csv
import io
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.data_defaults import leave_defaults_open
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.features import has_two_inputs
from gradstep.data.run import Run

STEPS = 5000
"""The length of a run on painted points, so that it does not end while they are painted."""

FILES = "points.csv", "points-{}.csv"
"""The names of the first file and of the following ones."""

MOST_POINTS = 2000
"""More points than these are not painted by hand, and would make every key slow."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PaintedPoints:
    """Points (x₁, x₂), each with the index of its class in `class_names`, which are sorted."""

    class_names: tuple[str, ...]
    points: tuple[Point, ...] = ()
    labels: tuple[int, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of points of each class."""
        return tuple(self.labels.count(label) for label in range(len(self.class_names)))

    @property
    def can_be_learnt(self) -> bool:
        """Whether there are points of two classes."""
        return len(set(self.labels)) > 1

    def with_point(self, point: Point, label: int) -> "PaintedPoints":
        """Return the points with one more."""
        return replace(self, points=(*self.points, point), labels=(*self.labels, label))

    def without(self, indices: tuple[int, ...]) -> "PaintedPoints":
        """Return the points without these."""
        kept = [index for index in range(len(self.points)) if index not in indices]
        return replace(
            self, points=tuple(self.points[i] for i in kept), labels=tuple(self.labels[index] for index in kept)
        )

    def with_label(self, indices: tuple[int, ...], label: int) -> "PaintedPoints":
        """Return the points with another class for these."""
        labels = tuple(label if index in indices else before for index, before in enumerate(self.labels))
        return replace(self, labels=labels)

    def moved(self, indices: tuple[int, ...], point: Point) -> "PaintedPoints":
        """Return the points with these at another point."""
        points = tuple(point if index in indices else before for index, before in enumerate(self.points))
        return replace(self, points=points)


def read_points(run: Run) -> PaintedPoints:
    """Return all points of a run's data.

    Raises GradstepError unless they have two inputs and a class, and are at most MOST_POINTS.
    """
    dataset = run.dataset
    if not has_two_inputs(dataset) or dataset.labels is None:
        raise GradstepError("painting needs data with two inputs and classes, such as circle or xor")
    if len(dataset.points) > MOST_POINTS:
        raise GradstepError(
            f"painting is for at most {MOST_POINTS} points, and {dataset.name} has {len(dataset.points)}"
        )
    names = tuple(sorted(dataset.class_names))
    labels = tuple(names.index(dataset.class_names[label]) for label in dataset.labels.tolist())
    return PaintedPoints(names, tuple((float(x1), float(x2)) for x1, x2 in dataset.points.tolist()), labels)


def make_painted_experiment(run: Run, learning_rate: float, points: PaintedPoints) -> Experiment:
    """Return the experiment of a run with these points as its data, all of them in the training part.

    Network and training are those of the run, with this learning rate, and inputs are scaled as there. It ends after
    STEPS steps.
    """
    filled, opened = run.experiment, leave_defaults_open(run.experiment, run.dataset)
    names = [points.class_names[label] for label in points.labels]
    data = {
        "x": points.points,
        "y": names,
        "features": opened.data.features,
        "scale": run.split.scaling.kind,
        "seed": filled.data.seed,
    }
    # with another number of classes another output and loss may be needed
    network = filled.network.model_dump() | {"output": opened.network.output}
    training = filled.training.model_dump() | {
        "loss": opened.training.loss,
        "learning_rate": learning_rate,
        "max_epochs": None,
        "max_steps": STEPS,
    }
    return make_experiment({"data": data, "network": network, "training": training})


def write_points(points: PaintedPoints, folder: Path) -> Path:
    """Write the points as a CSV file that `--data` reads, and return its path. No file is overwritten.

    Raises GradstepError if it cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("x1", "x2", "class"))
    writer.writerows(
        (*map(repr, point), points.class_names[label])
        for point, label in zip(points.points, points.labels, strict=True)
    )
    first, following = FILES
    for path in (folder / (following.format(number) if number > 1 else first) for number in itertools.count(1)):
        try:
            _write_new_file(path, text.getvalue())
            return path
        except FileExistsError:
            continue
        except OSError as error:
            raise GradstepError(f"{path} cannot be written: {error.strerror}") from None
    raise AssertionError


def _write_new_file(path: Path, text: str) -> None:
    """Write a file that does not exist, or none if that fails. Raises OSError."""
    with path.open("x", encoding="utf-8", newline="") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise
