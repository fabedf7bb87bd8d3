"""A card of a chapter: a text in both languages, and at most one thing to do, to answer or to fill in."""

import re
from string import Formatter
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from gradstep.data.course.condition import Condition, ScreenName, WalkPhase
from gradstep.data.course.expression import parse_expression
from gradstep.data.course.language import LANGUAGES, Language
from gradstep.data.toml_table import TomlTable

KEY = re.compile(r"`([^`]+)`")
"""A key in a text."""

TIMES = re.compile(r"(.+)\*([1-9]\d*)")
"""A key that is pressed several times, in `keys`."""


class Text(TomlTable):
    """A text in both languages. Keys stand in backquotes, numbers of the run in braces, and new terms in stars."""

    en: Annotated[str, Field(min_length=1)]
    ru: Annotated[str, Field(min_length=1)]

    def in_language(self, language: Language) -> str:
        """Return the text in one of the languages."""
        return self.en if language == "en" else self.ru

    @model_validator(mode="after")
    def _check(self) -> Self:
        numbers = [{name for name, _ in find_numbers(self.in_language(language))} for language in LANGUAGES]
        for name in sorted(numbers[0] | numbers[1]):
            parse_expression(name)
        if numbers[0] != numbers[1]:
            odd = min(numbers[0] ^ numbers[1])
            raise ValueError(f"the number {{{odd}}} stands in one of the languages only")
        if (odd_keys := self.keys("en") ^ self.keys("ru")) != set():
            raise ValueError(f"the key `{min(odd_keys)}` stands in one of the languages only")
        return self

    def keys(self, language: Language) -> set[str]:
        """Return the keys that the text names."""
        return set(KEY.findall(self.in_language(language)))


def find_numbers(text: str) -> list[tuple[str, str]]:
    """Return the expressions in braces of a text, each with its format. Raises ValueError for a single brace."""
    return [(name, layout or "") for _, name, layout, _ in Formatter().parse(text) if name is not None]


def _check_expression(text: str) -> str:
    parse_expression(text)
    return text


Expression = Annotated[str, AfterValidator(_check_expression)]


class Choice(TomlTable):
    """A possible answer, whether it is right, now or by a condition, and what is said after it."""

    text: Text
    answer: Text
    right: bool | Condition = False


class Mistake(TomlTable):
    """A likely wrong number, and the hint to who gives it."""

    number: Expression
    hint: Text


class Question(TomlTable):
    """A question for a number of the run, within a relative tolerance, or for one of some choices."""

    number: Expression | None = None
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.02
    mistakes: tuple[Mistake, ...] = ()
    why: Text | None = None
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.number is None) == (not self.choices):
            raise ValueError("a question has a number or choices, one of the two")
        if self.number is not None and self.why is None:
            raise ValueError("a question for a number says why in `why`")
        if self.choices and not 2 <= len(self.choices) <= 4:
            raise ValueError("a question has two to four choices")
        if self.choices and not any(each.right for each in self.choices):
            raise ValueError("none of the choices is right")
        return self


class Hide(TomlTable):
    """The numbers of the last micro-steps of a phase are asked; of all, if `last` is 0.

    The phase is the one that the walkthrough is in, if none is named.
    """

    last: Annotated[int, Field(strict=True, ge=0)] = 1
    phase: WalkPhase | None = None


class Card(TomlTable):
    """A text, and at most one of `do`, `ask` and `hide`.

    `run` is the name of a run that starts anew with this card, and `screen` the screen that it is read on. `keys` are
    the keys that fulfil `do`, in their order, as the texts name them; `s*5` stands for five presses. `then` replaces
    the text once it is done.
    """

    text: Text
    run: str | None = None
    screen: ScreenName | None = None
    do: Condition | None = None
    keys: str = ""
    ask: Question | None = None
    hide: Hide | None = None
    then: Text | None = None

    @property
    def presses(self) -> tuple[str, ...]:
        """The keys that fulfil the card, one for each press."""
        presses: list[str] = []
        for word in self.keys.split():
            times = TIMES.fullmatch(word)
            presses += [times[1]] * int(times[2]) if times else [word]
        return tuple(presses)

    @model_validator(mode="after")
    def _check(self) -> Self:
        given = [name for name in ("do", "ask", "hide") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"has {given[0]} and {given[1]}; a card has at most one of them")
        if self.then is not None and not given:
            raise ValueError("has then, and nothing to be done before it")
        if self.do is not None and not self.keys:
            raise ValueError("has do, and no keys that fulfil it")
        if missing := [key for key in dict.fromkeys(self.presses) if key not in self.text.keys("en")]:
            raise ValueError(f"the text does not name the key `{missing[0]}`")
        return self
