"""How the four panels of the training screen are arranged."""

WIDTH, HEIGHT = 80, 24
"""The size in cells that two rows of two panels need."""


def choose_arrangement(width: int, height: int) -> str:
    """Choose the arrangement for a terminal of this size: a square, a column, a row, or one panel alone."""
    if width >= WIDTH and height >= HEIGHT:
        return "square"
    if height >= 2 * HEIGHT:
        return "column"
    return "row" if width >= 2 * WIDTH else "one"
