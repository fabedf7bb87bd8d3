"""Reads data files: CSV, NPZ and MNIST's IDX."""
