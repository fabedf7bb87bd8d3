"""Names options in messages about the fields that they set: a person typed `--hidden 0`, and not `network.hidden`."""

import re
from collections.abc import Mapping, Sequence

from gradstep.data.shell_words import quote_word

OPTIONS = {"name": "--data", "path": "--data", "start": "--from"}
"""The options that have another name than their fields."""

VALUE = r'"(?:[^"\\…]|\\.)*(?:"|…)|\[[^\]…]*(?:\]|…)|[^\s:,;]+'
FIELD = re.compile(rf"\b((?:data|network|training)\.([a-z]\w*))((?:\[\d+\])+)?(?: = ({VALUE}))?(?(3): (?:\1 )?)")
"""A field, a place in its list and its value; after a place what is said of the list, up to the name of the field."""


def name_options(message: str, arguments: Sequence[str]) -> str:
    """Return the message with an option and what was typed for it in place of a field, where the option was given.

    A field that no option of the command line set stays as it is: a file has it under this name.
    """
    typed = _read_typed(arguments)

    def write(match: re.Match[str]) -> str:
        _, name, place, value = match.groups()
        option = OPTIONS.get(name, f"--{name.replace('_', '-')}")
        if value == "false" and f"--no-{option[2:]}" in typed:
            return f"--no-{option[2:]}"
        if option not in typed:
            return match[0]
        if value is None or value == "true":
            return option
        given = f"{option} {quote_word(typed[option])}"
        return f"{given}: {value} is wrong; " if place else given

    return FIELD.sub(write, message)


def _read_typed(arguments: Sequence[str]) -> Mapping[str, str]:
    """Return the text that was typed for each option; that of a switch means nothing."""
    typed = {}
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument.startswith("--"):
            option, is_joined, value = argument.partition("=")
            typed[option] = value if is_joined else following
    return typed
