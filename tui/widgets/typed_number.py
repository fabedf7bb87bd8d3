"""A number that a person types, key by key. A decimal comma and either minus sign are taken."""

import math

from textual import events

from gradstep.tui.numbers import MINUS

CHARACTERS = f"0123456789.,+-{MINUS}e"
LONGEST = 20


def read_number(typed: str) -> float | None:
    """What is typed as a finite number; None while it is none."""
    try:
        value = float(typed.replace(MINUS, "-").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def type_key(typed: str, event: events.Key) -> str | None:
    """The text after this key; None for a key that types nothing of a number."""
    if event.key == "backspace":
        return typed[:-1]
    if event.character is not None and event.character in CHARACTERS and len(typed) < LONGEST:
        return typed + event.character
    return None
