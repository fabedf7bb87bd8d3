"""Which keys of the training have something to act on."""

import pytest

from gradstep.tui.session.acting_keys import acts_on
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled


@pytest.mark.parametrize(
    ("fractions", "watched", "rows"),
    [
        ({"validation_fraction": 0.1, "test_fraction": 0.02}, "validation", 15),
        ({"validation_fraction": 0.007, "test_fraction": 0.2}, "validation", 1),
        ({"validation_fraction": 0.0, "test_fraction": 0.2}, "test", 30),
        ({"validation_fraction": 0.0, "test_fraction": 0.007}, "test", 1),
        ({"validation_fraction": 0.0, "test_fraction": 0.0}, "training", 150),
    ],
)
def test_the_keys_for_another_example_act_where_the_watched_part_has_several(
    fractions: dict[str, float], watched: str, rows: int
) -> None:
    run = assembled({"name": "iris", "stratify": False, **fractions})
    parts = {
        "training": run.trainer.training_part,
        "validation": run.trainer.validation_part,
        "test": run.trainer.test_part,
    }
    view = TrainingSession(run, pace=None, paused=True).view
    assert view.snapshot.watched_part == watched and len(parts[watched] or ()) == rows
    assert acts_on("next", view) == acts_on("previous", view) == (rows > 1)
