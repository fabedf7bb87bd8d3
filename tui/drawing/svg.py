"""Lines of styled text as an SVG picture, which loads nothing and needs no font but one with cells of equal width.

The blocks of Unicode, of which images and bars are made, are drawn as rectangles: fonts leave gaps between them.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from rich.color import Color, ColorSystem, blend_rgb
from rich.color_triplet import ColorTriplet
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.strip import Strip

from gradstep.tui.drawing.cells import count_cells, make_drawable
from gradstep.tui.drawing.glyph_fallback import make_glyph_table
from gradstep.tui.terminal.capabilities import Background, TerminalCapabilities

WIDTH, HEIGHT = 12, 24
"""Of a cell, in pixels. Most fonts of 20 pixels have characters 12 pixels wide."""

BASELINE = 18
"""The distance of the baseline from the top of the cell, in pixels."""

MARGIN = 12

FONTS = "'DejaVu Sans Mono',Menlo,Consolas,monospace"

DIMMED = 0.4
"""How far the colour of dim text is from its own to the background, as in Textual's pictures."""

UPPER_HALF, FULL, LEFT_EIGHTH = "▀█▏"

PART = re.compile(rf"(?P<block>[{UPPER_HALF}-{LEFT_EIGHTH}])(?P=block)*|[^\s▀-▏]+(?: [^\s▀-▏]+)*")
"""A row of equal blocks, or words with single spaces between them: no viewer drops those."""

NO_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
"""What no XML may contain, and `make_drawable` leaves."""


def _parse_theme(own: str, normal: str, bright: str) -> TerminalTheme:
    """Make a theme of hexadecimal colours: background and text, then the 16 ANSI colours in their order."""
    (background, text), *ansi = ([_parse_colour(code) for code in row.split()] for row in (own, normal, bright))
    return TerminalTheme(background, text, *ansi)


def _parse_colour(code: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


THEMES: dict[Background, TerminalTheme] = {
    "dark": _parse_theme(
        "121212 d4d4d4",
        "000000 cd4646 50a05a c88c32 4678c8 aa5aa5 3296a0 d4d4d4",
        "6e6e6e f56e6e 78d787 ffbe5a 6ea5ff eb87e1 55d7e1 ffffff",
    ),
    "light": _parse_theme(
        "f9f9f9 464646",
        "000000 be1e1e 147328 a05f00 1446b4 8c2882 006e7d 5a5a5a",
        "828282 d75555 3c9650 be7d1e 507dd7 b455aa 2896a5 282828",
    ),
}
"""The terminal's own background, text and 16 colours, which the program does not know."""


class SvgSheet:
    """Draws lines as SVG elements, whose styles it collects; `finish` makes a picture of them."""

    def __init__(self, capabilities: TerminalCapabilities) -> None:
        self._theme = THEMES[capabilities.background]
        self._glyphs = make_glyph_table(capabilities.glyphs) or {}
        self._rounds = capabilities.colours == "256"
        self._classes: dict[str, str] = {}
        self._canvas = self._find_shown(Color.from_triplet(self._theme.background_color), False)

    def draw(self, line: Strip, row: int, column: int = 0) -> str:
        """Return the elements of a line that begins at this cell: its backgrounds, then its text and blocks."""
        backgrounds, texts, x, y = "", "", column * WIDTH, row * HEIGHT
        for text, style, _ in line.discard_meta().simplify():
            text = make_drawable(text).translate(NO_XML).translate(self._glyphs)
            colour, background = self._find_colours(style or Style.null())
            width = count_cells(text) * WIDTH
            if background != self._canvas:
                backgrounds += _draw_rectangle(x, y, width, HEIGHT, background)
            texts += "".join(self._draw_parts(text, x, y, colour, style or Style.null()))
            x += width
        return backgrounds + texts

    def cover(self, row: int, column: int, cells: int) -> str:
        """Return an element that hides what was drawn on these cells before."""
        return _draw_rectangle(column * WIDTH, row * HEIGHT, cells * WIDTH, HEIGHT, self._canvas)

    def _draw_parts(self, text: str, x: int, y: int, colour: ColorTriplet, style: Style) -> Iterator[str]:
        for part in PART.finditer(text):
            left, width = x + count_cells(text[: part.start()]) * WIDTH, count_cells(part[0]) * WIDTH
            if part["block"]:
                yield _draw_block(part["block"], left, y, width, colour)
            else:
                length = f' textLength="{width}"' if width > WIDTH else ""
                name = self._name_class(colour, style)
                yield f'<text class="{name}" x="{left}" y="{y + BASELINE}"{length}>{escape(part[0])}</text>'

    def _name_class(self, colour: ColorTriplet, style: Style) -> str:
        weight = ";font-weight:bold" if style.bold else ""
        line = ";text-decoration:underline" if style.underline else ""
        return self._classes.setdefault(f"fill:{colour.hex}{weight}{line}", f"s{len(self._classes)}")

    def _find_colours(self, style: Style) -> tuple[ColorTriplet, ColorTriplet]:
        """Return the colours of the text and of its background as the terminal shows them."""
        text, ground = self._find_shown(style.color, True), self._find_shown(style.bgcolor, False)
        if style.reverse:
            text, ground = ground, text
        return (blend_rgb(text, ground, DIMMED) if style.dim else text), ground

    def _find_shown(self, colour: Color | None, of_text: bool) -> ColorTriplet:
        if colour is None:
            return self._theme.foreground_color if of_text else self._canvas
        shown = colour.downgrade(ColorSystem.EIGHT_BIT) if self._rounds else colour
        return shown.get_truecolor(self._theme, of_text)

    def finish(self, elements: str, columns: int, rows: int, title: str, css: str = "") -> str:
        """Return the picture with these elements, for a screen of so many cells; `css` is added to its style sheet."""
        width, height = columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN
        styles = "".join(f".{name}{{{rules}}}" for rules, name in self._classes.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}">\n<title>{escape(title)}</title>\n'
            f"<style>text{{font:20px {FONTS}}}g rect{{shape-rendering:crispEdges}}{styles}{css}</style>\n"
            f'<rect width="{width}" height="{height}" rx="8" fill="{self._canvas.hex}"/>\n'
            f'<g transform="translate({MARGIN} {MARGIN})">\n{elements}</g>\n</svg>\n'
        )


def draw_svg(lines: Sequence[Strip], capabilities: TerminalCapabilities, title: str) -> str:
    """Return a picture of the lines as a terminal with these capabilities shows them."""
    sheet = SvgSheet(capabilities)
    elements = "".join(f"{sheet.draw(line, row)}\n" for row, line in enumerate(lines))
    return sheet.finish(elements, max(line.cell_length for line in lines), len(lines), title)


def _draw_block(block: str, x: int, y: int, width: int, colour: ColorTriplet) -> str:
    """Draw a row of equal blocks: an upper half, eighths from below, or eighths from the left."""
    if block == UPPER_HALF:
        return _draw_rectangle(x, y, width, HEIGHT // 2, colour)
    if block <= FULL:
        height = (ord(block) - ord(UPPER_HALF)) * HEIGHT // 8
        return _draw_rectangle(x, y + HEIGHT - height, width, height, colour)
    part = (ord(LEFT_EIGHTH) + 1 - ord(block)) * WIDTH / 8
    return "".join(_draw_rectangle(left, y, part, HEIGHT, colour) for left in range(x, x + width, WIDTH))


def _draw_rectangle(x: int, y: int, width: float, height: float, colour: ColorTriplet) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:g}" height="{height:g}" fill="{colour.hex}"/>'
