"""Training that prints lines of text instead of drawing a screen."""

import math
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from gradstep.core.observation.finding import Finding, describe_divergence
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer import Trainer
from gradstep.data.blas_threads import limit_threads
from gradstep.data.explain_defaults import explain_defaults
from gradstep.data.planned_end import find_last_step
from gradstep.data.run import Run
from gradstep.data.run_log import SECONDS_BETWEEN_ROWS, RunLog
from gradstep.tui.cli.file_report import describe_file
from gradstep.tui.cli.plain_findings import PlainFindings
from gradstep.tui.cli.summary import Summary, format_score, save_and_summarize
from gradstep.tui.session.autosave import SECONDS_BEFORE_FIRST, SECONDS_BETWEEN_SAVES, Autosave
from gradstep.tui.session.endings import (
    ENDING_OF_SIGNAL,
    Ending,
    RunEnd,
    add_failure,
    find_planned_end,
    judge_end,
)
from gradstep.tui.terminal.signal_watcher import name_signal

SECONDS_BETWEEN_LINES = 5.0


def train_in_text(run: Run, autosave: Autosave | None = None, log: RunLog | None = None) -> Summary:
    """Train to the end at full speed, print lines of text, and return the figures of the run.

    A line is printed after the first epoch, after the last, and in between after an epoch if the line before it is
    older than SECONDS_BETWEEN_LINES; a line for each finding when it is made. Ctrl+C, SIGTERM and SIGHUP end the run
    after the current update. A divergence ends it at the update that diverged. Raises OSError if the output cannot be
    written, except after a hang-up.
    """
    limit_threads(run.network, run.trainer.batch_size)
    started = perf_counter() - run.seconds
    with _collect_signals() as received:
        try:
            _print_flushed(_describe_experiment(run))
            stopped, findings, end = _train(run, started, received, autosave, log)
            run.trainer.record_score()
            _write_log(run, started, log, ended=True)
            summary = save_and_summarize(run, perf_counter() - started, stopped, autosave, findings, end)
            _print_flushed(summary.format_text())
            if received and received[0] != signal.SIGINT:
                print(describe_signal(received[0], autosave), file=sys.stderr)
        except OSError:
            # the reader of the output is gone, which is expected after a hang-up
            run.trainer.record_score()
            if log is not None:
                log.write(run.trainer.history, perf_counter() - started, ended=True)
            summary = save_and_summarize(run, perf_counter() - started, "hung up", autosave)
            if signal.SIGHUP not in received:
                raise
    return summary


def describe_signal(number: int, autosave: Autosave | None) -> str:
    """Return the message for a run that a signal ended."""
    return f"gradstep: stopped by {name_signal(number)}; {describe_resume(autosave)}"


def describe_resume(autosave: Autosave | None) -> str:
    """Return how to resume a run that ended unexpectedly, or why it was not saved."""
    if autosave and autosave.trouble:
        return autosave.trouble
    return (
        f"go on with: {autosave.resume_command}"
        if autosave and autosave.path
        else "no step was made, and nothing is saved"
    )


def _train(
    run: Run, started: float, received: list[int], autosave: Autosave | None, log: RunLog | None
) -> tuple[Ending, tuple[Finding, ...], RunEnd | None]:
    """Train until the plan ends, a signal arrives or the loss diverges; return which it was, and the findings.

    The third is what the run came to, if the plan ended it.
    """
    trainer, findings = run.trainer, PlainFindings(run.trainer)
    last_step, _ = find_last_step(run)
    if (limit := find_planned_end(run)) is not None and trainer.step:
        _print_flushed(f"note      no step is made: {_describe_past_end(run, limit)}")
    printed, save_due = -math.inf, perf_counter() + SECONDS_BEFORE_FIRST
    log_due = math.inf if log is None else 0.0
    while (limit := find_planned_end(run)) is None:
        end_of_epoch = trainer.end_of_epoch(trainer.epoch + 1)
        until = min(end_of_epoch, last_step, findings.next_look or last_step)
        try:
            trainer.run(_stop_at(min(save_due, log_due, findings.due), received), until)
        except Diverged as error:
            print("gradstep:", error, file=sys.stderr)
            return "diverged", (describe_divergence(error),), None
        findings.look_when_due()
        now = perf_counter()
        if now > log_due:
            _write_log(run, started, log)
            log_due = perf_counter() + SECONDS_BETWEEN_ROWS
        if now > save_due:
            if autosave:
                autosave.write(run.checkpoint(now - started))
            save_due = perf_counter() + SECONDS_BETWEEN_SAVES
        stopping = bool(received) or find_planned_end(run) is not None
        if stopping or (trainer.step == end_of_epoch and now - printed > SECONDS_BETWEEN_LINES):
            _print_flushed(_format_line(trainer))
            printed = now
        if received:
            return ENDING_OF_SIGNAL[received[0]], findings.findings, None
    findings.look()
    end = judge_end(run, limit, perf_counter() - started)
    return end.ending, add_failure(findings.findings, end.failure), end


def _describe_past_end(run: Run, limit: Ending) -> str:
    """Say why a run that is resumed is at its end, or past it."""
    training, made = run.experiment.training, {"max_epochs": run.trainer.epoch, "max_steps": run.trainer.step}
    if limit not in made:
        return f"the run is at its end, by {limit}"
    return f"{limit} is {getattr(training, limit):,}, and the run has made {made[limit]:,} {limit.removeprefix('max_')}"


def _write_log(run: Run, started: float, log: RunLog | None, ended: bool = False) -> None:
    """Append what is new to the log, if there is one; a trouble is told once, and training goes on."""
    if log is not None:
        before = log.trouble
        log.write(run.trainer.history, perf_counter() - started, ended)
        if log.trouble and log.trouble != before:
            print("gradstep:", log.trouble, file=sys.stderr)


def _stop_at(moment: float, received: list[int]) -> Callable[[], bool]:
    """Return the condition to stop: a signal was received, or the clock is past the moment."""
    return lambda: bool(received) or perf_counter() > moment


@contextmanager
def _collect_signals() -> Iterator[list[int]]:
    """Yield a list to which the signals that end a run are added, so that none interrupts an update."""
    received: list[int] = []
    # a signal that is ignored from the start, as by nohup, stays ignored
    handled = [number for number in ENDING_OF_SIGNAL if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, _: received.append(number)) for number in handled}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _describe_experiment(run: Run) -> str:
    """Describe the data, network, loss, training and seed, a line each."""
    data, network, training = run.experiment.data, run.experiment.network, run.experiment.training
    sizes = "-".join(map(str, run.network.sizes))
    activations = ", ".join(layer.activation.name for layer in run.network.layers)
    defaults = explain_defaults(run.experiment, run.dataset)
    penalty = "".join(f", {name} {value:g}" for name, value in (("l1", training.l1), ("l2", training.l2)) if value)
    return "\n".join(
        [
            f"data      {run.dataset.name}: {_count_rows(run)}, scale {run.split.scaling.kind}",
            *(describe_file(run.dataset) if data.path is not None else []),
            *([f"features  {', '.join(run.dataset.feature_names)}"] if run.dataset.features else []),
            *_describe_target_scaling(run),
            f"network   {sizes}: {activations}; {run.network.parameters.size} parameters, {network.dtype}",
            f"loss      {run.trainer.loss.name}: {run.trainer.loss.convention}{penalty}",
            f"training  {training.optimizer}, learning rate {training.learning_rate:g}, batch {training.batch_size}",
            *([f"defaults  {defaults}"] if defaults else []),
            f"seed      {network.seed}"
            + (f" for the network, {data.seed} for the data" if data.seed != network.seed else ""),
            *(f"note      {note}" for note in run.notes),
        ]
    )


def _count_rows(run: Run) -> str:
    """Count the rows of each part."""
    split, judged = run.split, run.trainer.options.stop.any
    validation = f"{len(split.validation_rows)} for validation, " if len(split.validation_rows) else ""
    by = ", the end is judged by the training part" if judged and not validation else ""
    return f"{len(split.train_rows)} rows to train on, {validation}{len(split.test_rows)} held out{by}"


def _describe_target_scaling(run: Run) -> list[str]:
    """Describe how scaled outputs are turned back into targets of the data; nothing if they are not scaled."""
    scaling = run.split.target_scaling
    if scaling.kind == "none":
        return []
    columns = zip(run.dataset.target_names, scaling.shift, scaling.scale, strict=True)
    return [f"targets   {name} = {shift:g} + {scale:g} · output" for name, shift, scale in columns]


def _format_line(trainer: Trainer) -> str:
    """Format the loss and accuracy on the training part and on the watched part."""
    train, watched = trainer.evaluator.score(trainer.training_part), trainer.watched_score()
    held_out = format_score(watched.loss, watched.accuracy) if watched else format_score(None, None)
    name = "test" if watched is None else trainer.watched_name
    return (
        f"epoch {trainer.epoch:<6} step {trainer.step:<9} train {format_score(train.loss, train.accuracy)}   "
        f"{name} {held_out}"
    )


def _print_flushed(text: str) -> None:
    # flushed so that a pipe or a log can be followed, and so that a closed pipe raises here
    print(text, flush=True)
