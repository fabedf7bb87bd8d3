"""Numbers as people write them: with thousands, a currency, a unit, a decimal comma."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from math import isfinite

MINUS_SIGNS = "-−"
SPACES = r"\s"
MONEY = frozenset(
    "USD EUR GBP CHF JPY CNY RUB INR BRL CAD AUD SEK NOK DKK PLN CZK US R A C NZ HK kr Rs Rs. Fr Fr. CHF.".split()  # noqa: SIM905
)
"""Letters that stand before a sum of money; other letters before a number make it a name."""

TRAILING_MINUS = re.compile(rf"(.*[.,]\d+)[{MINUS_SIGNS}]")
"""A number as SAP writes a negative one; without a decimal mark, as in 2-, it can be a mark or a range."""

# sign, what stands before, sign, digits with separators between, exponent, what stands after
WRITTEN = re.compile(
    rf"([-+−]?)\s*([^\d\s.,'\u2019()+−-][^\d.,()+−-]{{0,4}}\.?)?\s*([-+−]?)\s*"
    rf"((?:\d(?:[\d.,'\u2019]|{SPACES}(?=\d))*|[.,]\d+)[.,]?)([eEdD][-+]?\d+)?\s*([^\d\s.,()_+−-][^\d()_]{{0,14}})?"
)


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the numbers of a column are written.

    `decimal` is the decimal mark, `thousands` what stands between groups of three digits ("" for nothing, " " for any
    space), `before` and `after` the currency or the unit beside the number.
    """

    decimal: str = "."
    thousands: str = ""
    before: str = ""
    after: str = ""

    def parse(self, cell: str) -> float | None:
        """Return the number in a cell; None if it is not a number, or is written in another style."""
        parts = split_number(cell)
        if parts is None or not self._allows(parts):
            return None
        return parts.value(self.decimal, self.thousands)

    def _allows(self, parts: "NumberParts") -> bool:
        before = parts.before == self.before or (not parts.before and is_currency(self.before))
        after = parts.after == self.after or (not parts.after and is_currency(self.after))
        return before and after

    def write_example(self) -> str:
        """Return a number that is written in this style."""
        number = f"{self.before}1{self.thousands}234{self.decimal}5"
        return f"{number} {self.after}" if self.after else number

    def describe(self) -> str:
        """Return the style in words; "" for plain numbers."""
        words = []
        if self.thousands:
            words.append(f"thousands with {NAMES_OF_MARKS[self.thousands]}")
        if self.decimal == ",":
            words.append("decimal comma")
        words += [f"in {unit}" for unit in (self.before, self.after) if unit]
        return ", ".join(words)


PLAIN = NumberStyle()
NAMES_OF_MARKS = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes"}


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number as it is written: its sign, what stands before it and after it, its digits with what separates them."""

    negative: bool
    before: str
    digits: str
    exponent: str
    after: str

    def value(self, decimal: str, thousands: str) -> float | None:
        """Return the number, read with these marks; None if it does not go with them."""
        if not _digits_pattern(decimal, thousands).fullmatch(self.digits):
            return None
        digits = self.digits.replace(thousands, "") if thousands else self.digits
        value = float(digits.replace(decimal, ".") + self.exponent)
        return (-value if self.negative else value) if isfinite(value) else None


@cache
def _digits_pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    mark = re.escape(decimal)
    plain = rf"\d+(?:{mark}\d*)?|{mark}\d+"
    if not thousands:
        return re.compile(plain)
    group = re.escape(thousands)
    return re.compile(rf"{plain}|[1-9]\d{{0,2}}(?:{group}\d{{3}})+(?:{mark}\d*)?")


def split_number(cell: str) -> NumberParts | None:
    """Return the parts of a cell that is one number with at most a currency or a unit; None for other text."""
    text = cell.strip()
    in_parentheses = text.startswith("(") and text.endswith(")")
    trailing = TRAILING_MINUS.fullmatch(text)
    match = WRITTEN.fullmatch(text[1:-1].strip() if in_parentheses else trailing[1] if trailing else text)
    if match is None:
        return None
    sign, before, inner_sign, digits, exponent, after = (part or "" for part in match.groups())
    before, after = before.strip(), after.strip()
    if digits.endswith(".") and after and not is_currency(after):
        return None  # as in "2. Middle Atlantic", which numbers a name
    is_marked = in_parentheses or trailing is not None
    if (sign and inner_sign) or (before and not is_currency(before)) or (is_marked and (sign or inner_sign)):
        return None
    # any apostrophe and any space are the same mark
    digits = re.sub(SPACES, " ", digits.replace("\u2019", "'"))
    negative = is_marked or (sign or inner_sign) in tuple(MINUS_SIGNS)
    return NumberParts(negative, before, digits, exponent.replace("D", "e").replace("d", "e"), after)


def is_currency(text: str) -> bool:
    """Whether this is the sign or the short name of a currency, such as $, US$ and EUR."""
    letters = "".join(each for each in text if unicodedata.category(each) != "Sc")
    return bool(text) and (not letters or letters in MONEY)


@dataclass(frozen=True, slots=True)
class FoundStyle:
    """The style of a column; `other_decimal` says that the other decimal mark would fit every number as well."""

    style: NumberStyle
    other_decimal: bool = False


def find_style(cells: Collection[str], decimal: str, beside_plain: bool = False, usual: str = ".") -> FoundStyle | None:
    """Return the one style in which all of these cells are numbers; None if there is none.

    `decimal` is ".", "," or "auto", which looks at all cells, and takes the `usual` mark where both would do.
    `beside_plain` says that there are plain numbers as well.
    """
    parts = []
    for cell in cells:
        part = split_number(cell)
        if part is None:
            return None
        parts.append(part)
    units = [_find_unit({part.before for part in parts}, beside_plain)]
    units += [_find_unit({part.after for part in parts}, beside_plain)]
    before, after = units
    if before is None or after is None:
        return None
    marks = {mark for mark in (".", ",") if decimal in ("auto", mark)}
    found = {mark: thousands for mark in marks if (thousands := _find_thousands(parts, mark)) is not None}
    if not found:
        return None
    chosen = usual if usual in found else next(iter(found))
    # a point alone is a decimal point, whatever else it could be; a comma alone can be both
    unclear = usual == "." and len(found) == 2 and any("," in part.digits for part in parts)
    return FoundStyle(NumberStyle(chosen, found[chosen], before, after), unclear)


def _find_unit(units: set[str], beside_plain: bool) -> str | None:
    """Return the one unit that all numbers have; None if they have several. A currency may be left out."""
    if beside_plain:
        units = units | {""}
    named = units - {""}
    if len(named) > 1:
        return None
    unit = next(iter(named), "")
    return unit if len(units) == 1 or is_currency(unit) else None


def _find_thousands(parts: list[NumberParts], decimal: str) -> str | None:
    """Return what stands between thousands in all numbers, "" for nothing; None if they do not go with the mark."""
    others = "".join(mark for mark in NAMES_OF_MARKS if mark != decimal)
    used = {mark for part in parts for mark in others if mark in part.digits}
    if len(used) > 1:
        return None
    thousands = next(iter(used), "")
    return thousands if all(part.value(decimal, thousands) is not None for part in parts) else None
