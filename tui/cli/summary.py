"""The figures of a whole run, as text and as JSON."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gradstep.core.observation.finding import Finding
from gradstep.core.observation.outcome import LARGEST_GUESS, MEAN_GUESS, choose_scored_part
from gradstep.core.training.evaluation import Score
from gradstep.core.training.parts import PartName
from gradstep.data.experiment import to_tables
from gradstep.data.json_values import make_finite
from gradstep.data.run import Run
from gradstep.data.shell_words import quote_word
from gradstep.tui.drawing.remedies import REMEDIES_IN_WORDS
from gradstep.tui.numbers import NOT_COMPUTED, plain_number, plain_share
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending, RunEnd


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a whole run.

    `train_loss` and `test_loss` are the data term alone; `train_loss_total` adds the l1 and l2 terms. `epochs` counts
    completed passes. `seed` is the network's. The accuracies are None for a regression, the figures of a part without
    one, and `checkpoint` for a run that is not saved. The part that is scored is the test part, or else the validation
    part, or else the training part. On it are `guess_loss` and `guess_accuracy` of a constant guess, `linear_loss` and
    `linear_accuracy` of a linear model, whether the network is no better, and the errors `rmse`, `mae` and `r2` of a
    regression, in the units of the data, one for each target. `best_...` is the step with the lowest validation loss.
    Where patience has ended the run and it went back to that step, `last_...` is the step before that, up to which
    `steps` and `epochs` count, and the scores are those of the best step. `findings` are the problems at the end.
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
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    linear_loss: float | None = None
    linear_accuracy: float | None = None
    no_better_than_linear: bool | None = None
    rmse: tuple[float, ...] | None = None
    mae: tuple[float, ...] | None = None
    r2: tuple[float | None, ...] | None = None
    best_step: int | None = None
    best_validation_loss: float | None = None
    best_validation_accuracy: float | None = None
    last_step: int | None = None
    last_validation_loss: float | None = None
    last_validation_accuracy: float | None = None
    checkpoint: str | None = None
    experiment: Mapping[str, Any] = field(default_factory=dict)

    def format_text(self) -> str:
        """Format the figures as the last lines of a run."""
        lines = [
            f"stopped   {self.stopped} after {self.epochs} epochs, {self.steps} steps, {self.seconds:.2f} s "
            f"({self.steps_per_second:.0f} steps a second)",
            *self._describe_best(),
            f"train     {format_score(self.train_loss, self.train_accuracy)}",
        ]
        if self.validation_loss is not None:
            lines.append(f"val       {format_score(self.validation_loss, self.validation_accuracy)}")
        lines += [
            f"test      {format_score(self.test_loss, self.test_accuracy)}",
            *self._describe_errors(),
            f"guess     {format_score(self.guess_loss, self.guess_accuracy)}   constant guess: {self._name_guess()}",
        ]
        if self.linear_loss is not None:
            compared = ": the network is no better" if self.no_better_than_linear else ""
            score = format_score(self.linear_loss, self.linear_accuracy)
            lines.append(f"linear    {score}   a linear model of the same data{compared}")
        lines.append(f"network   {self.parameters} parameters, seed {self.seed}, learning rate {self.learning_rate:g}")
        lines += [f"finding   {describe_finding(finding)}" for finding in self.findings]
        if self.checkpoint:
            name = quote_word(Path(self.checkpoint).parent.name)
            lines.append(f"saved     gradstep resume {name}")
            if self.experiment.get("data", {}).get("path") and self.stopped != "diverged":
                lines += [f"predict   gradstep predict {name} FILE", f"export    gradstep export {name}"]
        return "\n".join(lines)

    def _describe_best(self) -> list[str]:
        """Name the best step, and the last one if the run has gone back from there."""
        if self.best_step is None:
            return []
        score = format_score(self.best_validation_loss, self.best_validation_accuracy)
        best = f"step {self.best_step}, validation {score}"
        if self.last_step is None:
            return [f"best      {best}"]
        score = format_score(self.last_validation_loss, self.last_validation_accuracy)
        return [f"last      step {self.last_step}, validation {score}", f"best      {best}: gone back to it"]

    def _describe_errors(self) -> list[str]:
        if self.rmse is None or self.mae is None or self.r2 is None:
            return []
        part = self._scored_part
        return [
            f"errors    {format_errors(rmse, mae, r2)}   on the {part} part"
            for rmse, mae, r2 in zip(self.rmse, self.mae, self.r2, strict=True)
        ]

    @property
    def _scored_part(self) -> PartName:
        """The name of the part that is scored."""
        if self.test_loss is not None:
            return "test"
        return "training" if self.validation_loss is None else "validation"

    def _name_guess(self) -> str:
        return MEAN_GUESS if self.guess_accuracy is None else LARGEST_GUESS

    def format_json(self) -> str:
        """Format the figures as a JSON object; infinities and NaN, as after a divergence, are null."""
        figures = {name: make_finite(value) for name, value in asdict(self).items()}
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


def save_and_summarize(
    run: Run,
    seconds: float,
    stopped: Ending,
    autosave: Autosave | None = None,
    findings: tuple[Finding, ...] = (),
    end: RunEnd | None = None,
) -> Summary:
    """Save the run, evaluate all parts, and return the figures. What keeps it from being saved goes to stderr.

    The run took `seconds`, `stopped` is how it ended, and `findings` are the problems found in it. `end` is what it
    came to, if it is at its planned end.
    """
    if autosave:
        autosave.write(run.checkpoint(seconds))
        if autosave.trouble:
            print("gradstep:", autosave.trouble, file=sys.stderr)
    trainer = run.trainer
    evaluation, guess = trainer.evaluate(), choose_scored_part(trainer.constant_guess)
    train, test, validation = evaluation.train, _unpack(evaluation.test), _unpack(evaluation.validation)
    linear = _unpack(choose_scored_part(end.linear.evaluation) if end and end.linear else None)
    best, last, errors = trainer.best, end.last if end else None, run.measure_errors()
    best_score, last_score = (_unpack(each.score if each else None) for each in (best, last))
    steps = last.step if last else trainer.step
    return Summary(
        steps=steps,
        epochs=last.epoch if last else trainer.epoch,
        seconds=seconds,
        steps_per_second=steps / seconds if seconds else 0.0,
        train_loss=train.loss,
        test_loss=test[0],
        train_loss_total=train.loss + trainer.compute_penalty(),
        train_accuracy=train.accuracy,
        test_accuracy=test[1],
        parameters=run.network.parameters.size,
        seed=run.experiment.network.seed,
        learning_rate=trainer.learning_rate,
        stopped=stopped,
        guess_loss=guess.loss,
        guess_accuracy=guess.accuracy,
        findings=findings,
        validation_loss=validation[0],
        validation_accuracy=validation[1],
        linear_loss=linear[0],
        linear_accuracy=linear[1],
        no_better_than_linear=not end.beats_linear_model if end and end.linear else None,
        rmse=tuple(each.rmse for each in errors) or None,
        mae=tuple(each.mae for each in errors) or None,
        r2=tuple(each.r2 for each in errors) or None,
        best_step=best.step if best else None,
        best_validation_loss=best_score[0],
        best_validation_accuracy=best_score[1],
        last_step=last.step if last else None,
        last_validation_loss=last_score[0],
        last_validation_accuracy=last_score[1],
        checkpoint=str(autosave.path) if autosave and autosave.path else None,
        experiment=to_tables(run.experiment),
    )


def _unpack(score: Score | None) -> tuple[float | None, float | None]:
    """Return loss and accuracy of a score that may not exist."""
    return (None, None) if score is None else (score.loss, score.accuracy)


def describe_finding(finding: Finding) -> str:
    """Describe a finding in a line: the problem, its evidence and the remedy."""
    return f"{finding.problem}: {finding.evidence}; {REMEDIES_IN_WORDS[finding.remedy]}"


def format_errors(rmse: float, mae: float, r2: float | None) -> str:
    """Format the errors of one target of a regression in columns."""
    return f"RMSE {plain_number(rmse, 0)}   MAE {plain_number(mae, 0)}   R² {plain_number(r2, 0)}"


def format_score(loss: float | None, accuracy: float | None) -> str:
    """Format loss and accuracy in columns."""
    if loss is None:
        return NOT_COMPUTED
    return f"loss {plain_number(loss)}" + ("" if accuracy is None else f"   accuracy {plain_share(accuracy)}")
