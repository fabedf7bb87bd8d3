"""What the terminal can show: how many colours, which glyphs, on which background."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Colours = Literal["truecolor", "256", "16", "none"]


Glyphs = Literal["braille", "block", "ascii"]


Background = Literal["dark", "light"]


LIGHT_GROUNDS = ("7", "15")
"""The terminal's white and bright white, as COLORFGBG names the background."""


@dataclass(frozen=True, slots=True)
class TerminalCapabilities:
    """How the screen is drawn."""

    colours: Colours = "truecolor"
    glyphs: Glyphs = "braille"
    background: Background = "dark"

    @property
    def shaded(self) -> bool:
        """Whether colours come in shades; where they do not, a drawing tells sizes by signs."""
        return self.colours in ("truecolor", "256")


FULL_CAPABILITIES = TerminalCapabilities()
"""Everything that a terminal can show, on a dark ground."""


def detect_capabilities(
    environment: Mapping[str, str],
    encoding: str | None,
    colours: Colours | None = None,
    glyphs: Glyphs | None = None,
    background: Background | None = None,
) -> TerminalCapabilities:
    """The capabilities of a terminal with this environment and encoding; what is given comes before what they say."""
    return TerminalCapabilities(
        colours or _colours(environment), glyphs or _glyphs(environment, encoding), background or _ground(environment)
    )


def _colours(environment: Mapping[str, str]) -> Colours:
    """As rich reads COLORTERM and TERM; NO_COLOR counts even when it is empty (no-color.org)."""
    term = environment.get("TERM", "").strip().lower()
    if "NO_COLOR" in environment or term in ("dumb", "unknown"):
        return "none"
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    return "256" if term.rpartition("-")[2] in ("256color", "kitty") else "16"


def _glyphs(environment: Mapping[str, str], encoding: str | None) -> Glyphs:
    """The Linux console has no braille; another encoding than UTF-8 may have nothing but ASCII."""
    if (encoding or "").lower().replace("-", "").replace("_", "") != "utf8":
        return "ascii"
    return "block" if environment.get("TERM") == "linux" else "braille"


def _ground(environment: Mapping[str, str]) -> Background:
    """COLORFGBG is `foreground;background`, or `foreground;other;background`."""
    return "light" if environment.get("COLORFGBG", "").rpartition(";")[2] in LIGHT_GROUNDS else "dark"


FRAMES_A_SECOND = 4.0
