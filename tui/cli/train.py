"""The command that trains a network."""

from typer import Context

from gradstep.tui.cli import data_options, train_options
from gradstep.tui.cli.display_options import DisplayOptions, with_display_options
from gradstep.tui.cli.output_file import check_earlier_summary, check_nothing_is_overwritten, check_output_file
from gradstep.tui.cli.standard_streams import is_interactive
from gradstep.tui.cli.train_and_summarize import train_and_summarize
from gradstep.tui.terminal.signal_watcher import SignalWatcher


@with_display_options
def train(
    context: Context,
    file: train_options.ExperimentFile = None,
    data: data_options.Data = None,
    noise: data_options.Noise = None,
    target: data_options.Target = None,
    task: data_options.Task = None,
    drop: data_options.Drop = None,
    columns: data_options.Columns = None,
    categories: data_options.Categories = None,
    missing: data_options.Missing = None,
    dates: data_options.Dates = None,
    header: data_options.Header = None,
    delimiter: data_options.Delimiter = None,
    decimal: data_options.Decimal = None,
    transposed: data_options.Transposed = None,
    test_fraction: data_options.TestFraction = None,
    validation_fraction: data_options.ValidationFraction = None,
    stratify: data_options.Stratify = None,
    features: data_options.Features = None,
    scale: data_options.Scale = None,
    hidden: train_options.Hidden = None,
    activation: train_options.Activation = None,
    output: train_options.Output = None,
    init: train_options.Init = None,
    start: train_options.Start = None,
    dtype: train_options.Dtype = None,
    train_biases: train_options.TrainBiases = None,
    loss: train_options.Loss = None,
    optimizer: train_options.Optimizer = None,
    learning_rate: train_options.LearningRate = None,
    batch_size: train_options.BatchSize = None,
    l1: train_options.L1 = None,
    l2: train_options.L2 = None,
    class_weights: train_options.ClassWeights = None,
    shuffle: train_options.Shuffle = None,
    target_loss: train_options.TargetLoss = None,
    target_accuracy: train_options.TargetAccuracy = None,
    patience: train_options.Patience = None,
    max_epochs: train_options.MaxEpochs = None,
    max_steps: train_options.MaxSteps = None,
    seed: train_options.Seed = None,
    plain: train_options.Plain = False,
    summary: train_options.SummaryFile = None,
    log: train_options.LogFile = None,
    *,
    display: DisplayOptions,
) -> int:
    """Train a network: the experiment or the data in FILE, or the digits. An option wins over the file.

    Exit status: 0 it ended or you quit, 2 bad input, 3 diverged, 4 no better than a constant guess, 130 ctrl+c.
    """
    check_output_file("--summary", summary)
    # the watcher must be made before numpy is imported: see SignalWatcher
    watcher = None if plain or not is_interactive() else SignalWatcher()

    from gradstep.data.assemble import assemble
    from gradstep.data.experiment_options import make_experiment_from_options

    experiment = make_experiment_from_options(file, data, context.params)
    outputs, inputs = {"--log": log, "--summary": summary}, (experiment.data.path, experiment.network.start)
    check_nothing_is_overwritten(outputs, [str(file) if file else None, *inputs])
    check_earlier_summary(summary)
    return train_and_summarize(lambda: assemble(experiment), None, watcher, display, summary, log)
