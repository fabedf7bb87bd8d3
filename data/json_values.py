"""Numbers as JSON can write them."""

import math
from typing import Any


def make_finite(value: Any) -> Any:
    """Replace infinities and NaN, which JSON has no word for, by None, in tables and lists too."""
    if isinstance(value, dict):
        return {key: make_finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [make_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
