"""The race of several learning rates, batch sizes or network sizes."""
