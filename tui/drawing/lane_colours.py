"""The colours of runs beside each other: the lanes of a race, and saved runs that are compared."""

from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, RGB, RIGHT, WRONG

LANE_COLOURS: tuple[RGB, ...] = (POSITIVE, (80, 205, 215), RIGHT, (225, 210, 100), NEGATIVE, WRONG)
