"""Gives memory that is no longer used back to the system, where the C library is glibc."""

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""The parameters of glibc's mallopt(3), by their numbers in malloc.h."""

KEPT_BYTES = 128 * 1024


def give_memory_back() -> None:
    """Let large arrays, and the end of the heap, go back to the system as soon as they are free.

    glibc's defaults keep a heap for every thread, each as large as it once was, and raise both limits as arrays grow:
    after a race the program would keep the memory of all its lanes. To be called before the program starts threads.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in ((ARENA_MAX, 1), (MMAP_THRESHOLD, KEPT_BYTES), (TRIM_THRESHOLD, KEPT_BYTES)):
            mallopt(parameter, value)
