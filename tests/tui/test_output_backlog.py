"""Whether frames pile up before the terminal."""

from gradstep.tui.terminal.output_backlog import (
    ANSWERS_BELIEVED,
    ANSWERS_LOST,
    LOST,
    PATIENCE,
    SLOW_SECONDS,
    WAY_THERE_AND_BACK,
    Link,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def a_link() -> tuple[Link, Clock]:
    clock = Clock()
    return Link(clock), clock


def answering(seconds: float) -> tuple[Link, Clock]:
    """A link to a terminal that has answered twice, after so many seconds."""
    link, clock = a_link()
    for _ in range(ANSWERS_BELIEVED):
        link.asked()
        clock.now += seconds
        link.answered()
    return link, clock


def test_nothing_is_behind_at_the_start() -> None:
    link, _ = a_link()
    assert not link.is_behind()
    assert not link.slow


def test_a_terminal_that_takes_no_output_is_behind_until_it_does() -> None:
    link, clock = a_link()
    link.writing(True)
    assert not link.is_behind()
    clock.now += PATIENCE + 0.01
    assert link.is_behind()
    link.writing(False)
    assert not link.is_behind()


def test_a_terminal_that_used_to_answer_is_behind_until_it_does() -> None:
    link, clock = answering(0.02)
    link.asked()
    assert not link.is_behind()
    clock.now += WAY_THERE_AND_BACK + 0.01
    assert link.is_behind()
    link.answered()
    assert not link.is_behind()


def test_a_long_way_that_is_always_as_long_is_no_backlog() -> None:
    link, clock = answering(0.9)
    link.asked()
    clock.now += 1.7
    assert not link.is_behind()
    clock.now += 0.2
    assert link.is_behind()


def test_a_terminal_that_never_answers_is_not_behind() -> None:
    link, clock = a_link()
    link.asked()
    clock.now += 5
    assert not link.is_behind()
    assert not link.waits_for_answer


def test_a_key_that_looks_like_an_answer_makes_no_terminal_one_that_answers() -> None:
    link, clock = a_link()
    for _ in range(5):
        link.asked()
        link.answered()
        link.answered()
        assert link.should_ask()
        link.asked()
        clock.now += LOST - 0.1
        assert not link.is_behind()
        clock.now += 0.2
        assert link.should_ask()


def test_it_is_not_asked_again_while_an_answer_is_on_its_way() -> None:
    link, _ = a_link()
    assert link.should_ask()
    link.asked()
    assert not link.should_ask()
    link.answered()
    assert link.should_ask()


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    link, clock = answering(0.02)
    link.asked()
    clock.now += LOST + 0.01
    assert not link.is_behind()
    assert link.should_ask()


def test_a_terminal_that_answers_no_more_is_taken_for_one_that_does_not() -> None:
    link, clock = answering(0.02)
    for _ in range(ANSWERS_LOST):
        link.asked()
        clock.now += LOST + 0.01
        assert link.should_ask()
    link.asked()
    clock.now += 5
    assert not link.is_behind()


def test_the_screen_says_so_for_a_while_after_it_was_behind() -> None:
    link, clock = a_link()
    link.writing(True)
    clock.now += PATIENCE + 0.01
    assert link.is_behind()
    link.writing(False)
    clock.now += SLOW_SECONDS - 0.1
    assert link.slow
    clock.now += 0.2
    assert not link.slow
