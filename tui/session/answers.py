"""Answers to what is waited for on the event loop. Who asked may have stopped waiting meanwhile."""

from asyncio import Future
from typing import TypeVar

R = TypeVar("R")


def set_result(answer: Future[R], result: R) -> None:
    """Answer with a result, if anyone still waits for it."""
    if not answer.done():
        answer.set_result(result)


def set_exception(answer: Future[R], error: BaseException) -> None:
    """Answer with an error, if anyone still waits."""
    if not answer.done():
        answer.set_exception(error)
