"""Products of small networks are computed on one thread, those of large ones on at most half of the processors."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from gradstep.core.network.network import Network
from gradstep.data import blas_threads
from gradstep.data.blas_threads import choose_threads, limit_threads


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    with threadpool_limits():
        yield


def count_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.mark.parametrize(
    ("sizes", "rows", "processors", "threads"),
    [
        ((2, 4, 1), 10, 16, 1),
        ((64, 32, 10), 32, 16, 1),
        ((784, 512, 512, 10), 128, 16, 8),
        ((784, 512, 512, 10), 128, 2, 1),
        ((784, 512, 512, 10), 128, 1, 1),
        ((784, 512, 512, 10), 10, 16, 1),
    ],
)
def test_only_large_products_are_spread(sizes: tuple[int, ...], rows: int, processors: int, threads: int) -> None:
    network = Network(sizes, ["relu"] * (len(sizes) - 1))
    assert choose_threads(network, rows, processors) == threads


def test_the_threads_of_this_process_are_limited_and_never_more_than_was_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, large = Network([2, 4, 1], ["relu"] * 2), Network([784, 512, 10], ["relu"] * 2)
    monkeypatch.setattr(blas_threads, "count_processors", lambda: 64)
    blas_threads._find_libraries.cache_clear()
    with threadpool_limits(2, "blas"):
        limit_threads(small, 32)
        assert set(count_threads()) == {1}
        limit_threads(large, 128)
        assert set(count_threads()) == {2}
    blas_threads._find_libraries.cache_clear()
