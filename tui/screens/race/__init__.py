"""The race of several learning rates or batch sizes."""
