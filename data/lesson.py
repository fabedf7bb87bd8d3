"""Lessons: an experiment with the figures that were published for it, and remarks on them."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.choices import describe_choices
from gradstep.data.experiment import Experiment, make_experiment, parse_toml
from gradstep.data.toml_value import quote_value

FOLDER = Path(__file__).parent / "lessons"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One published figure as it was printed in `text`.

    It belongs to an update (from 1), a micro-step and a table of it, and there to a row and a column (from 0).
    """

    update: int
    micro_step: str
    table: str
    row: int
    column: int
    text: str

    def agrees(self, computed: float) -> bool:
        """Whether the figure equals the computed number to one unit of its last printed digit."""
        exponent = Decimal(self.text).as_tuple().exponent
        assert isinstance(exponent, int)
        return abs(computed - float(self.text)) <= 10.0**exponent


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark that is shown at a micro-step of an update."""

    update: int
    micro_step: str
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """An experiment, what it shows, where it was published, the published figures and remarks on them."""

    name: str
    title: str
    source: str
    about: str
    experiment: Experiment
    published: tuple[PublishedFigure, ...]
    remarks: tuple[Remark, ...]


def lesson_names() -> list[str]:
    """Return the names of the lessons that come with gradstep."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_lesson(name: str) -> Lesson:
    """Read the lesson called `name`; raises GradstepError with the nearest name if there is none."""
    if name not in lesson_names():
        raise GradstepError(f"no lesson is called {quote_value(name)}: it {describe_choices(lesson_names(), name)}")
    path = FOLDER / f"{name}.toml"
    tables = parse_toml(path.read_text(encoding="utf-8"), str(path))
    about, published, remarks = tables.pop("lesson"), tables.pop("published"), tables.pop("remarks")
    return Lesson(
        name=name,
        title=about["title"],
        source=about["source"],
        about=about["about"],
        experiment=make_experiment(tables),
        published=tuple(figure for key, rows in published.items() for figure in _parse_figures(key, rows)),
        remarks=tuple(_parse_remark(key, text) for key, text in remarks.items()),
    )


def _parse_figures(key: str, rows: list[list[str]]) -> list[PublishedFigure]:
    """Read a table of figures; `key` is "update / micro-step / table", and an empty text is no figure."""
    update, micro_step, table = key.split(" / ")
    return [
        PublishedFigure(int(update), micro_step, table, row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]


def _parse_remark(key: str, text: str) -> Remark:
    """Read a remark; `key` is "update / micro-step"."""
    update, micro_step = key.split(" / ")
    return Remark(int(update), micro_step, text)
