"""The threads that compute give way to the event loop's thread, so that it answers a key at once.

Only on Linux has each thread a priority of its own.
"""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

NICENESS = 5
"""By how much. A thread of the event loop then gets three times as much of a processor that both want."""
THREADS = Path("/proc/self/task")


def compute_with_low_priority() -> None:
    """Let the threads of `asyncio.to_thread` give way to this one, and those that numpy has started for itself.

    To be called in the event loop, before its first `to_thread`.
    """
    if sys.platform == "linux":
        pool = ThreadPoolExecutor(thread_name_prefix="compute", initializer=give_way)
        asyncio.get_running_loop().set_default_executor(pool)
        known_to_python = {thread.native_id for thread in threading.enumerate()}
        for thread in {int(entry.name) for entry in THREADS.iterdir()} - known_to_python:
            give_way(thread)


def give_way(thread: int | None = None) -> None:
    """Lower the priority of a thread, by default this one."""
    if sys.platform != "linux":
        return
    thread = thread or threading.get_native_id()
    with suppress(OSError):  # it has ended, or may not change its priority
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)
