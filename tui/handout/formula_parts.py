"""Takes a line of a formula, as the ledger writes it, apart into what is set in different ways on paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["words", "number", "power of ten", "exponent", "root", "letter", "sign"]

PATTERN = re.compile(
    r"""
    (?P<power_of_ten> (?P<mantissa>\d+(?:\.\d+)?) e (?P<ten>[+−-]?\d+) )
  | (?P<number> \d+(?:\.\d+)? )
  | \^ (?P<exponent> −? (?: \( (?:[^()]|\([^()]*\))* \) | \d+(?:\.\d+)?(?:e[+−-]?\d+)? | [^\W\d_][₀-₉ᵢⱼₖ]* ) )
  | √ (?P<root> \( (?:[^()]|\([^()]*\))* \) | \d+(?:\.\d+)?(?:e[+−-]?\d+)? | [^\W\d_]\u0302? )
  | (?P<words> [A-Za-zА-Яа-яЁё]{2,} )
  | (?P<letter> [A-Za-zαδθμρεσŷŝ]\u0302? )
  | (?P<sign> .)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a formula: an exponent and a root without their sign, a power of ten as mantissa and exponent."""

    kind: Kind
    text: str
    exponent: str = ""


def split_formula(text: str) -> Iterator[Part]:
    """Yield the parts of a line from left to right."""
    for match in PATTERN.finditer(text):
        if match["power_of_ten"]:
            yield Part("power of ten", match["mantissa"], str(int(match["ten"].replace("−", "-"))).replace("-", "−"))
            continue
        kind = match.lastgroup
        assert kind is not None
        yield Part(kind, match[kind])  # type: ignore[arg-type]
