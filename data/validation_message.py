"""Describes the first thing that is wrong with an experiment in one line."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from gradstep.data.choices import NotOneOf, describe_choices
from gradstep.data.toml_value import quote_value


def describe_validation_error(error: ValidationError, model: type[BaseModel], given: Mapping[str, Any]) -> str:
    """Return `table.field = value: must be ...` for the first field of `model` that is wrong in `given`."""
    errors = error.errors(include_url=False)
    location = errors[0]["loc"]
    if errors[0]["type"] == "extra_forbidden":
        return _describe_unknown_key([str(part) for part in location], model)
    # a field can allow several types; the one whose error is deepest inside the value is the one that was meant
    alternatives = [e for e in errors if e["loc"][:2] == location[:2]]
    furthest = max(len(e["loc"]) for e in alternatives)
    meant = [e for e in alternatives if len(e["loc"]) == furthest]
    wrong = meant[0]["ctx"]["error"] if meant[0]["type"] == "value_error" else None
    reason = str(wrong or "")
    if len(location) < 2:
        # a check across fields writes its own line
        return reason or f"{location[0]} = {quote_value(meant[0]['input'])}: must be a table, [{location[0]}]"
    table, field = str(location[0]), str(location[1])
    value, indices = given[table][field], ""
    # where two alternatives fail at the same depth, no index is more wrong than another
    if len({e["loc"][2:3] for e in meant}) == 1:
        # the other parts of the location name types, they are not indices
        for index in (part for part in meant[0]["loc"] if isinstance(part, int)):
            value, indices = value[index], f"{indices}[{index}]"
    if isinstance(wrong, NotOneOf):
        steps = (table, field, *(part for part in meant[0]["loc"][2:] if isinstance(part, int)))
        reason = describe_choices(wrong.names, wrong.given, _find_allowed(wrong.names, steps, model, given, error))
    whole = f"{table}.{field} " if indices else ""
    reason = reason or f"{whole}must be {find_tables(model)[table].model_fields[field].description}"
    return f"{table}.{field}{indices} = {quote_value(value)}: {reason}"


def _find_allowed(
    names: Collection[str],
    steps: Sequence[object],
    model: type[BaseModel],
    given: Mapping[str, Any],
    error: ValidationError,
) -> list[str]:
    """Return those of the names with which nothing else becomes wrong.

    `steps` are the keys and indices that lead to the value which the name would stand for.
    """
    known = {(each["loc"], each["msg"]) for each in error.errors(include_url=False)}
    return [name for name in names if _find_errors(model, _put(given, steps, name)) <= known]


def _find_errors(model: type[BaseModel], given: object) -> set[tuple[tuple[int | str, ...], str]]:
    try:
        model.model_validate(given)
    except ValidationError as error:
        return {(each["loc"], each["msg"]) for each in error.errors(include_url=False)}
    return set()


def _put(tables: Any, steps: Sequence[object], value: str) -> Any:
    """Return nested tables and lists with another value where these steps lead."""
    if not steps:
        return value
    step, *rest = steps
    copied: Any = dict(tables) if isinstance(tables, Mapping) else list(tables)
    copied[step] = _put(copied[step], rest, value)
    return copied


def find_tables(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the model of each table by the table's name."""
    named = ((name, field.annotation) for name, field in model.model_fields.items())
    return {name: table for name, table in named if isinstance(table, type) and issubclass(table, BaseModel)}


def _describe_unknown_key(location: list[str], model: type[BaseModel]) -> str:
    *above, key = location
    tables = find_tables(model)
    beside = list(tables[above[0]].model_fields) if above else list(model.model_fields)
    elsewhere = {field: f"{name}.{field}" for name, table in tables.items() for field in table.model_fields}
    near = get_close_matches(key, beside, n=1) or [elsewhere[n] for n in get_close_matches(key, elsewhere, n=1)]
    advice = f"did you mean {near[0]}?" if near else f"known here are {', '.join(beside)}"
    return f"{'.'.join(location)}: unknown {'key' if above else 'table or key'}; {advice}"
