"""The default network learns to read handwritten digits."""

from statistics import median

from tests.digits import SEEDS, accuracy


def test_the_median_accuracy_of_five_seeds_is_at_least_95_5_percent() -> None:
    assert median(accuracy(seed) for seed in SEEDS) >= 0.955
