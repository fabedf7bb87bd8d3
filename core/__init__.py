"""The network, its training and the record of how an update comes about. numpy only.

The names of `__all__` are meant to be used from outside; docs/api.md shows how. Each is loaded when it is first asked
for, because a command that computes nothing should not wait for numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradstep.core.errors import GradstepError
    from gradstep.core.network.network import Network
    from gradstep.core.network.passes import predict
    from gradstep.core.training.divergence import Diverged
    from gradstep.core.training.evaluation import Evaluation, Score
    from gradstep.core.training.options import TrainingOptions
    from gradstep.core.training.parts import Part
    from gradstep.core.training.stopping import StopConditions
    from gradstep.core.training.trainer import Trainer

__all__ = [
    "Diverged",
    "Evaluation",
    "GradstepError",
    "Network",
    "Part",
    "Score",
    "StopConditions",
    "Trainer",
    "TrainingOptions",
    "predict",
]

_MODULES = {
    "Diverged": "training.divergence",
    "Evaluation": "training.evaluation",
    "GradstepError": "errors",
    "Network": "network.network",
    "Part": "training.parts",
    "Score": "training.evaluation",
    "StopConditions": "training.stopping",
    "Trainer": "training.trainer",
    "TrainingOptions": "training.options",
    "predict": "network.passes",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
