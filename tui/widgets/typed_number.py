"""A number that is typed key by key, with a decimal point or comma, and either minus sign."""

import math

from textual import events

from gradstep.tui.numbers import MINUS

CHARACTERS = f"0123456789.,+-{MINUS}e"
LONGEST = 20
"""The characters that can be typed, and how many at most."""


def read_number(typed: str) -> float | None:
    """Return the typed text as a finite number, or None if it is not one."""
    try:
        value = float(_with_point(typed))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def read_half_unit(typed: str) -> float:
    """Return half a unit of the last digit of a typed number, of 24% as of 0.24."""
    digits, _, exponent = _with_point(typed.removesuffix("%")).partition("e")
    last_place = int(exponent or 0) - len(digits.partition(".")[2]) - 2 * typed.endswith("%")
    return float(f"0.5e{last_place}")


def _with_point(typed: str) -> str:
    return typed.replace(MINUS, "-").replace(",", ".")


def read_answer(typed: str) -> float | None:
    """Return the typed text as a number, 24% as 0.24; None if it is not one."""
    value = read_number(typed.removesuffix("%"))
    return value if value is None or not typed.endswith("%") else value / 100


def format_typed(typed: str) -> str:
    """Return the typed text as it is shown, with one minus sign."""
    return typed.replace("-", MINUS)


def apply_key(typed: str, event: events.Key) -> str | None:
    """Return the text after this key; None for a key that is not part of a number."""
    if event.key == "backspace":
        return typed[:-1]
    if event.character is not None and event.character in CHARACTERS and len(typed) < LONGEST:
        return typed + event.character
    return None
