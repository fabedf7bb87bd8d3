"""The colours of runs beside each other: the lanes of a race, and saved runs that are compared."""

from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, RGB, RIGHT, WRONG

LANE_COLOURS: tuple[RGB, ...] = (POSITIVE, (225, 210, 100), RIGHT, (215, 120, 225), NEGATIVE, WRONG)
"""The first are far apart, because a race can have few lanes."""
