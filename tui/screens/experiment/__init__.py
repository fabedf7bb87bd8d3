"""The screen that sets up an experiment."""
