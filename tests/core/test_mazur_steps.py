"""A walk through Mazur's example: every number of the article is seen on the way."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from gradstep.core.ledger.bugs import NEW_WEIGHTS, with_bug
from gradstep.core.ledger.micro_step import Focus
from gradstep.core.ledger.order import micro_steps
from gradstep.core.training.update import Update, record_update
from tests.core.problems import mazur

FORWARD = {
    "z 1": [0.3775, 0.3925],
    "a 1": [0.593269992107, 0.596884378260],
    "z 2": [1.105905967, 1.224921404],
    "a 2": [0.751365069552, 0.772928465321],
    "loss": [0.298371108760],
    "mean": [0.298371108760],
}
BACKWARD = {
    "δ 2": [0.138498561629, -0.038098236517],
    "paths 1": [0.036350306393],
    "δ 1": [0.008771354689, 0.009954254705],
}
UPDATE = {
    "new 2": [0.358916479718, 0.408666186076, 0.511301270239, 0.561370121108],
    "new 1": [0.149780716133, 0.199561432266, 0.249751143632, 0.299502287265],
    "again": [0.291027773694],
    "check": [0.291027773694],
}
PARTS = {"loss": ["0.274811083", "0.023560025"], "paths 1": ["0.0553994246", "−0.0190491182"]}
"""These are no results of their own: they stand in the lines."""


def foci(update: Update) -> Iterator[Focus]:
    """Every neuron of both layers with every weight, the bias included."""
    for n1, n2, w1, w2 in product(range(2), range(2), range(3), range(3)):
        yield Focus(0, (n1, n2), (w1, w2))


def results(update: Update, key: str) -> list[float]:
    """What the micro-step comes to at any focus."""
    step = next(step for step in micro_steps(update) if step.key == key)
    return [step.at(focus).result for focus in foci(update)]


def text(update: Update, key: str) -> str:
    step = next(step for step in micro_steps(update) if step.key == key)
    return "\n".join(line for focus in foci(update) for line in step.at(focus).lines)


def seen(published: float, results: list[float], digits: int = 12) -> bool:
    return bool(np.isclose(results, published, rtol=0, atol=0.5001 * 10.0**-digits).any())


@pytest.fixture(scope="module")
def update() -> Update:
    return record_update(mazur())


@pytest.mark.parametrize(("key", "published"), (FORWARD | BACKWARD | UPDATE).items())
def test_a_published_figure_is_what_its_micro_step_comes_to(update: Update, key: str, published: list[float]) -> None:
    digits = 9 if key == "z 2" else 12
    assert all(seen(figure, results(update, key), digits) for figure in published)


@pytest.mark.parametrize(("key", "parts"), PARTS.items())
def test_the_parts_of_a_sum_stand_in_its_lines(update: Update, key: str, parts: list[str]) -> None:
    assert all(part in text(update, key) for part in parts)


def test_frozen_biases_are_said_to_be_frozen(update: Update) -> None:
    for key, bias in (("new 1", "0.35"), ("new 2", "0.6")):
        assert f"the biases are frozen in this experiment\nb = {bias}" in text(update, key)


def test_with_the_bug_the_error_after_one_update_is_the_one_that_was_printed(update: Update) -> None:
    wrong = with_bug(update, NEW_WEIGHTS, None)
    for key in ("again", "check"):
        assert seen(0.291027923905, results(wrong, key))
        assert seen(0.291027924, results(wrong, key), digits=9)
        assert not seen(0.291027924, results(update, key), digits=9)


def test_the_ten_thousandth_update() -> None:
    trainer = mazur()
    trainer.run(lambda: False, until=9_999)
    assert seen(3.510187783e-5, results(record_update(trainer), "check"), digits=14)
    after = record_update(trainer)
    assert all(seen(output, results(after, "a 2"), digits=9) for output in (0.015913620, 0.984064274))


def test_with_biases_trained() -> None:
    trained = record_update(mazur(train_biases=True))
    assert seen(0.280471446791, results(trained, "check"))
    assert all(seen(bias, results(trained, "new 1")) for bias in (0.345614322655, 0.345022872647))
    assert all(seen(bias, results(trained, "new 2")) for bias in (0.530750719186, 0.619049118258))
