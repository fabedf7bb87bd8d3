"""The screens that a key opens. The first frame needs none of them, so they are imported after it."""

from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.screens.explorer.screen import ExplorerScreen
from gradstep.tui.screens.importance.screen import ImportanceScreen
from gradstep.tui.screens.luck.screen import LuckScreen
from gradstep.tui.screens.paint.screen import PaintScreen
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.runs.screen import RunsScreen
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.screens.walkthrough.first_walk import FirstWalkScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.screens.weights.screen import WeightsScreen

__all__ = [
    "ExperimentScreen",
    "ExplorerScreen",
    "FirstWalkScreen",
    "ImportanceScreen",
    "LuckScreen",
    "PaintScreen",
    "RaceScreen",
    "RunsScreen",
    "ValleyScreen",
    "WalkthroughScreen",
    "WeightsScreen",
]
