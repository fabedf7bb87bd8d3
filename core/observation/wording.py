"""Numbers in the sentences of findings: a few characters at any size."""

LARGEST = "more than 1e+308"
"""What stands for a ratio or a norm that is infinite, or nearly too large for a float."""

MOST_PERCENT = 10.0
"""From this multiple on percentages are no longer read easily, and a multiple is written instead."""


def write_number(value: float) -> str:
    """Write a number that is not negative: 0.98, 12.5, 4200; below 0.01 and from 1,000,000 on with a power of ten."""
    if value > 1e308:
        return LARGEST
    if value == 0:
        return "0"
    if not 0.01 <= value < 1e6:
        return f"{value:.2g}"
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def write_share(share: float, decimals: int = 0) -> str:
    """Write a share (0 to 1) in percent: 12%.

    0% and 100% are exact: a share that would be rounded to them is "less than 1%" or "more than 99%".
    """
    text, unit = f"{share:.{decimals}%}", 0.1**decimals
    if 0 < share < 1 and float(text[:-1]) in (0, 100):
        return f"less than {unit:.{decimals}f}%" if share < 0.5 else f"more than {100 - unit:.{decimals}f}%"
    return text


def write_multiple(multiple: float, whole: str) -> str:
    """Write a multiple of a whole: 12% of its weights, 35.0 times its weights."""
    if multiple < MOST_PERCENT:
        return f"{multiple:.0%} of {whole}"
    return f"{write_number(multiple)} times {whole}"


def write_rise(rise: float) -> str:
    """Write how far a number is above its lowest, as a share of that: 30% above its lowest, 36.0 times its lowest."""
    return f"{rise:.0%} above its lowest" if rise < MOST_PERCENT else f"{write_number(rise + 1)} times its lowest"
