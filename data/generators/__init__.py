"""Data sets that are generated, each from a seed, a number of points, and the noise."""
