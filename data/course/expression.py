"""Arithmetic over the named numbers of a run, as a chapter writes it: `w1[1,2]*x[2] + b1[1]`."""

import ast
import math
import operator
import re
from collections.abc import Callable
from functools import cache

Lookup = Callable[[str, tuple[int, ...]], float]
"""Returns the number of a name and its indices, which count from 1. Raises LookupError if there is none."""

OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: dict[str, Callable[[float], float]] = {"exp": math.exp, "ln": math.log, "abs": abs}

INDEX_COUNTS = {
    **dict.fromkeys(("x", "y", "out"), 1),
    **dict.fromkeys(
        ("example_loss", "batch_loss", "train_loss", "test_loss", "train_accuracy", "test_accuracy"),
        0,
    ),
    **dict.fromkeys(("step", "epoch", "learning_rate", "batch_size", "examples", "parameters"), 0),
}
"""The names without a layer, and how many indices each of them takes."""

LAYER_INDEX_COUNTS = {"z": 1, "a": 1, "b": 1, "delta": 1, "gradb": 1, "w": 2, "grad": 2}
"""The names that the number of a layer follows, such as w1, and how many indices each of them takes."""

LAYER_NAME = re.compile(r"([a-z]+)([1-9]\d*)")


@cache
def parse_expression(text: str) -> ast.expr:
    """Return the syntax tree of an expression. Raises ValueError, with what is wrong, for anything else."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(f"{text!r} is not arithmetic, such as w1[1,2]*x[2] + b1[1]") from None
    _check(tree, text)
    return tree


def _check(node: ast.AST, text: str) -> None:
    match node:
        case ast.Constant(value=int() | float()):
            return
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            _check(node.left, text)
            _check(node.right, text)
        case ast.UnaryOp(op=ast.USub()):
            _check(node.operand, text)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            _check(argument, text)
        case ast.Name() | ast.Subscript(value=ast.Name()):
            name, indices = _read_name(node, text)
            if len(indices) != (count := _count_indices(name, text)):
                raise ValueError(f"{text!r}: {name} takes {count or 'no'} {'index' if count == 1 else 'indices'}")
        case _:
            raise ValueError(f"{text!r}: only names, numbers, + - * / and {', '.join(FUNCTIONS)} can be written")


def _read_name(node: ast.Name | ast.Subscript, text: str) -> tuple[str, tuple[int, ...]]:
    if isinstance(node, ast.Name):
        return node.id, ()
    assert isinstance(node.value, ast.Name)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    indices = tuple(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, int))
    if len(indices) < len(parts) or min(indices, default=0) < 1:
        raise ValueError(f"{text!r}: indices are whole numbers from 1")
    return node.value.id, indices


def _count_indices(name: str, text: str) -> int:
    """Return how many indices the name takes. Raises ValueError, with the known names, for an unknown one."""
    if name in INDEX_COUNTS:
        return INDEX_COUNTS[name]
    with_layer = LAYER_NAME.fullmatch(name)
    if with_layer is None or with_layer[1] not in LAYER_INDEX_COUNTS:
        known = ", ".join([*INDEX_COUNTS, *(f"{each}1" for each in LAYER_INDEX_COUNTS)])
        raise ValueError(f"{text!r}: no number is called {name}; known are {known}")
    return LAYER_INDEX_COUNTS[with_layer[1]]


def evaluate(text: str, look_up: Lookup) -> float:
    """Return the value of an expression.

    Raises ValueError for what is no expression, LookupError for a number that there is not, and ArithmeticError.
    """
    return _evaluate(parse_expression(text), text, look_up)


def _evaluate(node: ast.AST, text: str, look_up: Lookup) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.BinOp(op=op):
            return OPERATORS[type(op)](_evaluate(node.left, text, look_up), _evaluate(node.right, text, look_up))
        case ast.UnaryOp():
            return -_evaluate(node.operand, text, look_up)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return FUNCTIONS[name](_evaluate(argument, text, look_up))
        case ast.Name() | ast.Subscript():
            return look_up(*_read_name(node, text))
    raise AssertionError(text)


def split_layer(name: str) -> tuple[str, int]:
    """Return the name without the number of its layer, and that number: ("w", 1) for w1, ("step", 0) for step."""
    with_layer = LAYER_NAME.fullmatch(name)
    return (with_layer[1], int(with_layer[2])) if with_layer and name not in INDEX_COUNTS else (name, 0)
