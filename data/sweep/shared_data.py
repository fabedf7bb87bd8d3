"""Assembles runs on the same data, which are loaded and split once."""

from gradstep.data.assemble import assemble, assemble_variant
from gradstep.data.data_defaults import fill_in_defaults
from gradstep.data.experiment import Experiment
from gradstep.data.run import Run


class SharedData:
    """Keeps a run for every way of loading and splitting data, and assembles others from it."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def assemble(self, experiment: Experiment) -> Run:
        """Assemble the run of an experiment. Raises GradstepError for what does not fit together."""
        known = self._runs.get(_describe_source(experiment))
        if known is None:
            run = assemble(experiment)
            self._runs[_describe_source(experiment)] = run
            self._runs.setdefault(_describe_data(run.experiment), run)
            return run
        filled = fill_in_defaults(experiment, known.dataset)
        same = self._runs.get(_describe_data(filled))
        if same is None or filled.network.start is not None:
            # split in another way
            same = self._runs[_describe_data(filled)] = assemble(experiment)
            return same
        tables = filled.model_dump()
        return assemble_variant(same, tables["training"], tables["network"])


def _describe_source(experiment: Experiment) -> str:
    """Describe where the rows come from."""
    return repr(experiment.data.model_dump(exclude={"validation_fraction", "stratify", "test_fraction", "scale"}))


def _describe_data(experiment: Experiment) -> str:
    """Describe the parts of the data, which depend on the outputs and on the loss as well."""
    return repr((experiment.data, experiment.network.output, experiment.network.dtype, experiment.training.loss))
