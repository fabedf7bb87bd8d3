"""The default run on the digits."""

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment

SEEDS = range(5)


def accuracy(seed: int) -> float:
    """Test accuracy of the default network after its 50 epochs, from one seed as `--seed` sets it."""
    run = assemble(make_experiment({"data": {"seed": seed}, "network": {"seed": seed}}))
    run.trainer.run(lambda: False, until=50 * run.trainer.steps_per_epoch)
    test = run.trainer.evaluate().test
    assert test is not None and test.accuracy is not None
    return test.accuracy
