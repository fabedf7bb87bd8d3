"""Numbers as text: short, and of one width wherever they change.

The screen writes the minus sign "−". Text that a program or a shell reads back keeps "-".
"""

import re

MINUS = "−"

NOT_COMPUTED = "–"
"""What is not computed yet is drawn as this, never as 0."""


def format_number(value: float | None, width: int = 8) -> str:
    """Four decimals, four digits or two and a power of ten, in 8 characters at most: 0.1234, −12.34, 1.2e−05."""
    return plain_number(value, width).replace("-", MINUS)


def plain_number(value: float | None, width: int = 8) -> str:
    """The same with an ASCII minus: 0.1234, -12.34, 1.2e-05."""
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
    """A value a person chose, such as a learning rate: 0.1, 0.005, 1e−05."""
    return f"{value:g}".replace("-", MINUS)


def typeset_minus(text: str) -> str:
    """Words with numbers, each "-" before a digit that is no hyphen turned into "−"."""
    return re.sub(r"(?<!\w)-(?=[\d.])|(?<=\de)-(?=\d)", MINUS, text)


def format_share(value: float | None) -> str:
    """A share of 1 in percent, four characters or a dash."""
    return NOT_COMPUTED if value is None else f"{value:.0%}"


def format_count(count: int) -> str:
    """A count with its thousands apart: 1,482."""
    return f"{count:,}"


def draw_bar(value: float, width: int) -> str:
    """A bar of `value` (0 to 1) of `width` cells, drawn to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, value)) * width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


def draw_sparkline(counts: tuple[int, ...], rows: int = 1, row: int = 0) -> str:
    """Counts as columns `rows` lines tall, to an eighth of a line, and of these lines number `row` from the bottom.

    What is there at all is never drawn as nothing.
    """
    largest = max(counts, default=0)
    eighths = (-(-count * 8 * rows // largest) - 8 * row if count else 0 for count in counts)
    return "".join(" ▁▂▃▄▅▆▇█"[max(0, min(8, height))] for height in eighths)
