"""Training: batches, updates, stop conditions, the history of a run and its timeline."""
