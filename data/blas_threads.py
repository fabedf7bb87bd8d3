"""How many threads the matrix products of a network are spread over.

numpy leaves its products to a BLAS library, which by default takes every processor for all but the smallest. Its
threads wait for each other by spinning. Where anything else uses a processor, a product on two threads takes several
times as long as on one, and the thread that draws the screen has to wait as well.
"""

from functools import lru_cache
from itertools import pairwise

from threadpoolctl import ThreadpoolController

from gradstep.core.network.network import Network
from gradstep.data.processors import count_processors

LEAST_MULTIPLICATIONS = 10_000_000
"""Products with fewer are computed on one thread: they take less than a millisecond."""


def choose_threads(network: Network, rows: int, processors: int) -> int:
    """Return on how many threads the products of a pass over so many rows are computed.

    It is one, or for large products half of the processors: the others are left to what else there is to do.
    """
    largest = max(units * (inputs + 1) * rows for inputs, units in pairwise(network.sizes))
    return 1 if largest < LEAST_MULTIPLICATIONS else max(1, processors // 2)


def limit_threads(network: Network, rows: int) -> None:
    """Compute all products of this process on as many threads as suit a network and the rows of its batches.

    Threads that the user asked for, by OPENBLAS_NUM_THREADS or the like, are an upper limit.
    """
    controller, allowed = _find_libraries()
    controller.limit(limits=min(allowed, choose_threads(network, rows, count_processors())), user_api="blas")


@lru_cache(maxsize=1)
def _find_libraries() -> tuple[ThreadpoolController, int]:
    """Return the BLAS libraries of this process, and the most threads that one of them had at first."""
    controller = ThreadpoolController()
    return controller, max((library.num_threads for library in controller.lib_controllers), default=1)
