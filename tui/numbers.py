"""Numbers as text: short, and padded to one width so that a changing number does not move its neighbours.

The screen shows the minus sign "−". Text that a program or a shell reads keeps "-".
"""

import math
import re
from decimal import Decimal

MINUS = "−"

NOT_COMPUTED = "–"
"""Shown in place of a number that is not computed yet."""


LONGEST = 8
"""Characters of the longest number."""

MOST_DIGITS = 7
"""The most digits of a number that has more than others to show a small difference."""

LONGEST_OF_DATA = 18
"""Characters of the longest number of the data."""


def format_number(value: float | None, width: int = 8) -> str:
    """Format a number in at most 8 characters, right-aligned in `width`: 0.1234, −12.34, 1.2e−05.

    A whole number has no decimal point: 0, 1, 2011. Any other has four decimals below 10, else four digits and one
    decimal at least, and from 100,000 on two digits and a power of ten. One that would be rounded to a whole number has
    more decimals, and what does not fit is cut and not rounded: 0.99996, 0.999999. None is "–".
    """
    return plain_number(value, width).replace("-", MINUS)


def plain_number(value: float | None, width: int = 8) -> str:
    """Format a number like `format_number`, with an ASCII minus: 0.1234, -12.34, 1.2e-05."""
    if value is None:
        return NOT_COMPUTED.rjust(width)
    size = abs(value)
    if size < 1e7 and value == int(value):
        text = f"{int(value)}"
    elif 1e-3 <= size < 1e5:
        text = _format_decimals(value, 4 if size < 10 else 2 if size < 100 else 1)[:LONGEST]
    elif 1e-99 <= size < 1e99:
        text = f"{value:.1e}"
    else:
        text = f"{value:.0e}"
    return text.rjust(width)


def _format_decimals(value: float, decimals: int) -> str:
    """Format a number that is not whole with so many decimals, or more if it would be rounded to a whole number."""
    while float(text := f"{value:.{decimals}f}").is_integer():
        decimals += 1
    return text


def format_beside(value: float, difference: float) -> str:
    """Format a number like `format_number`, with so many decimals that two digits of this difference from it show.

    0.010573 beside 0.010506, where the difference is −0.000067. The other number, which is larger by the difference,
    and the difference have the same decimals, and a subtraction comes out. There are at most MOST_DIGITS digits.
    """
    if not value or not difference or not math.isfinite(value + difference):
        return format_number(value, 0)
    decimals = _count_decimals(value, difference)
    if decimals is not None:
        return f"{value:.{decimals}f}".replace("-", MINUS)
    digits = min(MOST_DIGITS, _find_exponent(value) - _find_exponent(difference) + 2)
    return f"{value:.{digits - 1}e}".replace("-", MINUS) if digits > 2 else format_number(value, 0)


def format_change(change: float, value: float, difference: float) -> str:
    """Format a change with its sign, to the decimals that `format_beside` gives this value and difference."""
    text = format_number(change, 0)
    decimals = _count_decimals(value, difference) if math.isfinite(value + change) and value and difference else None
    if decimals is not None and abs(change) >= 10.0 ** (1 - decimals):
        text = f"{change:.{decimals}f}".replace("-", MINUS)
    return f"+{text}" if change > 0 else text


def _count_decimals(value: float, difference: float) -> int | None:
    """Return the decimals that show two digits of the difference, or more, so that it comes out of a subtraction.

    None for a number with a power of ten.
    """
    size = _find_exponent(value)
    if not 1e-3 <= abs(value) < 1e5:
        return None
    usual = 4 if size < 1 else 2 if size < 2 else 1
    most = MOST_DIGITS - 1 - size
    fewest = max(usual, min(1 - _find_exponent(difference), most))
    comes_out = (each for each in range(fewest, most + 1) if _comes_out(value, difference, each))
    return next(comes_out, fewest)


def _comes_out(value: float, difference: float, decimals: int) -> bool:
    """Whether two numbers written with so many decimals differ by their difference written so."""
    one, other, apart = (float(f"{each:.{decimals}f}") for each in (value, value + difference, difference))
    return abs(other - one - apart) < 0.5 * 10.0**-decimals


def _find_exponent(value: float) -> int:
    """Return the power of ten of the first digit."""
    return math.floor(math.log10(abs(value)))


def format_of_data(value: float) -> str:
    """Format a number of the data, in its unit: 2011, 5.1000, 4205.716, 1460132.1, 2.5e−07.

    A whole number is written whole, any other like `format_number` below 1000, and from there with seven digits and one
    decimal at least.
    """
    size = abs(value)
    if size <= 1e15 and value == int(value):
        return f"{int(value)}".replace("-", MINUS)
    if not 1e3 <= size < 1e15:
        return format_number(value, 0)
    decimals = max(1, 6 - math.floor(math.log10(size)))
    return _format_decimals(value, decimals)[:LONGEST_OF_DATA].replace("-", MINUS)


def format_chosen(value: float) -> str:
    """Format a value the user chose, such as a learning rate, with six digits at most: 0.1, 0.005, 1e−05."""
    return f"{value:g}".replace("-", MINUS)


def typeset_minus(text: str) -> str:
    """Replace each "-" that is the sign of a number in the text by "−"; hyphens stay."""
    return re.sub(r"(?<!\w)-(?=[\d.])|(?<=\de)-(?=\d)", MINUS, text)


def format_share(value: float | None, decimals: int = 0) -> str:
    """Format a share (0 to 1) in percent: 12%. None is "–".

    0% and 100% are exact: a share that would be rounded to them is <1% or >99%.
    """
    if value is None:
        return NOT_COMPUTED
    text, unit = f"{value:.{decimals}%}", 0.1**decimals
    if 0 < value < 1 and float(text[:-1]) in (0, 100):
        return f"<{unit:.{decimals}f}%" if value < 0.5 else f">{100 - unit:.{decimals}f}%"
    return text


def plain_share(share: float) -> str:
    """Format a share (0 to 1) with four decimals, or more if it would be rounded to 0 or 1: 0.9667, 0.99996, 1.0000."""
    return f"{share:.4f}" if share in (0, 1) else _format_decimals(share, 4)


def format_points(difference: float) -> str:
    """Format the difference of two shares in points of a percent: 3.3 points; with one digit if that would be 0."""
    points = 100 * difference
    text = f"{points:.1f}" if points == 0 or abs(points) >= 0.05 else f"{points:.1g}"
    return f"{text} points".replace("-", MINUS)


def format_count(count: int) -> str:
    """Format a count with commas between the thousands: 1,482; from 1e15 on with a power of ten: 1.00000e+30."""
    return f"{count:,}" if abs(count) < 10**15 else format_large_count(count)


def format_large_count(count: int) -> str:
    """Format a whole number that may be larger than any float with six digits and a power of ten: 1.23457e+400."""
    return f"{Decimal(count):.5e}"


def draw_bar(value: float, width: int) -> str:
    """Draw a bar that fills the share `value` (0 to 1) of `width` cells, to an eighth of a cell; none for NaN."""
    if math.isnan(value):
        return ""
    eighths = round(max(0.0, min(1.0, value)) * width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


def draw_sparkline(counts: tuple[int, ...], rows: int = 1, row: int = 0) -> str:
    """Draw one line of a bar chart of counts that is `rows` lines tall; `row` 0 is its lowest line.

    Columns are exact to an eighth of a line. A count above 0 is never drawn as nothing.
    """
    largest = max(counts, default=0)
    eighths = (-(-count * 8 * rows // largest) - 8 * row if count else 0 for count in counts)
    return "".join(" ▁▂▃▄▅▆▇█"[max(0, min(8, height))] for height in eighths)
