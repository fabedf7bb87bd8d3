"""The experiment of a run in one line, for the first line of a screen."""

from gradstep.data.run import Run


def describe_run(run: Run) -> list[str]:
    """Return descriptions of the experiment, the longest first."""
    layers = run.network.layers
    sizes = "→".join(map(str, run.network.sizes))
    hidden = ", ".join(dict.fromkeys(layer.activation.name for layer in layers[:-1]))
    data, loss = run.dataset.name, run.trainer.loss.name.replace("_", "-")
    middle = f"{sizes} {hidden}".strip()
    output, optimizer = layers[-1].activation.name, run.trainer.optimizer.name
    return [
        f"{data} · {middle} · {output} · {loss} · {optimizer}",
        f"{data} · {middle} · {output} · {loss}",
        f"{data} · {middle} · {output}",
        f"{data} {middle}",
        f"{data} {sizes}",
        data,
    ]
