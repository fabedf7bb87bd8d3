"""The test accuracy of the default network on the digits after 50 epochs, for five seeds."""

from statistics import median

from pytest_benchmark.fixture import BenchmarkFixture

from tests.digits import SEEDS, accuracy


def test_accuracy_over_five_seeds(benchmark: BenchmarkFixture, report: list[str]) -> None:
    accuracies = benchmark.pedantic(lambda: [accuracy(seed) for seed in SEEDS])
    seconds = benchmark.stats.stats.max / len(SEEDS)
    each = " ".join(f"{value:.4f}" for value in accuracies)
    report.append(f"digits, 50 epochs: test accuracy {each}, median {median(accuracies):.4f}; {seconds:.2f} s a seed")
