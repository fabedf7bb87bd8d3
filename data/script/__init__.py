"""Scripts that repeat an experiment without gradstep: with plain numpy, with PyTorch, or with scikit-learn."""
