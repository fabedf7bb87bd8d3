"""The race of several learning rates, batch sizes, network sizes or initializers."""
