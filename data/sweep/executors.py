"""Where the groups of a sweep are trained: in processes of this machine, or on a Dask cluster."""

import multiprocessing
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from gradstep.core.errors import GradstepError
from gradstep.data.processors import count_processors

THREADS_OF_A_PROCESS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables that are set to 1: the processes share the processors already."""

SECONDS_TO_CONNECT = 10


@contextmanager
def open_processes() -> Iterator[tuple[Executor, int]]:
    """Yield an executor of a process for each processor, and their number.

    They end when the block is left, and with this process, however it ends.
    """
    count = count_processors()
    before = {name: os.environ.get(name) for name in THREADS_OF_A_PROCESS}
    os.environ.update(dict.fromkeys(THREADS_OF_A_PROCESS, "1"))
    executor = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=_begin_process)
    # ctrl+c reaches every process of the terminal: those that begin while it is ignored go on ignoring it
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for _ in range(count):
            # each task that finds no idle process begins one
            executor.submit(os.getpid)
    finally:
        signal.signal(signal.SIGINT, handler)
    try:
        yield executor, count
    finally:
        # what is under way is not waited for
        for process in multiprocessing.active_children():
            process.terminate()
        executor.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin_process() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """End this process when the one of the sentinel has ended, which a kill gives no time to say so."""
    wait([sentinel])
    os._exit(1)


@contextmanager
def open_cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Yield the executor of the Dask cluster whose scheduler has this address, and the number of its processors.

    A group whose worker dies is trained again by another. Raises GradstepError without Dask, and without the cluster.
    """
    try:
        from distributed import Client
    except ImportError:
        raise GradstepError("--cluster needs Dask: pip install 'gradstep[cluster]'") from None
    _check_scheduler(address)
    connect: Any = Client
    with connect(address, timeout=SECONDS_TO_CONNECT, set_as_default=False) as client:
        processors = sum(client.ncores().values())
        if not processors:
            raise GradstepError(f"--cluster {address}: the cluster has no workers")
        yield client.get_executor(), processors


def _check_scheduler(address: str) -> None:
    """Raise GradstepError unless something listens there: Dask itself tells it late, and in many lines."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise GradstepError(f"--cluster {address}: must be the address of a Dask scheduler, as tcp://10.0.0.5:8786")
    try:
        socket.create_connection((host, port), SECONDS_TO_CONNECT).close()
    except OSError as error:
        raise GradstepError(f"--cluster {address}: nothing listens there ({error.strerror or error})") from None
