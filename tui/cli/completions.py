"""What a shell offers for the values of options and arguments: functions that return the words that begin as typed.

What they need is imported when a shell asks, so that no command starts later because of them.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress

Completion = Callable[[str], list[str]]


def complete_field(name: str, is_list: bool = False) -> Completion:
    """Return the completion of a field of the experiment that has names to choose from.

    With `is_list` it completes the last of several names with commas between them.
    """

    def list_choices() -> Iterable[str]:
        from gradstep.data.field_types import find_choices

        return find_choices(name)

    return _complete(list_choices, is_list)


def _complete(list_words: Callable[[], Iterable[str]], is_list: bool = False) -> Completion:
    def complete(incomplete: str) -> list[str]:
        before, comma, typed = incomplete.rpartition(",") if is_list else ("", "", incomplete)
        # the shell would show a traceback among the words: what cannot be read offers none
        with suppress(Exception):
            return [f"{before}{comma}{word}" for word in list_words() if word.startswith(typed)]
        return []

    return complete


def _list_sets() -> Iterable[str]:
    from gradstep.data.registry import BUILT_IN

    return BUILT_IN


def _list_sources() -> Iterable[str]:
    """The built-in sets, and the files here that can be trained on. A shell itself completes longer paths."""
    from gradstep.data.given_source import DATA_SUFFIXES, EXPERIMENT_SUFFIX

    return [*_list_sets(), *(name for name in os.listdir() if name.endswith((EXPERIMENT_SUFFIX, *DATA_SUFFIXES)))]


def _list_features() -> Iterable[str]:
    from gradstep.data.features import FEATURES

    return FEATURES


def _list_lessons() -> Iterable[str]:
    from gradstep.data.lesson import lesson_names

    return lesson_names()


def _list_chapters() -> Iterable[str]:
    from gradstep.data.course.chapter import list_chapters

    return list_chapters()


def _list_runs() -> Iterable[str]:
    from gradstep.data.saved_runs import find_saved_runs

    return [run.name for run in find_saved_runs()]


def _list_themes() -> Iterable[str]:
    from gradstep.tui.drawing.theme import THEMES

    return THEMES


complete_source = _complete(_list_sources)
complete_features = _complete(_list_features, is_list=True)
complete_lesson = _complete(_list_lessons)
complete_chapter = _complete(_list_chapters)
complete_run = _complete(_list_runs)
complete_pace = _complete(lambda: ("1", "2", "5", "10", "20", "50", "100", "max"))
complete_batch_size = _complete(lambda: ("1", "8", "16", "32", "64", "128", "full"))
complete_theme = _complete(_list_themes)
