"""A person's work on a chapter: the card they are at, what was done there, and the answers they gave."""

from dataclasses import dataclass, replace
from typing import Literal

from gradstep.core.ledger.mistakes import Given
from gradstep.data.course.card import Card, Choice, Question, Text
from gradstep.data.course.chapter import Chapter
from gradstep.tui.session.course.conditions import holds
from gradstep.tui.session.course.facts import Facts
from gradstep.tui.session.course.named_numbers import find_number

MOST_TRIES = 2
"""After so many wrong numbers the right one is told."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to an answer: whether it was right, and why. `expected` is the number that was asked for."""

    right: bool
    text: Text | None = None
    given: str = ""
    expected: float | None = None
    final: bool = True


Outcome = Literal["open", "done", "skipped"]


class ChapterWork:
    """Knows the card, and whether what it asks for was done. Plain and synchronous; it changes nothing in the run.

    A card that was done stays done, so that going back and on again asks nothing twice.
    """

    def __init__(self, chapter: Chapter, card: int = 0) -> None:
        self.chapter, self.index = chapter, min(card, len(chapter.cards) - 1)
        self.reply: Reply | None = None
        self._outcomes: dict[int, Outcome] = dict.fromkeys(range(self.index), "done")
        self._replies: dict[int, Reply] = {}
        self._began: Facts | None = None
        self._guesses: dict[tuple[int, str], bool] = {}
        self._tries = 0

    @property
    def card(self) -> Card:
        """The card that is shown."""
        return self.chapter.cards[self.index]

    @property
    def is_last(self) -> bool:
        """Whether it is the last card of the chapter."""
        return self.index == len(self.chapter.cards) - 1

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be done on the card."""
        card = self.card
        return self._outcomes.get(self.index) is not None or not (card.do or card.ask or card.hide)

    @property
    def was_done(self) -> bool:
        """Whether there was something to be done on the card, and it was done."""
        return self._outcomes.get(self.index) == "done" and bool(self.card.do or self.card.ask or self.card.hide)

    @property
    def question(self) -> Question | None:
        """The question of the card while it is not answered and not skipped."""
        return None if self.is_done else self.card.ask

    def observe(self, facts: Facts) -> bool:
        """Look at the present moment. Returns whether the card has just been done by it."""
        if self._began is None:
            self._began = facts
        self._count_guess(facts)
        if self.is_done or not self._holds(facts):
            return False
        self._outcomes[self.index] = "done"
        return True

    def _count_guess(self, facts: Facts) -> None:
        screen = facts.screen
        if screen.guess and screen.update is not None:
            self._guesses.setdefault((screen.update.step, screen.micro_step), screen.guess == "right")

    def _holds(self, facts: Facts) -> bool:
        assert self._began is not None
        card = self.card
        if card.do is not None:
            guessed = len(self._guesses), sum(self._guesses.values())
            return holds(card.do, facts, self._began, *guessed)
        # the last number of the phase was asked and answered
        if card.hide is None or not self._guesses or not facts.screen.guess or not facts.screen.ends_phase:
            return False
        return card.hide.phase in (None, facts.screen.walk_phase)

    def go(self, direction: int) -> bool:
        """Go to the next (1) or previous (−1) card, where what was not done can still be. Returns False past an end."""
        index = self.index + direction
        if not 0 <= index < len(self.chapter.cards):
            return False
        if self._outcomes.get(index) == "skipped":
            del self._outcomes[index]
        self.index, self.reply = index, self._replies.get(index)
        self._began, self._guesses, self._tries = None, {}, 0
        return True

    def skip_question(self) -> None:
        """Leave the question unanswered."""
        self._outcomes[self.index] = "skipped"

    def choose(self, choice: Choice, facts: Facts) -> Reply:
        """Answer with a choice. The card is done, whether it is right or not."""
        return self._settle(Reply(self.is_right(choice, facts), choice.answer))

    def is_right(self, choice: Choice, facts: Facts) -> bool:
        """Whether a choice is right at this moment."""
        if isinstance(choice.right, bool):
            return choice.right
        return holds(choice.right, facts, self._began or facts)

    def answer(self, given: Given, written: str, facts: Facts) -> Reply:
        """Answer with a number, as it was written. After MOST_TRIES wrong ones the card is done."""
        question = self.card.ask
        assert question is not None and question.number is not None
        expected = find_number(question.number, facts)
        self._tries += 1
        if _is_near(given.value, expected, question.tolerance):
            return self._settle(Reply(True, question.why, written, expected))
        if self._tries >= MOST_TRIES:
            return self._settle(Reply(False, question.why, written, expected))
        self.reply = Reply(False, _find_hint(question, given, facts), written, final=False)
        return self.reply

    def _settle(self, reply: Reply) -> Reply:
        self._outcomes[self.index] = "done"
        self.reply = self._replies[self.index] = replace(reply, final=True)
        return reply


def _find_hint(question: Question, given: Given, facts: Facts) -> Text | None:
    """The hint to the mistake that comes to the given number, of several the closest."""
    numbers = [(each, find_number(each.number, facts)) for each in question.mistakes]
    near = [(given.off(number), each.hint) for each, number in numbers if given.agrees_with(number)]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _is_near(given: float, expected: float, tolerance: float) -> bool:
    return abs(given - expected) <= tolerance * abs(expected) + 1e-9
