"""The chapters of the course: reading them, those that come with gradstep and those of a teacher."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from gradstep.core.errors import GradstepError
from gradstep.data.choices import describe_choices
from gradstep.data.course.card import Card, Text
from gradstep.data.experiment import LARGEST_FILE, Experiment, make_experiment
from gradstep.data.formats.file_content import decode_text, read_bytes
from gradstep.data.parse_toml import parse_toml
from gradstep.data.toml_table import TomlTable
from gradstep.data.toml_value import quote_value

FOLDER = Path(__file__).parent

DEFAULT_PACE = 50.0
"""Steps a second."""


class ChapterHead(TomlTable):
    """The table [chapter]: the title, the question that the chapter answers, and the minutes that it takes."""

    title: Text
    question: Text
    minutes: Annotated[int, Field(strict=True, ge=1, le=60)]


@dataclass(frozen=True, slots=True)
class ChapterRun:
    """A run of a chapter: its experiment, its pace in steps a second (None without a limit), and whether it waits."""

    experiment: Experiment
    pace: float | None = DEFAULT_PACE
    paused: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. `number` is its place in the course, 0 for a chapter of one's own; `runs` begins with its start."""

    name: str
    number: int
    head: ChapterHead
    runs: Mapping[str, ChapterRun]
    cards: tuple[Card, ...]

    @property
    def first_run(self) -> str:
        """The name of the run that the chapter begins with."""
        return next(iter(self.runs))


def list_chapters() -> dict[str, Path]:
    """Return the file of each chapter of the course by its name, in the order of the course."""
    return {path.stem.partition("-")[2]: path for path in sorted(FOLDER.glob("*.toml"))}


def find_chapter(what: str) -> Chapter:
    """Read the chapter with this number or name, or the file of this path. Raises GradstepError."""
    paths = list_chapters()
    if what in paths:
        return read_chapter(paths[what])
    if what.isdecimal() and 1 <= int(what) <= len(paths):
        return read_chapter(list(paths.values())[int(what) - 1])
    if what.endswith(".toml") or "/" in what:
        return read_chapter(Path(what))
    known = f"{describe_choices(list(paths), what)}; or a number from 1 to {len(paths)}; or the path of a .toml file"
    raise GradstepError(f"no chapter is called {quote_value(what)}: it {known}")


def read_chapter(path: Path) -> Chapter:
    """Read a chapter. Raises GradstepError with the file, the card and the field that is wrong."""
    tables = parse_toml(decode_text(read_bytes(path, LARGEST_FILE), path), str(path))
    for name in tables:
        if name not in (known := ("chapter", "runs", "cards")):
            raise GradstepError(f"{path}: [{name}]: unknown table{_suggest(name, known)}")
    for name, kind, what in (("chapter", dict, "a table"), ("runs", dict, "a table"), ("cards", list, "[[cards]]")):
        if not isinstance(tables.get(name), kind) or not tables[name]:
            raise GradstepError(f"{path}: {name}: must be given, as {what}")
    number, _, name = path.stem.partition("-") if path.parent == FOLDER else ("0", "", path.stem)
    runs = {name: _read_run(f"{path}: runs.{name}", given) for name, given in tables["runs"].items()}
    head = _validate(ChapterHead, tables["chapter"], f"{path}: chapter")
    cards = [_validate(Card, given, f"{path}: card {i}") for i, given in enumerate(tables["cards"], start=1)]
    for i, card in enumerate(cards, start=1):
        if card.run is not None and card.run not in runs:
            raise GradstepError(f"{path}: card {i}: run = {quote_value(card.run)}: {describe_choices(runs, card.run)}")
    return Chapter(name, int(number), head, runs, tuple(cards))


def _read_run(where: str, given: object) -> ChapterRun:
    if not isinstance(given, dict):
        raise GradstepError(f"{where}: must be a table, as in an experiment file")
    tables = dict(given)
    pace, paused = tables.pop("pace", DEFAULT_PACE), tables.pop("paused", True)
    if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 <= pace <= 1e6:
        raise GradstepError(f"{where}: pace = {quote_value(pace)}: must be steps a second; 0 is without a limit")
    if not isinstance(paused, bool):
        raise GradstepError(f"{where}: paused = {quote_value(paused)}: must be true or false")
    try:
        return ChapterRun(make_experiment(tables), float(pace) or None, paused)
    except GradstepError as error:
        raise GradstepError(f"{where}: {error}") from None


Table = TypeVar("Table", bound=BaseModel)


def _validate(model: type[Table], given: Any, where: str) -> Table:
    """Return the table; raises GradstepError with the first field that is wrong and why."""
    if not isinstance(given, dict):
        raise GradstepError(f"{where}: must be a table")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise GradstepError(f"{where}: {_describe(error, model)}") from None


def _describe(error: ValidationError, model: type[BaseModel]) -> str:
    first = max(error.errors(include_url=False), key=lambda each: each["type"] == "extra_forbidden")
    path = [str(part) for part in first["loc"] if not (isinstance(part, str) and part[:1].isupper())]
    field, value = ".".join(path), first["input"]
    match first["type"]:
        case "extra_forbidden":
            return f"{field}: unknown field{_suggest(path[-1], _find_fields(model, path[:-1]))}"
        case "missing":
            return f"{field}: must be given"
        case "value_error":
            reason = str(first["ctx"]["error"])
            return f"{field}: {reason}" if field else reason
    return f"{field} = {quote_value(value)}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _find_fields(model: type[BaseModel], path: list[str]) -> list[str]:
    """Return the fields of the table at this path inside a model."""
    for part in path:
        if part.isdecimal():
            continue
        inner = model.model_fields[part].annotation
        model = next(each for each in _find_models(inner))
    return list(model.model_fields)


def _find_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _find_models(inner)]


def _suggest(given: str, known: Any) -> str:
    near = get_close_matches(given, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else f"; known here are {', '.join(known)}"
