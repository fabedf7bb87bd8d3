"""The figures of a whole run, as text and as JSON."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gradstep.core.observation.finding import Finding
from gradstep.core.observation.outcome import choose_scored_part
from gradstep.data.experiment import to_tables
from gradstep.data.run import Run
from gradstep.data.shell_words import quote_word
from gradstep.tui.drawing.remedies import REMEDIES_IN_WORDS
from gradstep.tui.numbers import NOT_COMPUTED, plain_number, plain_share
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a whole run.

    `train_loss` and `test_loss` are the data term alone; `train_loss_total` adds the l1 and l2 terms. `epochs` counts
    completed passes. `seed` is the network's. The accuracies are None for a regression, the test figures without a test
    part, and `checkpoint` for a run that is not saved. `guess_loss` and `guess_accuracy` are those of a constant guess
    on the part that is scored: the test part, or the training part without one. `findings` are the problems at the end.
    `experiment` is the whole experiment, filled in, as the tables of its file.
    """

    steps: int
    epochs: int
    seconds: float
    steps_per_second: float
    train_loss: float
    test_loss: float | None
    train_loss_total: float
    train_accuracy: float | None
    test_accuracy: float | None
    parameters: int
    seed: int
    learning_rate: float
    stopped: Ending
    guess_loss: float | None = None
    guess_accuracy: float | None = None
    findings: tuple[Finding, ...] = ()
    checkpoint: str | None = None
    experiment: Mapping[str, Any] = field(default_factory=dict)

    def format_text(self) -> str:
        """Format the figures as the last lines of a run."""
        lines = [
            f"stopped   {self.stopped} after {self.epochs} epochs, {self.steps} steps, {self.seconds:.2f} s "
            f"({self.steps_per_second:.0f} steps a second)",
            f"train     {format_score(self.train_loss, self.train_accuracy)}",
            f"test      {format_score(self.test_loss, self.test_accuracy)}",
            f"guess     {format_score(self.guess_loss, self.guess_accuracy)}   always {self._name_guess()}",
            f"network   {self.parameters} parameters, seed {self.seed}, learning rate {self.learning_rate:g}",
        ]
        lines += [f"finding   {describe_finding(finding)}" for finding in self.findings]
        if self.checkpoint:
            lines.append(f"saved     gradstep resume {quote_word(Path(self.checkpoint).parent.name)}")
        return "\n".join(lines)

    def _name_guess(self) -> str:
        return "the mean of the training targets" if self.guess_accuracy is None else "the largest class"

    def format_json(self) -> str:
        """Format the figures as a JSON object; infinities and NaN, as after a divergence, are null."""
        figures = {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in asdict(self).items()
        }
        figures["findings"] = [
            {
                "kind": finding.kind,
                "layer": finding.layer_number,
                "problem": finding.problem,
                "evidence": finding.evidence,
                "remedy": REMEDIES_IN_WORDS[finding.remedy],
            }
            for finding in self.findings
        ]
        return json.dumps(figures, indent=2) + "\n"


def summarize(
    run: Run, seconds: float, stopped: Ending, autosave: Autosave | None = None, findings: tuple[Finding, ...] = ()
) -> Summary:
    """Save the run, evaluate both parts, and return the figures.

    The run took `seconds`, `stopped` is how it ended, and `findings` are the problems found in it.
    """
    if autosave:
        autosave.write(run.checkpoint(seconds))
        if autosave.trouble:
            print("gradstep:", autosave.trouble, file=sys.stderr)
    trainer = run.trainer
    evaluation = trainer.evaluate()
    test = evaluation.test
    guess = choose_scored_part(trainer.constant_guess)
    return Summary(
        steps=trainer.step,
        epochs=trainer.epoch,
        seconds=seconds,
        steps_per_second=trainer.step / seconds if seconds else 0.0,
        train_loss=evaluation.train.loss,
        test_loss=test.loss if test else None,
        train_loss_total=evaluation.train.loss + trainer.compute_penalty(),
        train_accuracy=evaluation.train.accuracy,
        test_accuracy=test.accuracy if test else None,
        parameters=run.network.parameters.size,
        seed=run.experiment.network.seed,
        learning_rate=trainer.learning_rate,
        stopped=stopped,
        guess_loss=guess.loss,
        guess_accuracy=guess.accuracy,
        findings=findings,
        checkpoint=str(autosave.path) if autosave and autosave.path else None,
        experiment=to_tables(run.experiment),
    )


def describe_finding(finding: Finding) -> str:
    """Describe a finding in a line: the problem, its evidence and the remedy."""
    return f"{finding.problem}: {finding.evidence}; {REMEDIES_IN_WORDS[finding.remedy]}"


def format_score(loss: float | None, accuracy: float | None) -> str:
    """Format loss and accuracy in columns."""
    if loss is None:
        return NOT_COMPUTED
    return f"loss {plain_number(loss)}" + ("" if accuracy is None else f"   accuracy {plain_share(accuracy)}")
