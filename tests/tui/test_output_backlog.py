"""Whether frames pile up before the terminal."""

from gradstep.tui.terminal.output_backlog import (
    LEAST_ANSWERS,
    MOST_ANSWERS_LOST,
    SECONDS_TO_ACCEPT,
    SECONDS_TO_ANSWER,
    SECONDS_UNTIL_LOST,
    SLOW_SECONDS,
    OutputBacklog,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def a_link() -> tuple[OutputBacklog, Clock]:
    clock = Clock()
    return OutputBacklog(clock), clock


def answering(seconds: float) -> tuple[OutputBacklog, Clock]:
    """A link to a terminal that has answered twice, after so many seconds."""
    backlog, clock = a_link()
    for _ in range(LEAST_ANSWERS):
        backlog.note_question()
        clock.now += seconds
        backlog.note_answer()
    return backlog, clock


def test_nothing_is_behind_at_the_start() -> None:
    backlog, _ = a_link()
    assert not backlog.is_behind()
    assert not backlog.slow


def test_a_terminal_that_takes_no_output_is_behind_until_it_does() -> None:
    backlog, clock = a_link()
    backlog.note_writing(True)
    assert not backlog.is_behind()
    clock.now += SECONDS_TO_ACCEPT + 0.01
    assert backlog.is_behind()
    backlog.note_writing(False)
    assert not backlog.is_behind()


def test_a_terminal_that_used_to_answer_is_behind_until_it_does() -> None:
    backlog, clock = answering(0.02)
    backlog.note_question()
    assert not backlog.is_behind()
    clock.now += SECONDS_TO_ANSWER + 0.01
    assert backlog.is_behind()
    backlog.note_answer()
    assert not backlog.is_behind()


def test_a_long_way_that_is_always_as_long_is_no_backlog() -> None:
    backlog, clock = answering(0.9)
    backlog.note_question()
    clock.now += 1.7
    assert not backlog.is_behind()
    clock.now += 0.2
    assert backlog.is_behind()


def test_a_terminal_that_never_answers_is_not_behind() -> None:
    backlog, clock = a_link()
    backlog.note_question()
    clock.now += 5
    assert not backlog.is_behind()
    assert not backlog.is_waiting_for_answer


def test_a_key_that_looks_like_an_answer_makes_no_terminal_one_that_answers() -> None:
    backlog, clock = a_link()
    for _ in range(5):
        backlog.note_question()
        backlog.note_answer()
        backlog.note_answer()
        assert backlog.should_ask()
        backlog.note_question()
        clock.now += SECONDS_UNTIL_LOST - 0.1
        assert not backlog.is_behind()
        clock.now += 0.2
        assert backlog.should_ask()


def test_it_is_not_asked_again_while_an_answer_is_on_its_way() -> None:
    backlog, _ = a_link()
    assert backlog.should_ask()
    backlog.note_question()
    assert not backlog.should_ask()
    backlog.note_answer()
    assert backlog.should_ask()


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    backlog, clock = answering(0.02)
    backlog.note_question()
    clock.now += SECONDS_UNTIL_LOST + 0.01
    assert not backlog.is_behind()
    assert backlog.should_ask()


def test_a_terminal_that_answers_no_more_is_taken_for_one_that_does_not() -> None:
    backlog, clock = answering(0.02)
    for _ in range(MOST_ANSWERS_LOST):
        backlog.note_question()
        clock.now += SECONDS_UNTIL_LOST + 0.01
        assert backlog.should_ask()
    backlog.note_question()
    clock.now += 5
    assert not backlog.is_behind()


def test_the_screen_says_so_for_a_while_after_it_was_behind() -> None:
    backlog, clock = a_link()
    backlog.note_writing(True)
    clock.now += SECONDS_TO_ACCEPT + 0.01
    assert backlog.is_behind()
    backlog.note_writing(False)
    clock.now += SLOW_SECONDS - 0.1
    assert backlog.slow
    clock.now += 0.2
    assert not backlog.slow
