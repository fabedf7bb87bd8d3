"""Numbers and sums as the walkthrough writes them."""


def number(value: float) -> str:
    """A number inside a formula: six digits."""
    return _signed(f"{float(value):.6g}")


def exact(value: float) -> str:
    """A result: twelve digits."""
    return _signed(f"{float(value):.12g}")


def _signed(text: str) -> str:
    """With the sign that typesetters use; and −0 is 0 to everyone who reads it."""
    return "0" if text == "-0" else text.replace("-", "−")


def factor(value: float) -> str:
    """A number after a sign: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def index(place: int) -> str:
    """The place as a subscript, counted from 1."""
    return str(place + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def summed(terms: list[float], texts: list[str], chosen: int | None, most: int = 4) -> str:
    """A sum term by term; of a long one the largest terms and the chosen one, and what the others add up to."""
    if len(terms) <= most + 1:
        return plus(texts)
    largest = sorted(range(len(terms)), key=lambda place: -abs(terms[place]))
    if chosen is not None and chosen < len(terms):
        largest = [chosen, *(place for place in largest if place != chosen)]
    shown = sorted(largest[:most])
    rest = float(sum(terms) - sum(terms[place] for place in shown))
    return plus([*(texts[place] for place in shown), f"({len(terms) - most} more: {number(rest)})"])


def plus(texts: list[str]) -> str:
    """The terms of a sum in a row, with − instead of + before negative ones."""
    return " + ".join(texts).replace("+ −", "− ")
