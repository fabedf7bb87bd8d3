"""A worker does not keep what its work was bound to."""

import asyncio
import gc
import weakref
from functools import partial

from gradstep.tui.widgets.work_begun_once import begin_once


class Session:
    """Something that is supervised."""

    async def supervise(self, seconds: float) -> str:
        """Wait."""
        await asyncio.sleep(seconds)
        return "ended"


async def test_work_that_has_ended_keeps_nothing() -> None:
    session = Session()
    kept = weakref.ref(session)
    begin = begin_once(partial(session.supervise, 0))
    del session
    assert kept() is not None
    assert await begin() == "ended"
    gc.collect()
    assert kept() is None
