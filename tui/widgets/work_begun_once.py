"""Work for a worker that can begin once."""

from collections.abc import Awaitable, Callable
from typing import Any


def begin_once(work: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """Return a function that awaits the result of `work` and does not keep `work`.

    A worker keeps its function until it is freed itself, which may be long after its end. With it would stay what is
    bound to the function, such as a session with its network.
    """
    kept = [work]

    async def begin() -> Any:
        return await kept.pop()()

    return begin
