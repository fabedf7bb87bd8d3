"""Threads that compute have a lower priority than the event loop's."""

import asyncio
import os
import sys
import threading

import pytest

from gradstep.tui.session.thread_priority import NICENESS, compute_with_low_priority


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
async def test_a_computing_thread_gives_way_to_the_event_loop() -> None:
    def find_niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = find_niceness()
    compute_with_low_priority()
    assert await asyncio.to_thread(find_niceness) == min(own + NICENESS, 19)
    assert find_niceness() == own
