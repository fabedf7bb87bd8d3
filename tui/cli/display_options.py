"""The options of every command that draws a screen."""

import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Signature, signature
from typing import Annotated, Any, Literal

from typer import Option

from gradstep.core.errors import GradstepError
from gradstep.tui.cli.completions import complete_pace
from gradstep.tui.terminal.capabilities import (
    FRAMES_A_SECOND,
    Colours,
    Glyphs,
    TerminalCapabilities,
    detect_capabilities,
)

DEFAULT_PACE = "50"

MOST_FRAMES = 60.0
"""The largest value of `--fps`."""

SLOW_FRAMES = 1.0
SLOW_COLOURS: Colours = "16"
SLOW_GLYPHS: Glyphs = "ascii"
"""What `--link slow` chooses: fewer bytes to send than anything else."""

SCREEN = "Screen"
"""The heading of these options in the help."""

Pace = Annotated[
    str,
    Option(metavar="N|max", help="Steps a second on the screen.", rich_help_panel=SCREEN, autocompletion=complete_pace),
]

Fps = Annotated[
    float | None,
    Option(metavar="N", help="Frames a second on the screen.", rich_help_panel=SCREEN, show_default="4"),
]

LinkSpeed = Annotated[
    Literal["auto", "slow"],
    Option("--link", metavar="NAME", help="auto, slow; slow sends as little as possible.", rich_help_panel=SCREEN),
]

ColoursToUse = Annotated[
    Literal["auto", "truecolor", "256", "16", "none"],
    Option(
        "--colours",
        metavar="NAME",
        help="Colours to draw with: auto, truecolor, 256, 16, none.",
        rich_help_panel=SCREEN,
    ),
]

GlyphsToUse = Annotated[
    Literal["auto", "braille", "block", "ascii"],
    Option(
        "--glyphs",
        metavar="NAME",
        help="Characters to draw with: auto, braille, block, ascii.",
        rich_help_panel=SCREEN,
    ),
]

BackgroundToUse = Annotated[
    Literal["auto", "dark", "light"],
    Option(
        "--background",
        metavar="NAME",
        help="Background of the terminal: auto, dark, light; light suits a projector.",
        rich_help_panel=SCREEN,
    ),
]

Mouse = Annotated[bool, Option(help="Let the mouse click on panels and keys.", rich_help_panel=SCREEN)]


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """How a run is shown.

    `pace` is in steps a second, None for no limit. `frames` is in frames a second. `mouse` says whether it is used.
    """

    pace: float | None
    frames: float
    capabilities: TerminalCapabilities
    mouse: bool


def read_display_options(
    pace: Pace = DEFAULT_PACE,
    fps: Fps = None,
    link: LinkSpeed = "auto",
    colours: ColoursToUse = "auto",
    glyphs: GlyphsToUse = "auto",
    background: BackgroundToUse = "auto",
    mouse: Mouse = True,
) -> DisplayOptions:
    """Read the options of a command; "auto" is detected from the terminal. Raises GradstepError for a bad value."""
    slow = link == "slow"
    capabilities = detect_capabilities(
        os.environ,
        _find_encoding(os.environ),
        colours if colours != "auto" else SLOW_COLOURS if slow and "NO_COLOR" not in os.environ else None,
        glyphs if glyphs != "auto" else SLOW_GLYPHS if slow else None,
        background if background != "auto" else None,
    )
    frames = SLOW_FRAMES if slow else FRAMES_A_SECOND
    return DisplayOptions(_read_pace(pace), _check_frames(fps) or frames, capabilities, mouse)


def with_display_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of `read_display_options`. It receives what that returns as `display`."""
    own = [each for each in signature(command).parameters.values() if each.name != "display"]
    shared = signature(read_display_options).parameters

    @wraps(command)
    def run(**arguments: Any) -> int:
        display = read_display_options(**{name: arguments.pop(name) for name in shared})
        return command(**arguments, display=display)

    # Typer reads the options from these two
    parameters = [*own, *shared.values()]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _find_encoding(environment: Mapping[str, str]) -> str:
    """Return the encoding of the locale.

    In the C locale Python uses UTF-8 and sets LC_CTYPE itself, so neither says what the terminal can show.
    """
    locale = environment.get("LC_ALL") or environment.get("LANG")
    if locale and sys.flags.utf8_mode:
        return locale.partition("@")[0].rpartition(".")[2]
    return sys.stderr.encoding if sys.stderr else "utf-8"


def _read_pace(text: str) -> float | None:
    """Read the steps a second; None for no limit. Raises GradstepError."""
    if text == "max":
        return None
    try:
        pace = float(text)
    except ValueError:
        pace = 0.0
    if not 0 < pace < math.inf:
        raise GradstepError(f"--pace {text}: must be a number above 0, or max")
    return pace


def _check_frames(frames: float | None) -> float | None:
    """Return the frames a second. Raises GradstepError if they are out of range."""
    if frames is not None and not 0 < frames <= MOST_FRAMES:
        raise GradstepError(f"--fps {frames:g}: must be a number above 0, up to {MOST_FRAMES:g}")
    return frames
