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
from gradstep.data.choices import describe_choices
from gradstep.tui.cli.completions import complete_pace, complete_theme
from gradstep.tui.cli.config_path import find_config
from gradstep.tui.drawing.spelling import spell_signs
from gradstep.tui.drawing.theme import DEFAULT_THEME, THEMES
from gradstep.tui.keymap import choose_keys
from gradstep.tui.terminal.browser import ENCODING, ENVIRONMENT, is_in_browser
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

SCREEN = "Screen (gradstep config: defaults of your own)"
"""The heading of these options in the help."""

DEFAULTS: dict[str, Any] = {
    "pace": DEFAULT_PACE,
    "fps": None,
    "link": "auto",
    "colours": "auto",
    "glyphs": "auto",
    "background": "auto",
    "theme": DEFAULT_THEME,
    "mouse": True,
}
"""What the options of `read_display_options` are where neither the command line nor the configuration has them."""

Pace = Annotated[
    str | None,
    Option(
        metavar="N|max",
        help="Steps a second on the screen.",
        rich_help_panel=SCREEN,
        show_default=DEFAULT_PACE,
        autocompletion=complete_pace,
    ),
]

Fps = Annotated[
    float | None,
    Option(metavar="N", help="Frames a second on the screen.", rich_help_panel=SCREEN, show_default="4"),
]

LinkSpeed = Annotated[
    Literal["auto", "slow"] | None,
    Option(
        "--link",
        metavar="NAME",
        help="auto, slow; slow sends as little as possible.",
        rich_help_panel=SCREEN,
        show_default="auto",
    ),
]

ColoursToUse = Annotated[
    Literal["auto", "truecolor", "256", "16", "none"] | None,
    Option(
        "--colours",
        metavar="NAME",
        help="Colours to draw with: auto, truecolor, 256, 16, none.",
        rich_help_panel=SCREEN,
        show_default="auto",
    ),
]

GlyphsToUse = Annotated[
    Literal["auto", "braille", "block", "ascii"] | None,
    Option(
        "--glyphs",
        metavar="NAME",
        help="Characters to draw with: auto, braille, block, ascii.",
        rich_help_panel=SCREEN,
        show_default="auto",
    ),
]

BackgroundToUse = Annotated[
    Literal["auto", "dark", "light"] | None,
    Option(
        "--background",
        metavar="NAME",
        help="Background of the terminal: auto, dark, light; light suits a projector.",
        rich_help_panel=SCREEN,
        show_default="auto",
    ),
]

Theme = Annotated[
    str | None,
    Option(
        "--theme",
        metavar="NAME",
        help="Colours of backgrounds and borders: a dark theme of Textual's, such as nord.",
        rich_help_panel=SCREEN,
        show_default=DEFAULT_THEME,
        autocompletion=complete_theme,
    ),
]

Mouse = Annotated[
    bool | None,
    Option(help="Let the mouse click on panels and keys.", rich_help_panel=SCREEN, show_default="it does"),
]


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """How a run is shown.

    `pace` is in steps a second, None for no limit. `frames` is in frames a second. `mouse` says whether it is used.
    """

    pace: float | None
    frames: float
    capabilities: TerminalCapabilities
    mouse: bool
    theme: str = DEFAULT_THEME


def read_display_options(
    pace: Pace = None,
    fps: Fps = None,
    link: LinkSpeed = None,
    colours: ColoursToUse = None,
    glyphs: GlyphsToUse = None,
    background: BackgroundToUse = None,
    theme: Theme = None,
    mouse: Mouse = None,
) -> DisplayOptions:
    """Read the options of a command, and the configuration where they are left out; "auto" is detected.

    The keys that the user has chosen are used from now on. Raises GradstepError for a bad value.
    """
    given = {
        "pace": pace,
        "fps": fps,
        "link": link,
        "colours": colours,
        "glyphs": glyphs,
        "background": background,
        "theme": theme,
        "mouse": mouse,
    }
    configured, keys = _read_config()
    chosen = DEFAULTS | configured | {name: value for name, value in given.items() if value is not None}
    wanted = {name: None if chosen[name] == "auto" else chosen[name] for name in ("colours", "glyphs", "background")}
    slow = chosen["link"] == "slow"
    if slow:
        wanted["colours"] = wanted["colours"] or (SLOW_COLOURS if "NO_COLOR" not in os.environ else None)
        wanted["glyphs"] = wanted["glyphs"] or SLOW_GLYPHS
    capabilities = _detect(wanted)
    _use_signs_of(capabilities, keys)
    return DisplayOptions(
        pace=_read_pace(str(chosen["pace"])),
        frames=_check_frames(chosen["fps"]) or (SLOW_FRAMES if slow else FRAMES_A_SECOND),
        capabilities=capabilities,
        mouse=chosen["mouse"],
        theme=_check_theme(chosen["theme"]),
    )


def _read_config() -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """Read the options of the screen, and the keys, from the configuration file; nothing if there is none.

    Raises GradstepError.
    """
    path = find_config()
    if not os.path.exists(path):
        return {}, {}
    from gradstep.tui.cli.config_file import read_config

    config, keys = read_config(path)
    return config.screen.model_dump(exclude_none=True), keys


def _use_signs_of(capabilities: TerminalCapabilities, keys: dict[str, tuple[str, str]]) -> None:
    """Use these keys; write arrow keys, and the signs of formulas, as words for a terminal with ASCII only."""
    in_words = capabilities.glyphs == "ascii"
    if in_words:
        # here, because few terminals need it
        from gradstep.tui.chosen_keys import name_arrows

        keys = name_arrows(keys)
    choose_keys(keys)
    spell_signs(in_words)


def _detect(wanted: dict[str, Any]) -> TerminalCapabilities:
    """Detect what a browser or the terminal can show, but for what is wanted."""
    if is_in_browser():
        return detect_capabilities(ENVIRONMENT, ENCODING, **wanted)
    return detect_capabilities(os.environ, _find_encoding(os.environ), **wanted)


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


def _check_theme(name: str) -> str:
    """Return the name of a theme. Raises GradstepError if there is none of this name."""
    if name not in THEMES:
        raise GradstepError(f"--theme {name}: {describe_choices(THEMES, name)}")
    return name
