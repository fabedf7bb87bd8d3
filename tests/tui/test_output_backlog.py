"""The detection of frames that queue up before the terminal."""

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


def make_backlog() -> tuple[OutputBacklog, Clock]:
    clock = Clock()
    return OutputBacklog(clock), clock


def make_answering_backlog(seconds: float) -> tuple[OutputBacklog, Clock]:
    """Return the backlog of a terminal that has answered twice, after so many seconds each time."""
    backlog, clock = make_backlog()
    for _ in range(LEAST_ANSWERS):
        backlog.note_question()
        clock.now += seconds
        backlog.note_answer()
    return backlog, clock


def test_there_is_no_backlog_at_the_start() -> None:
    backlog, _ = make_backlog()
    assert not backlog.is_behind()
    assert not backlog.slow


def test_a_terminal_that_takes_no_output_is_behind_until_it_takes_some() -> None:
    backlog, clock = make_backlog()
    backlog.note_writing(True)
    assert not backlog.is_behind()
    clock.now += SECONDS_TO_ACCEPT + 0.01
    assert backlog.is_behind()
    backlog.note_writing(False)
    assert not backlog.is_behind()


def test_a_terminal_that_has_answered_is_behind_until_it_answers_again() -> None:
    backlog, clock = make_answering_backlog(0.02)
    backlog.note_question()
    assert not backlog.is_behind()
    clock.now += SECONDS_TO_ANSWER + 0.01
    assert backlog.is_behind()
    backlog.note_answer()
    assert not backlog.is_behind()


def test_a_connection_with_a_constant_delay_is_not_behind() -> None:
    backlog, clock = make_answering_backlog(0.9)
    backlog.note_question()
    clock.now += 1.7
    assert not backlog.is_behind()
    clock.now += 0.2
    assert backlog.is_behind()


def test_a_terminal_that_never_answers_is_not_behind() -> None:
    backlog, clock = make_backlog()
    backlog.note_question()
    clock.now += 5
    assert not backlog.is_behind()
    assert not backlog.is_waiting_for_answer


def test_one_key_that_looks_like_an_answer_does_not_count_as_an_answering_terminal() -> None:
    backlog, clock = make_backlog()
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


def test_no_request_is_sent_while_an_answer_is_expected() -> None:
    backlog, _ = make_backlog()
    assert backlog.should_ask()
    backlog.note_question()
    assert not backlog.should_ask()
    backlog.note_answer()
    assert backlog.should_ask()


def test_a_request_is_repeated_when_its_answer_is_lost() -> None:
    backlog, clock = make_answering_backlog(0.02)
    backlog.note_question()
    clock.now += SECONDS_UNTIL_LOST + 0.01
    assert not backlog.is_behind()
    assert backlog.should_ask()


def test_a_terminal_that_stops_answering_counts_as_one_that_does_not_answer() -> None:
    backlog, clock = make_answering_backlog(0.02)
    for _ in range(MOST_ANSWERS_LOST):
        backlog.note_question()
        clock.now += SECONDS_UNTIL_LOST + 0.01
        assert backlog.should_ask()
    backlog.note_question()
    clock.now += 5
    assert not backlog.is_behind()


def test_the_terminal_counts_as_slow_for_a_while_after_it_was_behind() -> None:
    backlog, clock = make_backlog()
    backlog.note_writing(True)
    clock.now += SECONDS_TO_ACCEPT + 0.01
    assert backlog.is_behind()
    backlog.note_writing(False)
    clock.now += SLOW_SECONDS - 0.1
    assert backlog.slow
    clock.now += 0.2
    assert not backlog.slow
