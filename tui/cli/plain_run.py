"""A run as lines of text, and the summary of a run."""

import math
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from gradstep.core.training.divergence import Diverged
from gradstep.core.training.evaluation import Evaluation
from gradstep.data.run import Run
from gradstep.tui.cli.summary import Summary, _score, summarize
from gradstep.tui.session.autosave import SECONDS_BETWEEN_SAVES, Autosave
from gradstep.tui.session.endings import ENDING_OF_SIGNAL, Ending, find_last_planned_step, find_planned_end

SECONDS_BETWEEN_LINES = 5.0


def train_in_text(run: Run, autosave: Autosave | None = None) -> Summary:
    """Train to the end at full speed, and print what happens as lines of text.

    A line is printed after the first epoch, after the last, and between them after an epoch when the last line is some
    seconds old. Ctrl+C, SIGTERM and SIGHUP end the run after the update in hand, a divergence with the update that
    met it.
    """
    started = perf_counter() - run.seconds
    with _signals() as received:
        try:
            _print(_header(run))
            stopped = _train(run, started, received, autosave)
            summary = summarize(run, perf_counter() - started, stopped, autosave)
            _print(summary.as_text())
            if received and received[0] != signal.SIGINT:
                print(last_words(signal.Signals(received[0]), autosave), file=sys.stderr)
        except OSError:
            # whoever read this has gone; after a hang-up that is as it should be
            summary = summarize(run, perf_counter() - started, "hung up", autosave)
            if signal.SIGHUP not in received:
                raise
    return summary


def last_words(number: signal.Signals, autosave: Autosave | None) -> str:
    """What is said when a signal ends a run."""
    return f"gradstep: stopped by {number.name}; {how_saved(autosave)}"


def how_saved(autosave: Autosave | None) -> str:
    """How to go on with a run that ended unexpectedly, or why that cannot be."""
    if autosave and autosave.trouble:
        return autosave.trouble
    return (
        f"go on with: {autosave.resume_command}"
        if autosave and autosave.path
        else "no step was made, and nothing is saved"
    )


def _train(run: Run, started: float, received: list[int], autosave: Autosave | None) -> Ending:
    trainer = run.trainer
    last_step, _ = find_last_planned_step(run)
    printed, saved = -math.inf, perf_counter()
    while (ending := find_planned_end(run)) is None:
        end_of_epoch = trainer.end_of_epoch(trainer.epoch + 1)
        try:
            trainer.run(_until_signal_or(saved + SECONDS_BETWEEN_SAVES, received), min(end_of_epoch, last_step))
        except Diverged as error:
            print("gradstep:", error, file=sys.stderr)
            return "diverged"
        now = perf_counter()
        if autosave and now - saved > SECONDS_BETWEEN_SAVES:
            autosave.write(run.checkpoint(now - started))
            saved = perf_counter()
        stopping = bool(received) or find_planned_end(run) is not None
        if stopping or (trainer.step == end_of_epoch and now - printed > SECONDS_BETWEEN_LINES):
            _print(_line(trainer.epoch, trainer.evaluate()))
            printed = now
        if received:
            return ENDING_OF_SIGNAL[received[0]]
    return ending


def _until_signal_or(moment: float, received: list[int]) -> Callable[[], bool]:
    return lambda: bool(received) or perf_counter() > moment


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Yield a list that the signals which end a run are added to, instead of breaking an update in two."""
    received: list[int] = []
    # what the starter of the program wants to be ignored, as nohup does, stays so
    heard = [number for number in ENDING_OF_SIGNAL if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, _: received.append(number)) for number in heard}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _header(run: Run) -> str:
    data, network, training = run.experiment.data, run.experiment.network, run.experiment.training
    sizes = "-".join(map(str, run.network.sizes))
    activations = ", ".join(layer.activation.name for layer in run.network.layers)
    penalty = "".join(f", {name} {value:g}" for name, value in (("l1", training.l1), ("l2", training.l2)) if value)
    return "\n".join(
        [
            f"data      {run.dataset.name}: {len(run.split.train_rows)} rows to train on, "
            f"{len(run.split.test_rows)} held out, scale {run.split.scaling.kind}",
            *_targets(run),
            f"network   {sizes}: {activations}; {run.network.parameters.size} parameters, {network.dtype}",
            f"loss      {run.trainer.loss.name}: {run.trainer.loss.convention}{penalty}",
            f"training  {training.optimizer}, learning rate {training.learning_rate:g}, batch {training.batch_size}",
            f"seed      {network.seed}"
            + (f" for the network, {data.seed} for the data" if data.seed != network.seed else ""),
        ]
    )


def _targets(run: Run) -> list[str]:
    """How the outputs become the numbers of the data, where they are scaled."""
    scaling = run.split.target_scaling
    if scaling.kind == "none":
        return []
    columns = zip(run.dataset.target_names, scaling.shift, scaling.scale, strict=True)
    return [f"targets   {name} = {shift:g} + {scale:g} · output" for name, shift, scale in columns]


def _line(epoch: int, evaluation: Evaluation) -> str:
    train, test = evaluation.train, evaluation.test
    held_out = _score(test.loss, test.accuracy) if test else _score(None, None)
    return f"epoch {epoch:<6} step {evaluation.step:<9} train {_score(train.loss, train.accuracy)}   test {held_out}"


def _print(text: str) -> None:
    # at once, so that a pipe or a log can be followed, and so that a reader who went away is noticed here
    print(text, flush=True)
