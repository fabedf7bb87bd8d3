"""The experiment of a run in one line, for the first line of a screen."""

from gradstep.data.data_defaults import find_open_fields
from gradstep.data.explain_defaults import name_what_defaults_suit
from gradstep.data.recipe import CLASSIFICATION
from gradstep.data.run import Run


class RunDescription:
    """Describes a run whose optimizer can change while it trains, and says why it has another than the usual one."""

    def __init__(self, run: Run, hidden: str = "") -> None:
        """`hidden` is written in place of the sizes of the hidden layers, where several networks are described."""
        self._run, self._hidden = run, hidden
        experiment, dataset = run.experiment, run.dataset
        chosen = "training.optimizer" in find_open_fields(experiment, dataset)
        unusual = chosen and experiment.training.optimizer != CLASSIFICATION.optimizer
        self._reason = f" for {name_what_defaults_suit(experiment, dataset)}" if unusual else ""

    def forms(self, optimizer: str | None = None) -> list[str]:
        """Return descriptions of the run, the longest first; … stands for what is left out.

        `optimizer` is the one that it has now; without it that of its experiment is named.
        """
        run = self._run
        given = run.experiment.training.optimizer
        layers = run.network.layers
        first, *middle_sizes, last = map(str, run.network.sizes)
        sizes = "→".join([first, *([self._hidden] if self._hidden else middle_sizes), last])
        hidden = ", ".join(dict.fromkeys(layer.activation.name for layer in layers[:-1]))
        data, loss = run.dataset.name, run.trainer.loss.name.replace("_", "-")
        middle = f"{sizes} {hidden}".strip()
        output = layers[-1].activation.name
        chosen = f"{optimizer or given}{self._reason if optimizer in (None, given) else ''}"
        return [
            f"{data} · {middle} · {output} · {loss} · {chosen}",
            f"{data} · {middle} · … · {loss} · {chosen}",
            f"{data} · {middle} · … · {chosen}",
            f"{data} · {middle} · {output} · {loss} · …",
            f"{data} · {middle} · {output} · …",
            f"{data} {middle} …",
            f"{data} {sizes} …",
            f"{data} …",
            data,
        ]
