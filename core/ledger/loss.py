"""Loss: how wrong each example was, and what that averages to."""

import numpy as np

from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.ledger.notation import exact, factor, number, written_sum
from gradstep.core.training.update import Update


def loss_steps(update: Update) -> list[MicroStep]:
    """The loss of each example, then the mean over the batch with the l1/l2 term."""
    return [_of_each_example(update), _of_the_batch(update)]


def _of_each_example(update: Update) -> MicroStep:
    output, last = update.output, len(update.layers)

    def at(focus: Focus) -> WrittenOut:
        result = float(update.losses[focus.example])
        texts = _terms(update, focus.example)
        return WrittenOut((*texts, f"  = {exact(result)}"), result)

    words = "The smaller the probability of the true answer, the larger the loss."
    if output.name in ("mse", "half_sse"):
        words = "How far each output is from what it should be, squared, so that too much and too little both count."
    outputs = Axis("neuron", last)
    return MicroStep(
        key="loss",
        phase="loss",
        layer=last,
        title="the loss of each example",
        formula=f"E = {output.formula}",
        code=f"losses = {output.name}(y_hat, y)",
        words=words,
        reads=(
            Matrix("ŷ", update.layers[-1].a, EXAMPLES, outputs),
            Matrix("y", update.y, EXAMPLES, outputs),
        ),
        writes=(Matrix("E", update.losses[:, None], EXAMPLES, ONLY),),
        at=at,
    )


def _terms(update: Update, example: int) -> tuple[str, ...]:
    y, a = update.y[example], update.layers[-1].a[example]
    if update.output.name in ("mse", "half_sse"):
        terms = [float((t - o) ** 2) for t, o in zip(y, a, strict=True)]
        texts = [f"({number(t)} − {factor(o)})²" for t, o in zip(y, a, strict=True)]
        head = "½" if update.output.name == "half_sse" else f"1/{len(y)}"
        parts = " + ".join(exact(term / 2) for term in terms) if head == "½" and len(terms) <= 3 else ""
        return (
            f"E = {head} ({written_sum(terms, texts, None)})",
            *((f"  = {parts}",) if parts and len(terms) > 1 else ()),
        )
    if update.output.output.name == "softmax":
        kept = np.flatnonzero(y)
        texts = [f"{'' if y[j] == 1 else number(y[j]) + '·'}ln {number(a[j])}" for j in kept]
        gone = len(y) - len(kept)
        vanished = f"   without {gone} of {len(y)} terms, where y is 0" if gone else ""
        return (f"E = −({' + '.join(texts)}){vanished}",)
    texts = [f"{number(t)}·ln {number(o)} + {number(1 - t)}·ln {number(1 - o)}" for t, o in zip(y, a, strict=True)]
    return (f"E = −({' + '.join(texts[:3])}{' + …' if len(texts) > 3 else ''})",)


def _of_the_batch(update: Update) -> MicroStep:
    penalty = bool(update.l1 or update.l2)

    def at(focus: Focus) -> WrittenOut:
        losses = [float(loss) for loss in update.losses]
        text = written_sum(losses, [number(loss) for loss in losses], focus.example)
        total = update.loss + update.penalty
        lines = [f"L = ({text}) / {update.batch}", f"  = {exact(update.loss)}"]
        if penalty:
            lines.append(f"  + {number(update.penalty)} for large weights = {exact(total)}")
        return WrittenOut(tuple(lines), total if penalty else update.loss)

    formula = "L = 1/n Σ E"
    if update.l1:
        formula += " + l1·Σ|w|"
    if update.l2:
        formula += " + (l2/2)·Σw²"
    return MicroStep(
        key="mean",
        phase="loss",
        layer=0,
        title="the loss of the batch",
        formula=formula,
        code="loss = losses.mean()" + (" + penalty" if penalty else ""),
        words=f"One number says how wrong the network is on this batch: {update.output.convention}.",
        reads=(Matrix("E", update.losses[:, None], EXAMPLES, ONLY),),
        writes=(Matrix("L", np.array([[update.loss + update.penalty]]), ONLY, ONLY),),
        at=at,
    )
