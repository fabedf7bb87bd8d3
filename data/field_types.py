"""The simple types and the names to choose from that a field of the experiment consists of."""

from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator

from gradstep.data.choices import OneOf
from gradstep.data.experiment import Experiment
from gradstep.data.validation_message import find_tables


def find_choices(name: str) -> tuple[str, ...]:
    """Return the names that a field of the experiment can have; none for a field that is no choice."""
    fields = (table.model_fields[name] for table in find_tables(Experiment).values() if name in table.model_fields)
    leaves = find_simple_types(info.annotation, info.metadata) if (info := next(fields, None)) else ()
    return tuple(each for leaf in leaves if isinstance(leaf, tuple) for each in leaf)


def find_simple_types(annotation: Any, marks: Iterable[Any] = ()) -> Iterator[type | tuple[str, ...]]:
    """Yield the simple types and the tuples of names that an annotation consists of. A list yields nothing."""
    for mark in marks:
        if isinstance(mark, BeforeValidator) and isinstance(mark.func, OneOf):
            yield tuple(mark.func.names)
            return
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *inner_marks = get_args(annotation)
        yield from find_simple_types(inner, inner_marks)
    elif origin in (Union, UnionType):
        for each in get_args(annotation):
            yield from find_simple_types(each)
    elif origin is Literal:
        yield get_args(annotation)
    elif origin is None:
        yield annotation
