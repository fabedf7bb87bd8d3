"""`gradstep config`: where the configuration file is, what it sets, and everything that can be set."""

import os
from string import punctuation
from textwrap import wrap
from typing import Any

from gradstep.data.shell_words import quote_word
from gradstep.data.toml_value import to_toml_value
from gradstep.tui.chosen_keys import write_key
from gradstep.tui.cli.config_file import BACKGROUNDS, COLOURS, GLYPHS, LINKS, read_config
from gradstep.tui.cli.config_path import find_config
from gradstep.tui.cli.display_options import DEFAULTS
from gradstep.tui.drawing.theme import THEMES
from gradstep.tui.screen_keys import ALL_KEYS
from gradstep.tui.terminal.capabilities import FRAMES_A_SECOND

WIDTH = 100

MEANINGS = {
    "pace": 'steps a second, or "max"',
    "fps": "frames a second, up to 60",
    "link": ", ".join(LINKS),
    "colours": ", ".join(COLOURS),
    "glyphs": ", ".join(GLYPHS),
    "background": ", ".join(BACKGROUNDS),
    "theme": ", ".join(THEMES),
    "mouse": "true, false",
}
"""What each option of the screen can be."""


def describe_config() -> str:
    """Return the text of a configuration file with everything in it; what is not set stands there as a comment.

    Raises GradstepError for a file that cannot be used.
    """
    path = find_config()
    config, _ = read_config(path)
    state = "everything that is not a comment is set there" if os.path.exists(path) else "there is no such file yet"
    lines = [f"# {quote_word(str(path))}", f"# {state}; options of the command line win", "", "[screen]"]
    screen = config.screen.model_dump(exclude_none=True)
    defaults = DEFAULTS | {"pace": float(DEFAULTS["pace"]), "fps": FRAMES_A_SECOND}
    for name, meaning in MEANINGS.items():
        lines += [f"# {each}" for each in wrap(meaning, WIDTH)]
        lines.append(_write(name, screen.get(name), defaults[name]))
    lines += ["", "[keys]", "# a key or several of each action, by its character or its name, such as up or ctrl+up"]
    for group in dict.fromkeys(key.group for key in ALL_KEYS):
        lines.append(f"# {group}:")
        for key in ALL_KEYS:
            if key.group == group:
                default = ",".join(map(_name_key, key.default_keys.split(",")))
                lines.append(f"{_write(key.id, config.keys.get(key.id), default)}  # {key.does}")
    return "\n".join(lines)


def _name_key(name: str) -> str:
    """Return the character of a key that has one, otherwise its name."""
    written = write_key(name)
    return written if written in punctuation else name


def _write(name: str, value: Any, default: Any) -> str:
    """Write a line of the file; as a comment with the default if the file does not set the value."""
    default = int(default) if isinstance(default, float) and default.is_integer() else default
    return f"# {name} = {to_toml_value(default)}" if value is None else f"{name} = {to_toml_value(value)}"
