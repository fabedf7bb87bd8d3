"""What the terminal can show: the number of colours, the glyphs, and the background."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Colours = Literal["truecolor", "256", "16", "none"]
Glyphs = Literal["braille", "block", "ascii"]
Background = Literal["dark", "light"]

OTHER_BACKGROUND: dict[Background, Background] = {"dark": "light", "light": "dark"}

LIGHT_BACKGROUNDS = ("7", "15")
"""The ANSI colours white and bright white, as COLORFGBG gives the background."""


@dataclass(frozen=True, slots=True)
class TerminalCapabilities:
    """The colours and glyphs that the terminal can show, and its background."""

    colours: Colours = "truecolor"
    glyphs: Glyphs = "braille"
    background: Background = "dark"

    @property
    def shaded(self) -> bool:
        """Whether there are enough colours for shades. Without them a drawing shows sizes by characters."""
        return self.colours in ("truecolor", "256")


FULL_CAPABILITIES = TerminalCapabilities()
"""All colours and glyphs, on a dark background."""


def detect_capabilities(
    environment: Mapping[str, str],
    encoding: str | None,
    colours: Colours | None = None,
    glyphs: Glyphs | None = None,
    background: Background | None = None,
) -> TerminalCapabilities:
    """Detect the capabilities from the environment and the encoding; those that are given are used as they are."""
    return TerminalCapabilities(
        colours or _detect_colours(environment),
        glyphs or _detect_glyphs(environment, encoding),
        background or _detect_background(environment),
    )


def _detect_colours(environment: Mapping[str, str]) -> Colours:
    """Read COLORTERM and TERM as rich does; NO_COLOR, even if empty, means no colours."""
    term = environment.get("TERM", "").strip().lower()
    if "NO_COLOR" in environment or term in ("dumb", "unknown"):
        return "none"
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if term.rpartition("-")[2] in ("256color", "kitty") else "16"


def _detect_glyphs(environment: Mapping[str, str], encoding: str | None) -> Glyphs:
    """Return blocks on the Linux console, which has no braille, and ASCII for any encoding but UTF-8."""
    if (encoding or "").lower().replace("-", "").replace("_", "") != "utf8":
        return "ascii"
    return "block" if environment.get("TERM") == "linux" else "braille"


def _detect_background(environment: Mapping[str, str]) -> Background:
    """Read COLORFGBG, which is `foreground;background` or `foreground;other;background`."""
    return "light" if environment.get("COLORFGBG", "").rpartition(";")[2] in LIGHT_BACKGROUNDS else "dark"


FRAMES_A_SECOND = 4.0
"""Frames a second that are drawn by default."""
