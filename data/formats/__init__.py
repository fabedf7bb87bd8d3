"""Readers of data files: CSV, NPZ and MNIST's IDX."""
