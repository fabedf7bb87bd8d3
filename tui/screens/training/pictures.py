"""The pictures of the training screen: which are drawn together, and in which frame. They are its slowest panels."""

from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

Group = tuple[type[Panel[View]], ...]
"""Pictures that are drawn from one view, because their numbers have to agree."""

PICTURES = (ArchitecturePanel, LossPanel, OutputPanel)

GROUP_BY_FRAME = 0, 1, 0, None
"""The group that each of four frames draws while training."""


def list_groups(view: View) -> tuple[Group, Group]:
    """The output panel goes with the architecture while it shows the example, with the loss while it shows a part."""
    if view.request.output == "example":
        return (ArchitecturePanel, OutputPanel), (LossPanel,)
    return (ArchitecturePanel,), (LossPanel, OutputPanel)


def name_content(view: View) -> tuple[object, ...]:
    """The example and the contents that a person can change with a key."""
    return view.request, view.snapshot.example.index
