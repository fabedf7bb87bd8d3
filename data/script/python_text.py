"""Python source as a person lays it out, and as formatters leave it: 4 spaces, lines of at most 88 characters."""

from collections.abc import Iterable, Sequence
from textwrap import fill, indent
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH = 88


def indent_lines(code: str, levels: int = 1) -> str:
    """Indent every line by so many levels."""
    return indent(code, "    " * levels)


def join_blocks(blocks: Iterable[str]) -> str:
    """Join the blocks of a module, with two blank lines around a definition, and one elsewhere."""
    text, after_definition = "", False
    for block in blocks:
        is_definition = block.startswith(("def ", "class ", "@"))
        if text:
            text += "\n\n\n" if is_definition or after_definition else "\n\n"
        text += block
        after_definition = is_definition
    return text + "\n"


def write_docstring(title: str, *paragraphs: str) -> str:
    """Return a docstring with a title and paragraphs, filled to the width."""
    text = "\n\n".join([title, *(fill(paragraph, WIDTH) for paragraph in paragraphs)])
    return '"""' + text.replace("\\", "\\\\").replace('"""', "'''") + '\n"""'


def write_string(text: str) -> str:
    """Return the literal of a string, in double quotes where they need no escape."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text else literal


def write_function(head: str, docstring: str, code: str) -> str:
    """Return a function that gives the value of the last line of its code."""
    *lines, last = code.split("\n")
    return "\n".join([f"def {head}:", *(f"    {line}" for line in (f'"""{docstring}"""', *lines, f"return {last}"))])


def write_list(name: str, items: Sequence[str], brackets: str = "[]") -> str:
    """Return an assignment of a list or a tuple, on one line if it fits, else an item a line."""
    comma = "," if brackets == "()" and len(items) == 1 else ""
    line = f"{name} = {brackets[0]}{', '.join(items)}{comma}{brackets[1]}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    inside = "".join(f"{indent_lines(item)},\n" for item in items)
    return f"{name} = {brackets[0]}\n{inside}{brackets[1]}"


def write_array(array: NDArray[Any]) -> str:
    """Return the code of an array: a vector on one line; of a matrix that does not fit on one a row a line."""
    line = f"np.array({_write_numbers(array)})"
    if array.ndim == 1 or len(line) <= WIDTH - 20:
        return line
    rows = "".join(f"        {_write_numbers(row)},\n" for row in array)
    return f"np.array(\n    [\n{rows}    ]\n)"


def _write_numbers(array: NDArray[Any]) -> str:
    return str(array.astype(np.float64).tolist() if array.dtype.kind == "f" else array.tolist())
