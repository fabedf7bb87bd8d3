"""Numbers and sums as formulas write them."""


def number(value: float) -> str:
    """A number inside a formula: six digits."""
    return _signed(f"{float(value):.6g}")


def exact(value: float) -> str:
    """A result: twelve digits."""
    return _signed(f"{float(value):.12g}")


def _signed(text: str) -> str:
    """With the minus sign −; negative zero is written 0."""
    return "0" if text == "-0" else text.replace("-", "−")


def factor(value: float) -> str:
    """A number after a sign: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def subscript(index: int) -> str:
    """An index from 0 as a subscript from 1."""
    return str(index + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def written_sum(terms: list[float], texts: list[str], chosen: int | None, most: int = 4) -> str:
    """A sum of `terms`, written with their `texts`.

    Of a long sum the largest terms and the chosen one are written, and then the sum of the others.
    """
    if len(terms) <= most + 1:
        return joined_with_signs(texts)
    largest = sorted(range(len(terms)), key=lambda index: -abs(terms[index]))
    if chosen is not None and chosen < len(terms):
        largest = [chosen, *(index for index in largest if index != chosen)]
    shown = sorted(largest[:most])
    rest = float(sum(terms) - sum(terms[index] for index in shown))
    return joined_with_signs([*(texts[index] for index in shown), f"({len(terms) - most} more: {number(rest)})"])


def joined_with_signs(texts: list[str]) -> str:
    """The terms of a sum in a row, with − instead of + before negative ones."""
    return " + ".join(texts).replace("+ −", "− ")
