"""Decides how many rows of each class go into each part of the data, so that every part has each class's share."""

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Indices

Counts = NDArray[np.int64]


def draw_stratified_parts(labels: Indices, sizes: tuple[int, ...], generator: np.random.Generator) -> list[Indices]:
    """Draw parts of these sizes, which are all rows together, and return the rows of each, in no order.

    Each class has its share in each part, to within one row. A class of two rows or more is in the first part, and in
    each of the others as far as there is room; for that another class may be further from its share.
    """
    counts = np.bincount(labels).astype(np.int64)
    wanted = allot_rows(counts, np.array(sizes, np.int64))
    order = generator.permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    part_of = np.concatenate([np.repeat(np.arange(len(sizes)), each) for each in wanted])
    return [by_class[part_of == part] for part in range(len(sizes))]


def allot_rows(counts: Counts, sizes: Counts) -> Counts:
    """Return how many rows of each class go into each part (classes, parts), for `counts` (classes,), `sizes` (parts,).

    The rows of a class add up to its count, and those of a part to its size.
    """
    shares = np.outer(counts, sizes)
    whole, fraction = np.divmod(shares, int(counts.sum()))
    allotted = whole + _allot_fractions(counts, whole, fraction, sizes)
    _bring_in_classes(counts, shares / counts.sum(), allotted)
    return allotted


def _allot_fractions(counts: Counts, whole: Counts, fraction: Counts, sizes: Counts) -> Counts:
    """Return which shares are rounded up, as 0 and 1 (classes, parts), so that rows and columns add up.

    Such a rounding always exists (Bacharach 1966). Classes choose in turn, the smallest first, and each prefers a part
    that it would be missing from; a later one may send an earlier one to another part, as in Kuhn's matching.
    """
    up = np.zeros_like(whole)
    room = sizes - whole.sum(axis=0)
    left = counts - whole.sum(axis=1)
    for each in np.argsort(counts, kind="stable"):
        missing = (whole[each] == 0) & (counts[each] > 1)
        preferred = np.lexsort((-fraction[each], ~missing))
        for _ in range(left[each]):
            _place(int(each), preferred, up, room)
    return up


def _place(each: int, preferred: NDArray[np.intp], up: Counts, room: Counts) -> None:
    """Give class `each` one more row in one of its preferred parts, and move other classes on if they are full."""
    before: dict[int, tuple[int, int] | None] = {int(part): None for part in preferred if not up[each, part]}
    for part in (queue := list(before)):
        if room[part] > 0:
            break
        for target in (int(other) for other in preferred if int(other) not in before):
            movable = np.flatnonzero((up[:, part] == 1) & (up[:, target] == 0))
            if len(movable):
                before[target] = part, int(movable[-1])
                queue.append(target)
    assert room[part] > 0
    room[part] -= 1
    while (step := before[part]) is not None:
        source, moved = step
        up[moved, part], up[moved, source] = 1, 0
        part = source
    up[each, part] = 1


def _bring_in_classes(counts: Counts, exact: NDArray[np.float64], allotted: Counts) -> None:
    """Exchange rows in place so that every class of two rows or more is in every part, as far as there is room.

    A missing class gets its row in exchange for one of the class that is the most above its share there. The first part
    comes first, the last one next, and the smallest classes first.
    """
    parts = [0, *range(allotted.shape[1] - 1, 0, -1)]
    for part in parts:
        for missing in np.argsort(counts, kind="stable"):
            if allotted[missing, part] or counts[missing] < 2 or not allotted[:, part].any():
                continue
            sources = [other for other in parts if other != part and allotted[missing, other] >= 2]
            source = max(sources, key=lambda other: allotted[missing, other] - exact[missing, other], default=None)
            spare = np.where(allotted[:, part] >= 2, allotted[:, part] - exact[:, part], -np.inf)
            giver = int(spare.argmax())
            if source is None or not np.isfinite(spare[giver]):
                continue
            allotted[missing, [part, source]] += [1, -1]
            allotted[giver, [part, source]] += [-1, 1]
