"""The colours of the lanes of a race."""

from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, RGB, RIGHT, WRONG

LANE_COLOURS: tuple[RGB, ...] = (POSITIVE, (80, 205, 215), RIGHT, (225, 210, 100), NEGATIVE, WRONG)
