"""Lessons: an experiment with the figures that were published for it."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import Experiment, experiment_from, parse_toml
from gradstep.data.value_text import allowed_names, quote_value

FOLDER = Path(__file__).parent / "lessons"


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure, as it was printed: of which update, micro-step, table, row and column (from 0)."""

    update: int
    micro_step: str
    table: str
    row: int
    column: int
    text: str

    def agrees(self, computed: float) -> bool:
        """Whether the figure is the computed number, to one unit of its last printed digit."""
        exponent = Decimal(self.text).as_tuple().exponent
        assert isinstance(exponent, int)
        return abs(computed - float(self.text)) <= 10.0**exponent


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be known at a micro-step of an update."""

    update: int
    micro_step: str
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """An experiment, what it shows, its source, the published figures and remarks on them."""

    name: str
    title: str
    source: str
    about: str
    experiment: Experiment
    published: tuple[Published, ...]
    remarks: tuple[Remark, ...]


def lesson_names() -> list[str]:
    """The lessons that come with gradstep."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_lesson(name: str) -> Lesson:
    """Read the lesson called `name`; raises GradstepError with the nearest name for another."""
    if name not in lesson_names():
        raise GradstepError(f"no lesson is called {quote_value(name)}: it {allowed_names(lesson_names(), name)}")
    path = FOLDER / f"{name}.toml"
    tables = parse_toml(path.read_text(encoding="utf-8"), str(path))
    about, published, remarks = tables.pop("lesson"), tables.pop("published"), tables.pop("remarks")
    return Lesson(
        name=name,
        title=about["title"],
        source=about["source"],
        about=about["about"],
        experiment=experiment_from(tables),
        published=tuple(figure for index, rows in published.items() for figure in _figures(index, rows)),
        remarks=tuple(_remark(index, text) for index, text in remarks.items()),
    )


def _figures(index: str, rows: list[list[str]]) -> list[Published]:
    update, micro_step, table = index.split(" / ")
    return [
        Published(int(update), micro_step, table, row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]


def _remark(index: str, text: str) -> Remark:
    update, micro_step = index.split(" / ")
    return Remark(int(update), micro_step, text)
