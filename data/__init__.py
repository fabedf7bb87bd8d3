"""Data sets, experiment files and checkpoints: everything that is read or written."""
