"""A verdict on a lane of a race that does not flicker: another kind replaces it when it has been found for a while."""

from gradstep.core.training.race_verdict import (
    TOO_EARLY,
    TWICE,
    Verdict,
    VerdictKind,
    describe_distance,
    find_far,
)


class SteadyVerdict:
    """Keeps the kind of a lane's verdict until another kind has been found for a while.

    The first verdict, and what would be false now, change at once: a lane that has left the plot or is far from the
    lowest is not good, the lowest is not behind, and one that no longer rises is not diverging.
    """

    def __init__(self, patience: float, start: float) -> None:
        """`patience` is how long another kind has to be found, in the unit of the positions; `start` as in a curve."""
        self._patience, self._start = patience, start
        self._kind: VerdictKind = "begun"
        self._other: tuple[VerdictKind, float] | None = None

    def settle(self, found: Verdict, position: float, now: float, lowest: float, left: int | None) -> Verdict:
        """Take note of the verdict found at this position; return it, or that of the kind that is kept.

        `left` is the step at which the lane left the plot.
        """
        if found.kind == self._kind or self._is_false_now(found, now, lowest, left is not None):
            self._kind, self._other = found.kind, None
        elif self._other is None or self._other[0] != found.kind:
            self._other = found.kind, position
        elif position - self._other[1] >= self._patience:
            self._kind, self._other = found.kind, None
        return found if found.kind == self._kind else _describe_kept(self._kind, now, lowest, left)

    def _is_false_now(self, found: Verdict, now: float, lowest: float, off_plot: bool) -> bool:
        """Whether the kind that is kept is not true of the lane any more, or says nothing yet."""
        match self._kind:
            case "good":
                return off_plot or now > TWICE * lowest
            case "behind":
                return off_plot or now <= lowest or now > find_far(lowest, self._start)
            case "slow":
                return off_plot
            case "begun":
                return found.kind != "diverging"
            case "diverging":
                return True
        return False


def _describe_kept(kind: VerdictKind, now: float, lowest: float, left: int | None) -> Verdict:
    """Return a verdict of this kind that says of it only where the lane is now."""
    if kind == "begun":
        return TOO_EARLY
    if left is not None:
        return Verdict(kind, f"{kind}: left the plot at step {left:,}, now at {now:.3g}", kind)
    beside = "the lowest" if now <= lowest else describe_distance(now, lowest)
    return Verdict(kind, f"{kind}: at {now:.3g} now, {beside}", kind)
