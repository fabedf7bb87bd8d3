"""The screen that sets a weight by hand."""
