"""The loss curves of many networks that train in step, in bounded memory."""

import numpy as np

from gradstep.core.network.arrays import Floats, Indices

POINTS = 512
"""The most points of a curve. When they are full, every two are merged into one."""

POINT_EXAMPLES = 32
"""The least number of examples in a point of a curve: the loss of a single example is mostly chance."""


class LossTable:
    """Mean batch losses of `members` networks, point by point. A network that stands still has no further points."""

    def __init__(self, members: int, batch_size: int) -> None:
        """A point is the mean over as many steps as have POINT_EXAMPLES examples, and over more of a long training."""
        self._points = np.zeros((POINTS, members))
        self._count, self._updates = 0, 0
        self._updates_per_point = -(-POINT_EXAMPLES // batch_size)
        self._next = np.zeros(members)
        self._alive = np.ones(members, bool)

    def add(self, members: Indices, losses: Floats) -> None:
        """Record the losses of the next step; the members that are left out stand still for good."""
        if len(members) < np.count_nonzero(self._alive):
            self._alive[:] = False
            self._alive[members] = True
        self._next[members] += losses
        self._updates += 1
        if self._updates % self._updates_per_point == 0:
            self._points[self._count] = np.where(self._alive, self._next / self._updates_per_point, np.nan)
            self._next[:] = 0
            self._count += 1
            if self._count == POINTS:
                self._points[: POINTS // 2] = (self._points[::2] + self._points[1::2]) / 2
                self._count, self._updates_per_point = POINTS // 2, 2 * self._updates_per_point

    @property
    def steps(self) -> Indices:
        """The last step of each point (points,)."""
        return self._updates_per_point * np.arange(1, self._count + 1)

    @property
    def losses(self) -> Floats:
        """The losses (points, members); NaN where a member stands still."""
        return self._points[: self._count].copy()
