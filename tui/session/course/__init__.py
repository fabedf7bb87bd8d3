"""A chapter of the course while a person works through it: what is seen of the run, and how far they are."""
