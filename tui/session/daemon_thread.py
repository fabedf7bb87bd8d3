"""Work that the end of the program does not wait for, unlike that of `asyncio.to_thread`."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import ParamSpec, TypeVar

from gradstep.tui.session.answers import set_exception, set_result
from gradstep.tui.session.thread_priority import give_way

P = ParamSpec("P")
R = TypeVar("R")


async def call_in_daemon_thread(function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Call a function in a thread of low priority, and give the call up when the program ends.

    The function may wait for a pipe, or compute for long. It changes nothing that others use or that outlasts the
    program, so that it can end anywhere: it reads a file, measures a network, or imports a module.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[R] = loop.create_future()

    def run() -> None:
        give_way()
        try:
            deliver = partial(set_result, answer, function(*arguments, **named))
        except BaseException as error:
            deliver = partial(set_exception, answer, error)
        with suppress(RuntimeError):  # the event loop has ended
            loop.call_soon_threadsafe(deliver)

    Thread(target=run, name="daemon", daemon=True).start()
    return await answer
