"""Lessons: an experiment with known figures, published or computed apart from gradstep, and remarks on them."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.choices import describe_choices
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.parse_toml import parse_toml
from gradstep.data.toml_value import quote_value

FOLDER = Path(__file__).parent / "lessons"


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """One known figure, as it was written down in `text`.

    It belongs to an update (from 1), a micro-step and a matrix of it, and there to a row and a column (from 0). If it
    is not `published` by the source of the lesson, it was computed by the correct rule, apart from gradstep.
    """

    update: int
    micro_step: str
    matrix: str
    row: int
    column: int
    text: str
    published: bool

    def agrees(self, computed: float) -> bool:
        """Whether the figure equals the computed number to one unit of its last written digit."""
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
    """An experiment, what it shows, its source, the figures known of it and remarks on them."""

    name: str
    title: str
    source: str
    about: str
    experiment: Experiment
    figures: tuple[KnownFigure, ...]
    remarks: tuple[Remark, ...]

    @property
    def author(self) -> str:
        """The author of the source."""
        return self.source.partition(",")[0]


def lesson_names() -> list[str]:
    """Return the names of the lessons that come with gradstep."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_lesson(name: str) -> Lesson:
    """Read the lesson called `name`; raises GradstepError with the nearest name if there is none."""
    if name not in lesson_names():
        raise GradstepError(f"no lesson is called {quote_value(name)}: it {describe_choices(lesson_names(), name)}")
    path = FOLDER / f"{name}.toml"
    tables = parse_toml(path.read_text(encoding="utf-8"), str(path))
    about, remarks = tables.pop("lesson"), tables.pop("remarks")
    published, computed = tables.pop("published", {}), tables.pop("by_the_rule", {})
    return Lesson(
        name=name,
        title=about["title"],
        source=about["source"],
        about=about["about"],
        experiment=make_experiment(tables),
        figures=(*_parse_figures(published, published=True), *_parse_figures(computed, published=False)),
        remarks=tuple(_parse_remark(key, text) for key, text in remarks.items()),
    )


def _parse_figures(matrices: dict[str, list[list[str]]], published: bool) -> list[KnownFigure]:
    """Read matrices of figures, each with the key "update / micro-step / matrix". An empty text is no figure."""
    return [
        KnownFigure(int(update), micro_step, matrix, row, column, text, published)
        for key, rows in matrices.items()
        for update, micro_step, matrix in (key.split(" / "),)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]


def _parse_remark(key: str, text: str) -> Remark:
    """Read a remark; `key` is "update / micro-step"."""
    update, micro_step = key.split(" / ")
    return Remark(int(update), micro_step, text)
