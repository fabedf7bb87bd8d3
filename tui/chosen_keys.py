"""The keys that a user chooses instead of those of the tables: how they are written, and what they clash with."""

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import combinations
from string import punctuation
from typing import TYPE_CHECKING

from gradstep.tui.keymap import COACH_KEYS, PROGRAM_KEYS, Key
from gradstep.tui.screen_keys import ALL_KEYS, KEYS_BY_SCREEN

if TYPE_CHECKING:
    from textual.binding import BindingsMap

EVERYWHERE = (*COACH_KEYS, *PROGRAM_KEYS)

KEYS_OF_SCREENS: dict[str, tuple[Key, ...]] = {
    screen: keys if screen == "training" else (*keys, *EVERYWHERE) for screen, keys in KEYS_BY_SCREEN.items()
}
"""The keys that act on the same screen, by the name that the course has for it."""

PLACES = {
    "training": "on the training screen",
    "walkthrough": "in the walkthrough",
    "weights": "on the screen of weights",
    "race": "in the race",
    "luck": "on the luck screen",
    "experiment": "on the experiment screen",
    "explorer": "in the explorer",
    "valley": "in the valley",
    "paint": "on the painting screen",
    "importance": "on the screen of the importance",
    "runs": "in the list of runs",
    "compare": "where runs are compared",
}

SCREENS_WITH_NUMBERS = ("walkthrough", "weights")
TYPED = (*"0123456789", "full_stop", "comma", "minus", "plus", "e", "backspace")
"""The keys that type a number on these screens."""

MARKED_KEY = re.compile(r"`([^`]+)`")
"""A key in a text of the course."""

ARROWS = {"→": "right", "←": "left", "↑": "up", "↓": "down"}

MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")

FUNCTION_KEY = re.compile(r"f\d+")

WRITTEN = {
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "space": "space",
}
"""How keys are written whose names are long, or whose characters cannot be seen."""


class WrongKeys(Exception):
    """Says what is wrong with the keys that were chosen for an id."""

    def __init__(self, id: str, reason: str) -> None:
        super().__init__(reason)
        self.id = id


def read_keys(chosen: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Return Textual's names of the keys that were chosen for each id, and how they are written.

    A key is given as its character or by its name, several with commas or as a list. Raises WrongKeys for an id or a
    key that there is not, and for a key that would act for two actions at the same place.
    """
    names = {id: _read_names(id, given) for id, given in chosen.items()}
    _check_clashes(names)
    _check_typed(names)
    return {id: (",".join(keys), " ".join(map(write_key, keys))) for id, keys in names.items()}


def write_key(name: str) -> str:
    """Return how a key of this name is written in the key bar and in sentences."""
    from textual.keys import _character_to_key, key_to_character

    *modifiers, last = name.split("+")
    printed = {_character_to_key(character): character for character in punctuation}
    character = printed.get(last) or key_to_character(last) or ""
    written = WRITTEN.get(last) or (character if character.isprintable() and character else last)
    return "+".join([*modifiers, written.upper() if FUNCTION_KEY.fullmatch(written) else written])


def name_arrows(chosen: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return these keys, and those of the tables, with the arrow keys written as words.

    Without arrows a terminal would show > and <, which are other keys.
    """
    keys = {key.id: (key.default_keys, key.default_shown) for key in ALL_KEYS} | dict(chosen)
    named = {id: (names, " ".join(map(_name_arrow, shown.split()))) for id, (names, shown) in keys.items()}
    return {id: key for id, key in named.items() if id in chosen or key != keys[id]}


def _name_arrow(key: str) -> str:
    """Return how a key is written without arrows; its modifiers stay before it."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, ARROWS.get(last, last)])


def write_chosen_keys(text: str, screen: str) -> str:
    """Return a text of the course with the keys that were chosen, where it names those of the tables in backticks.

    A key of another screen than the one that is open is told by its name, where no action of this one has it.
    """
    if all(key.shown == key.default_shown for key in ALL_KEYS):
        return text
    tables = (*KEYS_OF_SCREENS.get(screen, ()), *ALL_KEYS)

    def replace_key(match: re.Match[str]) -> str:
        for key in tables:
            shown = key.default_shown.split()
            if match[1] in shown and key.shown != key.default_shown:
                return f"`{key.shown.split()[0]}`"
            if match[1] in shown:
                break
        return match[0]

    return MARKED_KEY.sub(replace_key, text)


def rebind(bindings: "BindingsMap") -> "BindingsMap":
    """Return the bindings with the keys that were chosen, in the same order.

    Textual's own keymap would take a key away from all of its actions, also from one that acts at another time.
    """
    from dataclasses import replace

    from textual.binding import BindingsMap

    chosen = {f"gradstep.{key.id}": key for key in ALL_KEYS if key.keys != key.default_keys}
    result = BindingsMap()
    done: set[str] = set()
    for name, those in bindings.key_to_bindings.items():
        for binding in those:
            key = chosen.get(binding.id or "")
            if key is None:
                result.key_to_bindings.setdefault(name, []).append(binding)
            elif key.id not in done:
                done.add(key.id)
                for own in key.names:
                    result.key_to_bindings.setdefault(own, []).append(replace(binding, key=own, key_display=key.shown))
    return result


def _read_names(id: str, given: object) -> list[str]:
    ids = [key.id for key in ALL_KEYS]
    if id not in ids:
        near = get_close_matches(id, ids, n=1)
        raise WrongKeys(id, f"unknown; did you mean {near[0]}?" if near else "unknown; gradstep config lists the names")
    if isinstance(given, str):
        # a comma alone is a key, and so is one beside the commas that separate
        words = [given] if given.strip() in (",", "") else given.replace(",,", ",comma").split(",")
    elif isinstance(given, list) and all(isinstance(each, str) for each in given):
        words = given
    else:
        words = []
    if not words or not all(word.strip() or word == " " for word in words):
        raise WrongKeys(id, 'must be a key or several, such as "j" or "down,j"')
    return list(dict.fromkeys(_read_name(id, word if word == " " else word.strip()) for word in words))


def _read_name(id: str, word: str) -> str:
    """Return Textual's name of a key that is given as its character or by a name."""
    from textual.keys import Keys, _character_to_key, key_to_character

    if len(word) == 1:
        return _character_to_key(word)
    *modifiers, last = word[:-1].split("+") if word.endswith("++") else word.split("+")
    last = last or "plus"
    last = last.lower() if len(last) > 1 else last
    named = {key.value for key in Keys if key.value.isidentifier()} | set(map(_character_to_key, punctuation))
    is_known = last in named or len(last) == 1 or key_to_character(last) is not None
    if not is_known or not set(modifiers) <= set(MODIFIERS):
        near = get_close_matches(word, named, n=1)
        raise WrongKeys(
            id, f"{json.dumps(word, ensure_ascii=False)} is no key" + (f"; did you mean {near[0]}?" if near else "")
        )
    if modifiers == ["shift"] and len(last) == 1:
        return last.upper()  # terminals send the capital letter
    return "+".join([*modifiers, last if len(last) > 1 else _character_to_key(last)])


def _check_typed(names: Mapping[str, list[str]]) -> None:
    """Raise WrongKeys for a key that types a number on its screen."""
    for screen in SCREENS_WITH_NUMBERS:
        for key in KEYS_OF_SCREENS[screen]:
            for name in names.get(key.id, ()):
                if name in TYPED and not key.everywhere:
                    raise WrongKeys(key.id, f"{write_key(name)} types a number {PLACES[screen]}; choose another")


def _check_clashes(chosen: Mapping[str, list[str]]) -> None:
    """Raise WrongKeys for a key that would be that of two actions at the same place.

    Two that share a key in the tables may share one: they act at different times, or one comes first on purpose.
    """
    for screen, keys in KEYS_OF_SCREENS.items():
        for first, second in combinations(dict.fromkeys(keys), 2):
            if first.id not in chosen and second.id not in chosen:
                continue
            if set(first.default_keys.split(",")) & set(second.default_keys.split(",")):
                continue
            for name in _find_shared(first, second, chosen):
                mine, other = (first, second) if first.id in chosen else (second, first)
                raise WrongKeys(
                    mine.id, f"{write_key(name)} is the key of {other.id} {PLACES[screen]}; choose another for one"
                )


def _find_shared(first: Key, second: Key, chosen: Mapping[str, list[str]]) -> Iterator[str]:
    names = [chosen.get(key.id, key.default_keys.split(",")) for key in (first, second)]
    return (name for name in names[0] if name in names[1])
