"""What a theme of Textual's changes: the grounds, the edges, and Textual's own widgets.

The colours with a meaning stay as they are (`gradstep.tui.drawing.palette`), so the grounds of a theme are darkened
until these can be read on them. On a light background all colours are converted afterwards, as always.
"""

DEFAULT_THEME = "textual-dark"

THEMES = (
    DEFAULT_THEME, "nord", "gruvbox", "catppuccin-mocha", "catppuccin-frappe", "catppuccin-macchiato", "dracula",
    "tokyo-night", "monokai", "flexoki", "solarized-dark", "rose-pine", "rose-pine-moon", "atom-one-dark",
)  # fmt: skip
"""Textual's dark themes. Its light ones are not needed: `--background light` makes a light one of each."""

DEFAULT_COLOURS = {
    "ground": "#121212",
    "box": "#181b21",
    "bar": "#1f232b",
    "card": "#1b2430",
    "edge": "#3a404c",
    "mark": "#569cff",
}
"""The colours of the default theme: of screens, dialogs, the first and the last line, cards, borders, and the focus."""

LEAST_CONTRAST = {"ground": 4.5, "box": 4.3, "bar": 4.2, "card": 4.2}
"""The least contrast of the faintest text on each ground, as WCAG 2 defines it; the default theme has no more."""

EDGE_CONTRAST, MARK_CONTRAST = 1.6, 4.5
"""The least contrast of a border with the ground, and of the border of what has the focus."""

PORTION = 0.04
"""How far a colour is moved at once."""

RGB = tuple[int, int, int]


def make_theme_colours(name: str) -> dict[str, str]:
    """Return the variables of the style sheet for one of THEMES: a colour for each of DEFAULT_COLOURS."""
    # here, because the names of the themes are needed before anything is drawn
    from textual.color import Color
    from textual.theme import BUILTIN_THEMES

    from gradstep.tui.drawing.palette import QUIET

    if name == DEFAULT_THEME:
        return dict(DEFAULT_COLOURS)
    theme = BUILTIN_THEMES[name].to_color_system().generate()
    found = {
        "ground": theme["background"],
        "box": theme["background"],
        "bar": theme["surface"],
        "card": theme["surface"],
        "edge": theme["panel"],
        "mark": theme["primary"],
    }
    colours = {variable: Color.parse(value).rgb for variable, value in found.items()}
    for variable, least in LEAST_CONTRAST.items():
        colours[variable] = _move(colours[variable], (0, 0, 0), QUIET, least)
    for variable, least in (("edge", EDGE_CONTRAST), ("mark", MARK_CONTRAST)):
        colours[variable] = _move(colours[variable], (255, 255, 255), colours["ground"], least)
    return {variable: "#{:02x}{:02x}{:02x}".format(*colour) for variable, colour in colours.items()}


def _move(colour: RGB, towards: RGB, other: RGB, least: float) -> RGB:
    """Return the first colour on the way to another one that has this contrast with `other`."""
    share = 0.0
    moved = colour
    while compute_contrast(moved, other) < least and share < 1:
        share += PORTION
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, towards, strict=True))
        moved = (red, green, blue)
    return moved


def compute_contrast(first: RGB, second: RGB) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((_compute_luminance(first), _compute_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _compute_luminance(colour: RGB) -> float:
    shares = (value / 255 for value in colour)
    linear = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
