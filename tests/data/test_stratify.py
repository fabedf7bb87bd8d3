"""Stratified parts: every class has its share in every part, and a rare class is in every part."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.stratify import allot_rows, draw_stratified_parts

CLASSES = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@given(CLASSES, st.floats(0, 0.5), st.floats(0, 0.4), st.integers(0, 2**32))
def test_each_class_has_its_share_in_each_part(counts: list[int], test: float, validation: float, seed: int) -> None:
    rows = sum(counts)
    sizes = (rows - round(rows * test) - round(rows * validation), round(rows * validation), round(rows * test))
    if sizes[0] < 1:
        return
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    parts = draw_stratified_parts(labels, sizes, np.random.default_rng(seed))
    assert sorted(np.concatenate(parts)) == list(range(rows))
    assert tuple(map(len, parts)) == sizes
    found = np.array([np.bincount(labels[part], minlength=len(counts)) for part in parts]).T
    exact = np.outer(counts, sizes) / rows
    least = min(size for size in sizes if size)
    rare = [count for count in counts if count >= 2 and count * least < rows]
    if not rare:
        # nobody is missing from a part, so that no class gives up a row for another
        assert (np.abs(found - exact) <= 1).all()
    for part, size in enumerate(sizes):
        wanted = [index for index, count in enumerate(counts) if count >= sum(map(bool, sizes)) and size]
        if size >= len(counts) and sizes[0] >= len(counts):
            assert all(found[index, part] for index in wanted)


def test_the_smallest_classes_come_first_where_there_is_no_room_for_all() -> None:
    assert allot_rows(np.array([56, 4]), np.array([48, 0, 12])).tolist() == [[45, 0, 11], [3, 0, 1]]
    assert allot_rows(np.array([990, 10]), np.array([700, 100, 200])).tolist() == [[693, 99, 198], [7, 1, 2]]
    # three rare classes of 60 rows: the large one gives a row of its share of 10.2
    assert allot_rows(np.array([51, 3, 3, 3]), np.array([48, 0, 12])).tolist() == [[42, 0, 9]] + [[2, 0, 1]] * 3
    # one row of each of three classes: the training part has them
    assert allot_rows(np.array([1, 1, 1, 7]), np.array([8, 0, 2]))[:3].tolist() == [[1, 0, 0]] * 3


@pytest.mark.parametrize("seed", range(5))
def test_a_file_is_split_by_class(tmp_path: Path, seed: int) -> None:
    """60 rows of which 4 are rare, as in a file whose test part had none of them."""
    rng = np.random.default_rng(3)
    rare = set(rng.permutation(60)[:4].tolist())
    rows = "".join(f"{rng.random():.3f},{rng.random():.3f},{'rare' if i in rare else 'common'}\n" for i in range(60))
    path = tmp_path / "rare.csv"
    path.write_text("x,z,y\n" + rows)
    tables = {"data": {"path": str(path), "seed": seed, "validation_fraction": 0.2}}
    split = assemble(make_experiment(tables)).split
    labels = split.dataset.labels
    assert labels is not None
    names = split.dataset.class_names
    counts = {part: (labels[split.rows_of(part)] == names.index("rare")).sum() for part in ("validation", "test")}
    assert counts == {"validation": 1, "test": 1}
    assert (len(split.train_rows), len(split.validation_rows), len(split.test_rows)) == (36, 12, 12)
