"""Gives memory that is no longer used back to the system, where the C library is glibc."""

import ctypes
from threading import Thread

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""The parameters of glibc's mallopt(3), by their numbers in malloc.h."""

KEPT_BYTES = 32 * 2**20
"""Arrays of up to this size, the most that glibc allows, come from the heap, which is trimmed at every collection of
garbage. With smaller limits each array of a large network gets fresh pages, and to clear these takes the system as long
as the arithmetic takes.
"""

C_LIBRARY = ctypes.CDLL(None)


def give_memory_back() -> None:
    """Let very large arrays, and a large free end of the heap, go back to the system as soon as they are free.

    glibc's defaults keep a heap for every thread, each as large as it once was: after a race the program would keep the
    memory of all its lanes. To be called before the program starts threads.
    """
    mallopt = getattr(C_LIBRARY, "mallopt", None)
    if mallopt is not None:
        for parameter, value in ((ARENA_MAX, 1), (MMAP_THRESHOLD, KEPT_BYTES), (TRIM_THRESHOLD, KEPT_BYTES)):
            mallopt(parameter, value)


def trim_memory() -> None:
    """Give the free pieces inside the heap back as well."""
    malloc_trim = getattr(C_LIBRARY, "malloc_trim", None)
    if malloc_trim is not None:
        # in a thread, because it takes milliseconds, for which it lets the event loop go on
        Thread(target=malloc_trim, args=(0,), name="malloc_trim").start()
