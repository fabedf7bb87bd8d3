"""Numbers as text: short, and padded to one width so that a changing number does not move its neighbours.

The screen shows the minus sign "−". Text that a program or a shell reads keeps "-".
"""

import re

MINUS = "−"

NOT_COMPUTED = "–"
"""Shown in place of a number that is not computed yet."""


def format_number(value: float | None, width: int = 8) -> str:
    """Format a number in at most 8 characters, right-aligned in `width`: 0.1234, −12.34, 1.2e−05.

    Below 10 it has four decimals, below 10,000 four digits, else two digits and a power of ten. None is "–".
    """
    return plain_number(value, width).replace("-", MINUS)


def plain_number(value: float | None, width: int = 8) -> str:
    """Format a number like `format_number`, with an ASCII minus: 0.1234, -12.34, 1.2e-05."""
    if value is None:
        return NOT_COMPUTED.rjust(width)
    size = abs(value)
    if value == 0:
        text = "0"
    elif 1e-3 <= size < 10:
        text = f"{value:.4f}"
    elif 10 <= size < 10_000:
        text = f"{value:.4g}"
    elif 1e-99 <= size < 1e99:
        text = f"{value:.1e}"
    else:
        text = f"{value:.0e}"
    return text.rjust(width)


def format_chosen(value: float) -> str:
    """Format a value the user chose, such as a learning rate, with six digits at most: 0.1, 0.005, 1e−05."""
    return f"{value:g}".replace("-", MINUS)


def typeset_minus(text: str) -> str:
    """Replace each "-" that is the sign of a number in the text by "−"; hyphens stay."""
    return re.sub(r"(?<!\w)-(?=[\d.])|(?<=\de)-(?=\d)", MINUS, text)


def format_share(value: float | None) -> str:
    """Format a share (0 to 1) in percent, without decimals; None is "–"."""
    return NOT_COMPUTED if value is None else f"{value:.0%}"


def format_count(count: int) -> str:
    """Format a count with commas between the thousands: 1,482."""
    return f"{count:,}"


def draw_bar(value: float, width: int) -> str:
    """Draw a bar that fills the share `value` (0 to 1) of `width` cells, to an eighth of a cell."""
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
