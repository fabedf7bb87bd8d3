"""Targets: classes and numbers."""

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.formats.targets import make_class_target, make_target


def test_classes_are_numbered_in_sorted_order() -> None:
    target = make_class_target([10, 2, 10], "y")
    assert target["labels"] is not None and target["labels"].tolist() == [1, 0, 1]
    assert target["class_names"] == ("2", "10")


def test_one_class_alone_is_an_error_with_its_place() -> None:
    with pytest.raises(GradstepError, match=r'column "kind": every row has the same class, cat'):
        make_class_target(["cat", "cat"], 'column "kind"')


@pytest.mark.parametrize(("distinct", "task"), [(20, "classification"), (21, "regression")])
def test_few_whole_numbers_are_classes_and_more_are_a_quantity(distinct: int, task: str) -> None:
    assert make_target(np.tile(np.arange(float(distinct)), 2), "auto", "y")["task"] == task


def test_words_cannot_be_learnt_as_numbers() -> None:
    with pytest.raises(GradstepError, match="y: these are words"):
        make_target(np.array(["a", "b"]), "regression", "y")
